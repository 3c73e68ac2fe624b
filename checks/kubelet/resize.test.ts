// Requests and limits of a pod that runs (KEP-1287).
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { StatusError } from '../../lib/api/index.ts';
import { timestamp } from '../../lib/sim/index.ts';
import { setUp, shell } from './node.ts';

const test = suite('kubelet: resize');

type World = ReturnType<typeof setUp>;
const resize = (c: World, pod: string, resources: object, more: object = {}) => c.client.patch('Pod', { namespace: 'default', name: pod }, { spec: { containers: [{ name: 'main', resources, ...more }] } }, { subresource: 'resize' });
const refusal = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof StatusError) return error.message;
    throw error;
  }
  return '';
};
const main = (c: World, pod: string) => c.pod(pod).status.containerStatuses![0]!;
const condition = (c: World, pod: string, type: string) => c.pod(pod).status.conditions!.find((one) => one.type === type);
const asks = (cpu: string, memory: string, more: object = {}) => shell('sleep 1000', { resources: { requests: { cpu, memory }, limits: { memory } }, ...more });

test('a container gets more without being started again', () => {
  const c = setUp();
  c.run('web', asks('500m', '100Mi'));
  c.advance('5s');
  assert.equal([main(c, 'web').allocatedResources, main(c, 'web').resources], [{ cpu: '500m', memory: '100Mi' }, { requests: { cpu: '500m', memory: '100Mi' }, limits: { memory: '100Mi' } }]);
  const { containerID } = main(c, 'web');
  const { generation } = c.pod('web').metadata;
  resize(c, 'web', { requests: { cpu: '1', memory: '200Mi' }, limits: { memory: '200Mi' } });
  c.advance('5s');
  assert.equal([c.pod('web').spec.containers[0]!.resources!.requests, c.pod('web').metadata.generation], [{ cpu: '1', memory: '200Mi' }, generation! + 1]);
  assert.equal([main(c, 'web').allocatedResources, main(c, 'web').containerID, main(c, 'web').restartCount], [{ cpu: '1', memory: '200Mi' }, containerID, 0]);
  assert.is(condition(c, 'web', 'PodResizePending'), undefined);
});

test('the new limit is the one that kills', () => {
  const c = setUp();
  c.run('eat', { containers: [{ name: 'main', image: 'polinux/stress', command: ['stress'], args: ['--vm', '1', '--vm-bytes', '150M'], resources: { limits: { memory: '100Mi' } } }] });
  c.advance('5s');
  assert.is(main(c, 'eat').lastState!.terminated?.reason ?? main(c, 'eat').state!.terminated?.reason, 'OOMKilled');
  resize(c, 'eat', { requests: { memory: '300Mi' }, limits: { memory: '300Mi' } });
  c.advance('5m');
  assert.ok(main(c, 'eat').state!.running);
});

test('what is too much for the node is infeasible; what is too much now is deferred, until there is room', () => {
  const c = setUp();
  c.run('web', asks('1', '100Mi'));
  c.run('other', asks('2', '100Mi'));
  c.advance('5s');
  resize(c, 'web', { requests: { cpu: '5' } });
  c.advance('2s');
  const infeasible = condition(c, 'web', 'PodResizePending')!;
  assert.equal([infeasible.status, infeasible.reason, infeasible.message], ['True', 'Infeasible', "Node didn't have enough capacity: cpu, requested: 5000, capacity: 4000"]);
  assert.equal(main(c, 'web').allocatedResources, { cpu: '1', memory: '100Mi' });
  resize(c, 'web', { requests: { cpu: '3' } });
  c.advance('2s');
  const deferred = condition(c, 'web', 'PodResizePending')!;
  assert.equal([deferred.reason, deferred.message], ['Deferred', "Node didn't have enough resource: cpu, requested: 3000, used: 2000, capacity: 4000"]);
  c.remove('other', 0);
  c.advance('90s');
  assert.equal([condition(c, 'web', 'PodResizePending'), main(c, 'web').allocatedResources], [undefined, { cpu: '3', memory: '100Mi' }]);
});

test('a container whose policy says so is started again', () => {
  const c = setUp();
  c.run('web', asks('500m', '100Mi', { resizePolicy: [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }, { resourceName: 'cpu', restartPolicy: 'NotRequired' }] }));
  c.advance('5s');
  const policy = { resizePolicy: c.pod('web').spec.containers[0]!.resizePolicy };
  resize(c, 'web', { requests: { cpu: '600m' } }, policy);
  c.advance('5s');
  assert.is(main(c, 'web').restartCount, 0);
  resize(c, 'web', { requests: { memory: '50Mi' }, limits: { memory: '50Mi' } }, policy);
  c.advance('5s');
  assert.is(condition(c, 'web', 'PodResizeInProgress')?.status, 'True');
  c.advance('40s');
  assert.equal([main(c, 'web').restartCount, main(c, 'web').allocatedResources, condition(c, 'web', 'PodResizeInProgress')], [1, { cpu: '600m', memory: '50Mi' }, undefined]);
  assert.ok(c.events('web').includes('Killing: Container main resize requires restart'));
});

