// A node that is short of memory or disk: who goes, in which order, what is said.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Node } from '../../lib/api/index.ts';
import { configurationPath } from '../../lib/kubelet/configuration.ts';
import { GiB, MiB } from '../../lib/machine/index.ts';
import { setUp, shell, web } from './node.ts';

const test = suite('kubelet: eviction');

type World = ReturnType<typeof setUp>;
const condition = (c: World, type: string) => (c.client.get('Node', { name: 'node-1' }) as Node).status.conditions!.find((one) => one.type === type)!;
const configure = (c: World, text: string) => {
  c.machine.files.makeDirectories('/var/lib/kubelet');
  c.machine.files.write(configurationPath, `apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n${text}`);
  c.kubelet.stop();
  c.kubelet.start();
  c.loop.settle();
};
const eater = (megabytes: number, more: object = {}, spec: object = {}) => ({ ...spec, containers: [{ name: 'eat', image: 'polinux/stress', command: ['stress'], args: ['--vm', '1', '--vm-bytes', `${megabytes}M`], ...more }] });
const requests = (memory: string) => ({ resources: { requests: { memory } } });
const prioritized = (c: World, priorityClassName: string, value: number) => {
  c.client.create({ kind: 'PriorityClass', metadata: { name: priorityClassName }, value });
  return { priorityClassName };
};
const phases = (c: World, names: string[]) => names.map((name) => c.pod(name).status.phase);

test('above their request before others, then by priority, then by how much above', () => {
  const c = setUp();
  c.run('within', eater(3000, requests('4Gi')));
  c.run('important', eater(1500, {}, prioritized(c, 'important', 1000)));
  c.run('small', eater(300, {}));
  c.run('large', eater(500, requests('100Mi')));
  c.advance('10s');
  const order: string[] = [];
  const names = ['within', 'important', 'small', 'large'];
  c.machine.use(c.machine.memoryAvailable - 50 * MiB);
  for (let i = 0; i < 6; i++) {
    c.advance('10s');
    for (const name of names) if (c.pod(name).status.phase === 'Failed' && !order.includes(name)) order.push(name);
    if (order.length === 3) break;
    c.machine.use(c.machine.memoryAvailable - 50 * MiB);
  }
  assert.equal(order, ['large', 'small', 'important']);
  assert.is(c.pod('within').status.phase, 'Running');
  const { status } = c.pod('large');
  assert.is(status.reason, 'Evicted');
  assert.match(status.message!, /^The node was low on resource: memory\. Threshold quantity: 100Mi, available: 50Mi\. Container eat was using \d+(Mi|Ki), request is 100Mi, has larger consumption of memory\. $/);
  assert.ok(c.events('node-1').some((event) => event.startsWith('EvictionThresholdMet: Attempting to reclaim memory')));
});

test('v1.20 says it in other words, and while the containers end', () => {
  const c = setUp({ version: 'v1.20' });
  c.run('large', eater(500, requests('100Mi')));
  c.advance('10s');
  c.machine.use(c.machine.memoryAvailable - 50 * MiB);
  c.loop.settle();
  assert.is(c.pod('large').status.phase, 'Failed');
  assert.match(c.pod('large').status.message!, /^The node was low on resource: memory\. Container eat was using \d+(Mi|Ki), which exceeds its request of 100Mi\. $/);
});

test('a soft threshold has to last, gives grace, and is a condition at once', () => {
  const c = setUp();
  configure(c, 'evictionHard: {memory.available: 100Mi}\nevictionSoft: {memory.available: 1Gi}\nevictionSoftGracePeriod: {memory.available: 1m30s}\nevictionMaxPodGracePeriod: 20\nevictionPressureTransitionPeriod: 30s\n');
  c.run('eater', { ...shell('sleep 1000'), terminationGracePeriodSeconds: 60 });
  c.advance('10s');
  c.machine.use(c.machine.memoryAvailable - 500 * MiB);
  c.advance('5s');
  assert.equal([condition(c, 'MemoryPressure').status, c.pod('eater').status.phase], ['True', 'Running']);
  c.advance('70s');
  assert.is(c.pod('eater').status.phase, 'Running');
  c.advance('20s');
  assert.ok(c.events('eater').some((event) => event.startsWith('Evicted: The node was low on resource: memory. Threshold quantity: 1Gi, available: 500Mi.')));
  // It ends within the grace that the configuration gives, not its own; until then it is no ended pod.
  assert.is(c.pod('eater').status.phase, 'Running');
  c.advance('15s');
  assert.equal([c.pod('eater').status.phase, c.pod('eater').status.reason], ['Failed', 'Evicted']);
  c.machine.use(-c.machine.memoryUsed);
  c.advance('45s');
  assert.is(condition(c, 'MemoryPressure').status, 'False');
});

