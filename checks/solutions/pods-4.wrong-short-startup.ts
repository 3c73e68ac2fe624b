// fails: slow: 시작하는 동안 죽이지 않고, 그 뒤에는 지켜본다
import { exercise } from 'kubook';

const alive = { exec: { command: ['cat', '/tmp/alive'] }, periodSeconds: 5 };
const ready = { exec: { command: ['cat', '/tmp/ready'] }, periodSeconds: 5 };
await exercise('pods-4', {
  slow: { startupProbe: alive },
  stuck: { livenessProbe: alive },
  busy: { readinessProbe: { ...ready, failureThreshold: 1 } },
  report: {},
});