test('what was given is told first, what the container has a second later', () => {
  const c = setUp();
  c.run('web', asks('500m', '100Mi'));
  c.advance('5s');
  const { now } = c.clock;
  resize(c, 'web', { requests: { cpu: '1' } });
  c.advance('500ms');
  assert.equal([main(c, 'web').allocatedResources!['cpu'], main(c, 'web').resources!.requests!['cpu']], ['1', '500m']);
  assert.equal(condition(c, 'web', 'PodResizeInProgress'), { type: 'PodResizeInProgress', status: 'True', lastProbeTime: timestamp(now), lastTransitionTime: timestamp(now) });
  c.advance('1s');
  assert.equal([main(c, 'web').resources!.requests!['cpu'], condition(c, 'web', 'PodResizeInProgress')], ['1', undefined]);
});

test('a resize that waits: when it was last tried, since when for this reason; memory is looked at first', () => {
  const c = setUp();
  c.run('web', asks('1', '100Mi'));
  c.run('other', asks('2', '100Mi'));
  c.advance('5s');
  resize(c, 'web', { requests: { cpu: '3' } });
  c.advance('2s');
  const first = condition(c, 'web', 'PodResizePending')!;
  c.advance('2m');
  const later = condition(c, 'web', 'PodResizePending')!;
  assert.is(later.lastTransitionTime, first.lastTransitionTime);
  assert.ok(later.lastProbeTime! > first.lastProbeTime!);
  resize(c, 'web', { requests: { cpu: '5', memory: '90Gi' }, limits: { memory: '90Gi' } });
  c.advance('2s');
  const never = condition(c, 'web', 'PodResizePending')!;
  assert.match(never.message!, /^Node didn't have enough capacity: memory, requested: /);
  assert.ok(never.lastTransitionTime! > first.lastTransitionTime!);
});

test('a kubelet that starts again knows what it gave', () => {
  const c = setUp();
  c.run('web', asks('1', '100Mi'));
  c.advance('5s');
  resize(c, 'web', { requests: { cpu: '5' } });
  c.advance('2s');
  c.kubelet.stop();
  c.kubelet.start();
  c.advance('5s');
  assert.equal([main(c, 'web').allocatedResources!['cpu'], condition(c, 'web', 'PodResizePending')!.reason], ['1', 'Infeasible']);
});

test('a container that crashes starts again at once with its new resources', () => {
  const c = setUp();
  c.run('web', shell('sleep 5; exit 1', { resources: { requests: { cpu: '500m' } } }));
  c.advance('2m');
  assert.is(main(c, 'web').state!.waiting?.reason, 'CrashLoopBackOff');
  const { restartCount } = main(c, 'web');
  resize(c, 'web', { requests: { cpu: '600m' } });
  c.advance('3s');
  assert.equal([main(c, 'web').restartCount, Boolean(main(c, 'web').state!.running)], [restartCount + 1, true]);
});

test('what a resize may not do', () => {
  const c = setUp();
  c.run('web', asks('500m', '100Mi'));
  c.advance('5s');
  assert.match(refusal(() => resize(c, 'web', { requests: { cpu: null } })), 'spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed');
  assert.match(refusal(() => resize(c, 'web', { requests: { memory: '50Mi' }, limits: { memory: '50Mi' } })), 'spec.containers[0].resources.limits[memory]: Forbidden: memory limits cannot be decreased unless resizePolicy is RestartContainer');
  assert.match(refusal(() => resize(c, 'web', { limits: { cpu: '500m' } })), 'spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing');
  assert.match(refusal(() => resize(c, 'web', { limits: { 'ephemeral-storage': '1Gi' } })), 'only cpu and memory resources are mutable');
  assert.match(refusal(() => c.client.patch('Pod', { namespace: 'default', name: 'web' }, { spec: { containers: [{ name: 'main', resources: { requests: { cpu: '1' } } }] } })), 'pod updates may not change fields other than');
  assert.match(refusal(() => resize(c, 'web', { requests: { cpu: '1' } }, { resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] })), 'spec: Forbidden: only cpu and memory resources are mutable');
  assert.match(refusal(() => c.client.update({ ...c.pod('web'), spec: { ...c.pod('web').spec, containers: [] } }, { subresource: 'resize' })), 'spec.containers: Forbidden: containers may not be added or removed on resize');
  resize(c, 'web', { requests: { cpu: '1' } }, { image: 'alpine' });
  assert.is(c.pod('web').spec.containers[0]!.image, 'busybox:1.36');
});

test('before v1.33 there is no such subresource', () => {
  const c = setUp({ version: 'v1.32' });
  c.run('web', asks('500m', '100Mi'));
  c.advance('5s');
  assert.match(refusal(() => resize(c, 'web', { requests: { cpu: '1' } })), 'the server could not find the requested resource');
  assert.is(main(c, 'web').resources, undefined);
});

test.run();
