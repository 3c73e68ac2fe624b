// Containers that are added to a pod to look into it.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { StatusError } from '../../lib/api/index.ts';
import { setUp, shell, web } from './node.ts';

const test = suite('kubelet: ephemeral containers');

type World = ReturnType<typeof setUp>;
const add = (c: World, pod: string, container: object) => c.client.patch('Pod', { namespace: 'default', name: pod }, { spec: { ephemeralContainers: [{ image: 'busybox:1.36', ...container }] } }, { subresource: 'ephemeralcontainers' });
const statuses = (c: World, pod: string) => c.pod(pod).status.ephemeralContainerStatuses!;
const refusal = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof StatusError) return error.message;
    throw error;
  }
  return '';
};

test('one is started beside the others and never again', () => {
  const c = setUp();
  c.run('web', web());
  c.advance('5s');
  const before = c.pod('web').status.containerStatuses;
  add(c, 'web', { name: 'look', command: ['sh', '-c', 'echo hi; sleep 5; exit 3'] });
  c.loop.settle();
  assert.equal(statuses(c, 'web')[0]!.state, { waiting: { reason: 'ContainerCreating' } });
  c.advance('3s');
  assert.ok(statuses(c, 'web')[0]!.state!.running);
  assert.is(c.kubelet.handlers.logs(c.pod('web'), 'look'), 'hi\n');
  c.advance('60s');
  const [status] = statuses(c, 'web');
  assert.equal([status!.state!.terminated!.exitCode, status!.restartCount, status!.ready, status!.started], [3, 0, false, undefined]);
  assert.equal([c.pod('web').status.phase, c.pod('web').status.containerStatuses], ['Running', before]);
  assert.ok(c.client.list('Event', { fieldSelector: 'involvedObject.fieldPath=spec.ephemeralContainers{look}' }).items.some(({ reason }) => reason === 'Started'));
});

test('it does not wait for init containers, nor hold them back', () => {
  const c = setUp();
  c.run('slow', { initContainers: [{ name: 'init', image: 'busybox:1.36', command: ['sleep', '30'] }], containers: [{ name: 'web', image: 'nginx:1.27' }] });
  c.advance('5s');
  add(c, 'slow', { name: 'look', command: ['sleep', '1000'] });
  c.advance('5s');
  assert.ok(statuses(c, 'slow')[0]!.state!.running);
  assert.is(c.pod('slow').status.phase, 'Pending');
  c.advance('40s');
  assert.is(c.pod('slow').status.phase, 'Running');
});

test('a pod is over when its own containers are: the visitor is told to leave', () => {
  const c = setUp();
  c.run('job', shell('sleep 10', {}, { restartPolicy: 'Never' }));
  c.advance('3s');
  add(c, 'job', { name: 'look', command: ['sleep', '1000'] });
  c.advance('60s');
  assert.is(c.pod('job').status.phase, 'Succeeded');
  assert.is(statuses(c, 'job')[0]!.state!.terminated!.exitCode, 137);
});

test('what was added stays as it is; other fields are not written', () => {
  const c = setUp();
  c.run('web', web());
  add(c, 'web', { name: 'look', command: ['sleep', '1000'] });
  assert.match(refusal(() => add(c, 'web', { name: 'look', image: 'alpine' })), 'spec.ephemeralContainers: Forbidden: existing ephemeral containers "look" may not be changed');
  assert.match(refusal(() => c.client.patch('Pod', { namespace: 'default', name: 'web' }, { spec: { ephemeralContainers: null } }, { type: 'merge', subresource: 'ephemeralcontainers' })), 'existing ephemeral containers "look" may not be removed');
  assert.match(refusal(() => add(c, 'web', { name: 'web' })), 'spec.ephemeralContainers[0].name: Duplicate value: "web"');
  assert.match(refusal(() => add(c, 'web', { name: 'probed', livenessProbe: { tcpSocket: { port: 80 } } })), 'spec.ephemeralContainers[0].livenessProbe: Forbidden: cannot be set for an Ephemeral Container');
  const { generation } = c.pod('web').metadata;
  c.client.patch('Pod', { namespace: 'default', name: 'web' }, { metadata: { labels: { a: 'b' } }, spec: { activeDeadlineSeconds: 5 } }, { subresource: 'ephemeralcontainers' });
  assert.equal([c.pod('web').metadata.labels, c.pod('web').spec.activeDeadlineSeconds, c.pod('web').metadata.generation], [undefined, undefined, generation]);
});

test('a kubelet that starts again, and a machine, do not start it a second time', () => {
  const c = setUp();
  c.run('web', web());
  c.advance('5s');
  add(c, 'web', { name: 'look', command: ['sleep', '1000'] });
  c.advance('5s');
  const { containerID } = statuses(c, 'web')[0]!;
  c.kubelet.stop();
  c.kubelet.start();
  c.advance('5s');
  assert.is(statuses(c, 'web')[0]!.containerID, containerID);
  c.machine.powerOff();
  c.machine.powerOn();
  c.advance('10s');
  assert.ok(c.pod('web').status.containerStatuses![0]!.state!.running);
  assert.equal([statuses(c, 'web')[0]!.containerID, Boolean(statuses(c, 'web')[0]!.state!.terminated)], [containerID, true]);
});

test('the processes of a container, or of the whole pod, can be seen', () => {
  const c = setUp();
  const ps = (pod: string, container: string) => c.kubelet.handlers.exec(c.pod(pod), container, ['ps']).stdout.split('\n').slice(1, -1).map((line) => line.replace(/^ *(\d+).*0:00 /, '$1 '));
  c.run('web', shell('sleep 1000'));
  c.run('shared', { shareProcessNamespace: true, containers: [{ name: 'a', image: 'busybox:1.36', command: ['sleep', '1'] }, { name: 'b', image: 'busybox:1.36', command: ['sleep', '2000'] }] });
  c.advance('3s');
  add(c, 'web', { name: 'alone', command: ['sleep', '3000'] });
  add(c, 'web', { name: 'look', command: ['sleep', '4000'], targetContainerName: 'main' });
  c.advance('3s');
  assert.equal(ps('web', 'alone'), ['1 sleep 3000']);
  assert.equal(ps('web', 'look'), ['1 sh -c sleep 1000', '7 sleep 4000']);
  assert.equal(ps('web', 'main'), ['1 sh -c sleep 1000']);
  assert.equal(ps('shared', 'b'), ['1 /pause', '7 sleep 2000']);
});

test.run();