test('one that was short for a moment only evicts nobody', () => {
  const c = setUp();
  configure(c, 'evictionHard: {memory.available: 100Mi}\nevictionSoft: {memory.available: 1Gi}\nevictionSoftGracePeriod: {memory.available: 30s}\n');
  c.run('web', web());
  c.advance('10s');
  const taken = c.machine.memoryAvailable - 500 * MiB;
  c.machine.use(taken);
  c.advance('20s');
  c.machine.use(-taken);
  c.advance('20s');
  c.machine.use(taken);
  c.advance('20s');
  assert.is(c.pod('web').status.phase, 'Running');
});

test('thresholds of the configuration are kept free, in the place of the default ones', () => {
  const c = setUp();
  configure(c, 'evictionHard: {memory.available: 1Gi}\n');
  c.advance('11s');
  const { allocatable, conditions } = (c.client.get('Node', { name: 'node-1' }) as Node).status;
  assert.equal([allocatable!.memory, allocatable!['ephemeral-storage']], ['7Gi', '64424509440']);
  assert.is(conditions!.find(({ type }) => type === 'MemoryPressure')!.status, 'False');
});

test('a full disk: first what nobody uses goes, then pods; nobody comes', () => {
  const c = setUp();
  c.run('old', shell('exit 0', { image: 'alpine:3.22' }, { restartPolicy: 'Never' }));
  c.run('web', web());
  c.run('writer', shell('echo 1234567890 > /tmp/a; sleep 1000'));
  c.advance('3m');
  const images = () => c.runtime.images().map(({ repoTags }) => repoTags[0]);
  assert.ok(images().includes('docker.io/library/alpine:3.22'));
  c.machine.useDisk(c.machine.diskAvailable - 8 * GiB);
  c.advance('5s');
  assert.not(images().includes('docker.io/library/alpine:3.22'));
  assert.ok(images().includes('docker.io/library/nginx:1.27'));
  assert.equal([condition(c, 'DiskPressure').status, condition(c, 'DiskPressure').reason, condition(c, 'DiskPressure').message], ['True', 'KubeletHasDiskPressure', 'kubelet has disk pressure']);
  assert.ok(c.events('node-1').some((event) => event.startsWith('EvictionThresholdMet: Attempting to reclaim ephemeral-storage')));
  assert.equal([c.pod('old').status.phase, c.pod('old').status.containerStatuses![0]!.state!.terminated!.exitCode], ['Succeeded', 0]);
  // Whoever wrote most goes first: nginx has a log.
  assert.is(c.pod('web').status.reason, 'Evicted');
  assert.match(c.pod('web').status.message!, /^The node was low on resource: ephemeral-storage\. Threshold quantity: \d+\w+, available: \d+\w+\. Container web was using 1Ki, request is 0, has larger consumption of ephemeral-storage\. $/);
  c.run('late', web());
  c.advance('1s');
  assert.equal([c.pod('late').status.reason, c.pod('late').status.message], ['Evicted', 'Pod was rejected: The node had condition: [DiskPressure]. ']);
  c.run('critical', { ...web(), ...prioritized(c, 'system-node-critical', 2_000_001_000) });
  c.advance('5s');
  assert.is(c.pod('critical').status.phase, 'Running');
});

