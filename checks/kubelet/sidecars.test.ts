// Init containers that go on running beside the others (KEP-753).
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ContainerStatus } from '../../lib/api/index.ts';
import { setUp } from './node.ts';

const test = suite('kubelet: sidecars');

type World = ReturnType<typeof setUp>;
const busybox = (name: string, script: string, more: object = {}) => ({ name, image: 'busybox:1.36', command: ['sh', '-c', script], ...more });
const sidecar = (name: string, script = 'trap "exit 0" TERM; while true; do sleep 1; done', more: object = {}) => busybox(name, script, { restartPolicy: 'Always', ...more });
const init = (c: World, pod: string, name: string): ContainerStatus => c.pod(pod).status.initContainerStatuses!.find((s) => s.name === name)!;
const main = (c: World, pod: string): ContainerStatus => c.pod(pod).status.containerStatuses![0]!;
const conditions = (c: World, pod: string) => Object.fromEntries(c.pod(pod).status.conditions!.map(({ type, status }) => [type, status]));
const startedAt = ({ state }: ContainerStatus) => Date.parse((state?.running?.startedAt ?? state?.terminated?.startedAt)!);

test('started in order, each after the startup probe of the one before', () => {
  const c = setUp();
  const probe = { exec: { command: ['test', '-f', '/ready'] }, periodSeconds: 1, failureThreshold: 60 };
  c.run('app', {
    initContainers: [busybox('first', 'sleep 2'), sidecar('proxy', 'sleep 10; touch /ready; sleep 1000', { startupProbe: probe }), busybox('second', 'exit 0')],
    containers: [busybox('app', 'sleep 1000')],
  });
  c.advance('8s');
  assert.ok(init(c, 'app', 'proxy').state!.running);
  assert.equal([init(c, 'app', 'proxy').started, init(c, 'app', 'second').state!.waiting!.reason, c.pod('app').status.phase], [false, 'PodInitializing', 'Pending']);
  assert.is(conditions(c, 'app').Initialized, 'False');
  c.advance('15s');
  assert.equal([init(c, 'app', 'proxy').started, init(c, 'app', 'proxy').ready, c.pod('app').status.phase], [true, true, 'Running']);
  assert.ok(startedAt(init(c, 'app', 'second')) - startedAt(init(c, 'app', 'proxy')) >= 10_000);
  assert.ok(startedAt(main(c, 'app')) >= startedAt(init(c, 'app', 'second')));
  assert.equal(conditions(c, 'app'), { PodReadyToStartContainers: 'True', Initialized: 'True', Ready: 'True', ContainersReady: 'True', PodScheduled: 'True' });
});

test('a pod with sidecars succeeds when its own containers have, whatever the sidecars return', () => {
  for (const [exit, phase] of [[0, 'Succeeded'], [1, 'Failed']] as const) {
    const c = setUp();
    c.run('job', { restartPolicy: 'Never', initContainers: [sidecar('log', 'trap "exit 7" TERM; while true; do sleep 1; done')], containers: [busybox('work', `sleep 5; exit ${exit}`)] });
    c.advance('9s');
    c.advance('5s');
    assert.is(c.pod('job').status.phase, phase);
    assert.equal([init(c, 'job', 'log').state!.terminated!.exitCode, init(c, 'job', 'log').restartCount], [7, 0]);
    assert.ok(c.events('job').includes('Killing: Stopping container log'));
    c.advance('2m');
    assert.equal([c.pod('job').status.phase, init(c, 'job', 'log').restartCount], [phase, 0]);
  }
});

test('while a sidecar still ends, its pod is Running', () => {
  const c = setUp();
  c.run('job', { restartPolicy: 'OnFailure', terminationGracePeriodSeconds: 20, initContainers: [sidecar('deaf', 'sleep 1000')], containers: [busybox('work', 'sleep 5')] });
  c.advance('15s');
  assert.equal([c.pod('job').status.phase, main(c, 'job').state!.terminated!.reason], ['Running', 'Completed']);
  c.advance('20s');
  assert.is(c.pod('job').status.phase, 'Succeeded');
});

