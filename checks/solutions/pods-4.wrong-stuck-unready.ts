// fails: stuck: 멈추면 다시 시작한다
import { exercise } from 'kubook';

const alive = { exec: { command: ['cat', '/tmp/alive'] }, periodSeconds: 5 };
const ready = { exec: { command: ['cat', '/tmp/ready'] }, periodSeconds: 5 };
await exercise('pods-4', {
  slow: { startupProbe: { ...alive, failureThreshold: 30 } },
  stuck: { readinessProbe: alive },
  busy: { readinessProbe: { ...ready, failureThreshold: 1 } },
  report: {},
});