test('when throwing images away is enough, nobody is evicted', () => {
  const c = setUp();
  c.run('old', shell('exit 0', { image: 'alpine:3.22' }, { restartPolicy: 'Never' }));
  c.run('web', web());
  c.advance('3m');
  c.machine.useDisk(c.machine.diskAvailable - 9 * GiB + MiB);
  c.advance('5s');
  assert.equal(phases(c, ['web']), ['Running']);
  assert.is(condition(c, 'DiskPressure').status, 'True');
});

test('images are collected from 85 % on, down to 80 %, the longest unused first; used and new ones stay', () => {
  const c = setUp();
  for (const [name, image] of [['a', 'python:3.12'], ['b', 'perl:5'], ['c', 'golang:1.24']] as const) {
    c.run(name, { restartPolicy: 'Never', containers: [{ name, image, command: ['sh', '-c', 'exit 0'] }] });
    c.advance('10s');
    c.remove(name, 0);
    c.advance('10s');
  }
  c.run('web', web());
  c.advance('3m');
  const tags = () => c.runtime.images().map(({ repoTags }) => repoTags[0]!.split('/').at(-1));
  configure(c, 'imageGCHighThresholdPercent: 85\nimageGCLowThresholdPercent: 84\nevictionHard: {}\n');
  c.machine.useDisk(Math.floor(c.machine.disk * 0.85) - c.machine.diskUsed + MiB);
  assert.equal(tags(), ['python:3.12', 'perl:5', 'golang:1.24', 'nginx:1.27']);
  c.advance('5m');
  // Down to 84 % it is a hundredth of the disk, 644 MB: the two that were unused longest.
  assert.equal(tags(), ['golang:1.24', 'nginx:1.27']);
  assert.not(c.events('node-1').some((event) => event.startsWith('FreeDiskSpaceFailed')));
  configure(c, 'evictionHard: {}\n');
  c.machine.useDisk(Math.floor(c.machine.disk * 0.85) - c.machine.diskUsed + MiB);
  c.advance('5m');
  assert.equal(tags(), ['nginx:1.27']);
  assert.match(c.events('node-1').at(-1)!, /^FreeDiskSpaceFailed: Failed to garbage collect required amount of images\. Attempted to free \d+ bytes, but only found \d+ bytes eligible to free\.$/);
  assert.is(c.pod('web').status.phase, 'Running');
});

test('writing more than the limit of ephemeral storage', () => {
  const c = setUp();
  const limits = (size: string) => ({ resources: { limits: { 'ephemeral-storage': size } } });
  c.run('small', shell('for i in 1 2 3 4 5 6 7 8; do echo 0123456789 >> /tmp/a; done; sleep 1000', limits('50')));
  c.run('large', shell('for i in 1 2 3 4 5 6 7 8; do echo 0123456789 >> /tmp/a; done; sleep 1000', limits('1Ki')));
  c.run('two', { containers: [{ ...shell('for i in 1 2 3 4 5 6 7 8; do echo 0123456789 >> /tmp/a; done; sleep 1000', limits('50')).containers[0], name: 'a' }, { name: 'b', image: 'busybox:1.36', command: ['sleep', '1000'], ...limits('1Ki') }] });
  c.advance('30s');
  assert.equal(phases(c, ['small', 'large', 'two']), ['Failed', 'Running', 'Failed']);
  assert.is(c.pod('small').status.message, 'Pod ephemeral local storage usage exceeds the total limit of containers 50. ');
  assert.is(c.pod('two').status.message, 'Container a exceeded its local ephemeral storage limit "50". ');
});

test('a memory-pressured node takes pods that ask for memory or do not mind', () => {
  const c = setUp();
  c.machine.use(c.machine.memoryAvailable - 50 * MiB);
  c.advance('1s');
  c.run('plain', web());
  c.run('asks', web('nginx:1.27', requests('10Mi')));
  c.run('tolerates', { ...web(), tolerations: [{ key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' }] });
  c.loop.settle();
  assert.equal(['plain', 'asks', 'tolerates'].map((name) => c.pod(name).status.reason), ['Evicted', undefined, undefined]);
});

test.run();
