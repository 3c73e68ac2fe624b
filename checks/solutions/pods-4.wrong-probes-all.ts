// fails: report: 끝까지 두고, 끝난다
import { exercise } from 'kubook';

const alive = { exec: { command: ['cat', '/tmp/alive'] }, periodSeconds: 5 };
const ready = { exec: { command: ['cat', '/tmp/ready'] }, periodSeconds: 5 };
await exercise('pods-4', {
  slow: { startupProbe: { ...alive, failureThreshold: 30 } },
  stuck: { livenessProbe: alive },
  busy: { readinessProbe: { ...ready, failureThreshold: 1 } },
  report: { livenessProbe: alive },
});
