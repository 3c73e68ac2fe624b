// fails: busy: 바쁠 때만 빼고, 죽이지 않는다
import { exercise } from 'kubook';

const alive = { exec: { command: ['cat', '/tmp/alive'] }, periodSeconds: 5 };
const ready = { exec: { command: ['cat', '/tmp/ready'] }, periodSeconds: 5 };
await exercise('pods-4', {
  slow: { startupProbe: { ...alive, failureThreshold: 30 } },
  stuck: { livenessProbe: alive },
  busy: { livenessProbe: ready },
  report: {},
});
