import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { podCondition } from '../../lib/api/index.ts';
import { setUp, shell, web } from './node.ts';

const test = suite('kubelet: probes');

test('a failing readiness probe keeps a pod from being Ready and says why', () => {
  const c = setUp();
  c.run('web', web('nginx:1.27', { readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 5 } }));
  c.advance('15s');
  const { status } = c.pod('web');
  assert.equal([status.phase, status.containerStatuses![0]!.ready], ['Running', false]);
  assert.is(podCondition(c.pod('web'), 'Ready')!.message, 'containers with unready status: [web]');
  const unhealthy = c.events('web').find((e) => e.startsWith('Unhealthy'))!;
  assert.ok(unhealthy.startsWith(`Unhealthy: Readiness probe failed: Get "http://${status.podIP}:8080/": dial tcp ${status.podIP}:8080: connect: connection refused (x`));
});

test('readiness is asked as soon as the container runs, and an HTTP status counts', () => {
  const c = setUp();
  c.run('good', web('nginx:1.27', { readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 100 } }));
  c.run('bad', web('nginx:1.27', { readinessProbe: { httpGet: { path: '/nope', port: 80 } } }));
  c.advance('5s');
  assert.is(c.pod('good').status.containerStatuses![0]!.ready, true);
  assert.ok(c.events('bad').some((e) => e.startsWith('Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 404')));
});

test('readiness comes and goes with what the probe finds', () => {
  const c = setUp();
  c.run('app', shell('sleep 20; touch /tmp/ready; sleep 40; rm /tmp/ready; sleep 1000', { readinessProbe: { exec: { command: ['cat', '/tmp/ready'] }, periodSeconds: 5, failureThreshold: 2 } }));
  const readiness = () => c.pod('app').status.containerStatuses![0]!.ready;
  c.advance('15s');
  assert.is(readiness(), false);
  c.advance('15s');
  assert.is(readiness(), true);
  c.advance('50s');
  assert.is(readiness(), false);
  assert.is(c.pod('app').status.containerStatuses![0]!.restartCount, 0);
});

test('redirects are followed within the host; others warn and are good', () => {
  const c = setUp();
  const liveness = (loc: string) => ({ image: 'registry.k8s.io/e2e-test-images/agnhost:2.47', args: ['liveness'], livenessProbe: { httpGet: { path: `/redirect?loc=${encodeURIComponent(loc)}`, port: 8080 }, initialDelaySeconds: 15, failureThreshold: 1 } });
  for (const [name, loc] of Object.entries({ local: '/healthz', away: 'http://0.0.0.0/' })) c.run(name, { containers: [{ name: 'c', ...liveness(loc) }] });
  c.advance('45s');
  assert.is(c.pod('local').status.containerStatuses![0]!.restartCount, 1);
  assert.ok(c.events('local').some((e) => e.startsWith('Unhealthy: Liveness probe failed: HTTP probe failed with statuscode: 500')));
  assert.is(c.pod('away').status.containerStatuses![0]!.restartCount, 0);
  assert.ok(c.events('away').some((e) => e.startsWith('ProbeWarning: Liveness probe warning: Probe terminated redirects, Response body: <a href="http://0.0.0.0/">Found</a>.')));
});

test('a liveness probe restarts its container after three failures', () => {
  const c = setUp();
  const script = 'touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600';
  c.run('live', shell(script, { livenessProbe: { exec: { command: ['cat', '/tmp/healthy'] }, initialDelaySeconds: 5, periodSeconds: 5 } }));
  c.advance('60s');
  const events = c.events('live');
  assert.ok(events.includes("Unhealthy: Liveness probe failed: cat: can't open '/tmp/healthy': No such file or directory\n (x3)"));
  assert.ok(events.includes('Killing: Container main failed liveness probe, will be restarted'));
  c.advance('30s'); // sh as process 1 does not hear SIGTERM: the grace period passes
  const [status] = c.pod('live').status.containerStatuses!;
  assert.equal([status!.restartCount, status!.lastState!.terminated!.exitCode], [1, 137]);
});

test('liveness and readiness wait for the startup probe', () => {
  const c = setUp();
  const probe = { exec: { command: ['cat', '/tmp/up'] }, periodSeconds: 1 };
  c.run('slow', shell('sleep 20; touch /tmp/up; sleep 1000', { startupProbe: { ...probe, failureThreshold: 60 }, livenessProbe: probe }));
  c.advance('15s');
  assert.equal([c.pod('slow').status.containerStatuses![0]!.started, c.pod('slow').status.containerStatuses![0]!.ready], [false, false]);
  c.advance('15s');
  const [status] = c.pod('slow').status.containerStatuses!;
  assert.equal([status!.started, status!.ready, status!.restartCount], [true, true, 0]);
  assert.ok(!c.events('slow').some((e) => e.includes('Liveness')));
});

test('a TCP probe by the name of a port', () => {
  const c = setUp();
  c.run('db', web('redis:7.2', { ports: [{ name: 'redis', containerPort: 6379 }], readinessProbe: { tcpSocket: { port: 'redis' } } }));
  c.advance('5s');
  assert.is(c.pod('db').status.containerStatuses![0]!.ready, true);
});

test.run();