test('a sidecar is started again whenever it ends, also where nothing else is', () => {
  const c = setUp();
  c.run('job', { restartPolicy: 'Never', initContainers: [sidecar('log', 'sleep 3; exit 0')], containers: [busybox('work', 'sleep 1000')] });
  c.advance('30s');
  assert.ok(init(c, 'job', 'log').restartCount >= 2);
  assert.equal([c.pod('job').status.phase, main(c, 'job').restartCount], ['Running', 0]);
  assert.is(conditions(c, 'job').Initialized, 'True');
});

test('one that waits to be started again does not hold back the containers', () => {
  const c = setUp();
  c.run('app', { initContainers: [sidecar('crash', 'sleep 2; exit 1')], containers: [busybox('app', 'sleep 20; exit 1')] });
  c.advance('3m');
  assert.ok(main(c, 'app').restartCount >= 2, String(main(c, 'app').restartCount));
});

test('its readiness is part of that of the pod', () => {
  const c = setUp();
  const readinessProbe = { exec: { command: ['test', '-f', '/ready'] }, periodSeconds: 1 };
  c.run('app', { initContainers: [sidecar('proxy', 'sleep 10; touch /ready; sleep 1000', { readinessProbe })], containers: [busybox('app', 'sleep 1000')] });
  c.advance('8s');
  const ready = c.pod('app').status.conditions!.find(({ type }) => type === 'Ready')!;
  assert.equal([c.pod('app').status.phase, main(c, 'app').ready, ready.status, ready.message], ['Running', true, 'False', 'containers with unready status: [proxy]']);
  c.advance('10s');
  assert.is(conditions(c, 'app').Ready, 'True');
});

test('they end after the containers, the last one first; their hooks do not wait', () => {
  const c = setUp();
  const hook = (seconds: number) => ({ lifecycle: { preStop: { exec: { command: ['sh', '-c', `sleep ${seconds}`] } } } });
  c.run('app', {
    initContainers: [sidecar('one'), busybox('setup', 'true'), sidecar('two', undefined, hook(3))],
    containers: [busybox('app', 'trap "exit 0" TERM; while true; do sleep 1; done', hook(4)), busybox('other', 'trap "exit 0" TERM; while true; do sleep 1; done')],
  });
  c.advance('10s');
  const start = c.clock.now;
  c.remove('app');
  const order: string[] = [];
  for (let i = 0; i < 150; i++) {
    for (const { config, state, finishedAt } of c.runtime.pods.get(c.exists('app') ? c.pod('app').metadata.uid : '')?.containers ?? []) {
      if (state === 'exited' && finishedAt > start && !order.includes(config.name)) order.push(config.name);
    }
    c.advance('100ms');
  }
  assert.equal([c.exists('app'), order.slice(0, 3)], [false, ['other', 'app', 'two']]);
  assert.equal(c.events('app').filter((event) => event.startsWith('Killing')).length, 4);
});

test('when the containers use up the grace, sidecars have two seconds', () => {
  const c = setUp();
  c.run('app', { terminationGracePeriodSeconds: 10, initContainers: [sidecar('deaf', 'sleep 1000')], containers: [busybox('app', 'sleep 1000')] });
  c.advance('5s');
  c.remove('app');
  c.advance('11s');
  assert.ok(c.exists('app'));
  c.advance('2s');
  assert.not(c.exists('app'));
});

test('a pod that is deleted at once does not wait for turns', () => {
  const c = setUp();
  c.run('app', { initContainers: [sidecar('deaf', 'sleep 1000')], containers: [busybox('app', 'sleep 1000')] });
  c.advance('5s');
  c.remove('app', 0);
  c.advance('3s');
  assert.equal([c.exists('app'), c.runtime.pods.size], [false, 0]);
});

test('before v1.29 an init container with a policy is an init container', () => {
  const c = setUp({ version: 'v1.28' });
  c.run('app', { initContainers: [sidecar('proxy', 'sleep 3')], containers: [busybox('app', 'sleep 1000')] });
  assert.is(c.pod('app').spec.initContainers![0]!.restartPolicy, undefined);
  c.advance('10s');
  assert.is(init(c, 'app', 'proxy').state!.terminated!.reason, 'Completed');
});

test.run();
