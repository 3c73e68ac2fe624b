// The node itself: registration, heartbeats, faults.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Lease, type Node, StatusError } from '../../lib/api/index.ts';
import { MiB } from '../../lib/machine/index.ts';
import { setUp, shell, web } from './node.ts';

const test = suite('kubelet: node');

type World = ReturnType<typeof setUp>;
const node = (c: World): Node => c.client.get('Node', { name: 'node-1' });
const lease = (c: World) => c.client.get('Lease', { namespace: 'kube-node-lease', name: 'node-1' }) as Lease;
const condition = (c: World, type: string) => node(c).status.conditions!.find((one) => one.type === type)!;
const fails = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    assert.instance(error, StatusError);
    return (error as StatusError).message;
  }
  return 'no error';
};

test('a kubelet registers its node and becomes Ready', () => {
  const c = setUp();
  assert.equal(node(c).metadata.labels!['kubernetes.io/hostname'], 'node-1');
  assert.equal(node(c).status.capacity, { cpu: '4', 'ephemeral-storage': '60Gi', 'hugepages-1Gi': '0', 'hugepages-2Mi': '0', memory: '8Gi', pods: '110' });
  assert.is(node(c).status.allocatable!.memory, '8092Mi');
  assert.equal([condition(c, 'Ready').status, condition(c, 'Ready').reason, condition(c, 'Ready').message], ['True', 'KubeletReady', 'kubelet is posting ready status']);
  assert.equal(c.events('node-1').map((e) => e.split(':')[0]), ['Starting', 'NodeHasSufficientMemory', 'NodeHasNoDiskPressure', 'NodeHasSufficientPID', 'NodeAllocatableEnforced', 'NodeReady']);
  assert.match(node(c).status.nodeInfo!.containerRuntimeVersion, /^containerd:\/\/2\./);
});

test('the lease is renewed every ten seconds, the status written every five minutes', () => {
  const c = setUp();
  c.advance('15s');
  const before = lease(c).spec.renewTime!;
  c.advance('10s');
  assert.is(Date.parse(lease(c).spec.renewTime!) - Date.parse(before), 10_000);
  const heartbeat = condition(c, 'Ready').lastHeartbeatTime!;
  const writes = () => c.server.requests().filter((r) => r.path === '/api/v1/nodes/node-1/status').length;
  const count = writes();
  c.advance('4m');
  assert.is(writes(), count);
  c.advance('70s');
  assert.is(writes(), count + 1);
  assert.ok(condition(c, 'Ready').lastHeartbeatTime! > heartbeat);
});

test('an idle node costs nothing but its heartbeat', () => {
  const c = setUp();
  c.run('web', web());
  c.advance('60s');
  const steps = c.loop.steps;
  c.advance('10m');
  assert.ok(c.loop.steps - steps <= 20, `${c.loop.steps - steps} steps`);
});

test('a kubelet that crashed finds its pods as they are, and starts no container anew', () => {
  const c = setUp();
  c.run('web', web());
  c.run('gone', web());
  c.advance('10s');
  const { containerID } = c.pod('web').status.containerStatuses![0]!;
  c.kubelet.stop();
  c.client.delete(c.pod('gone'), { gracePeriodSeconds: 0 });
  assert.match(fails(() => c.kubelet.handlers.logs(c.pod('web'), 'web')), /^Get "https:\/\/10\.0\.0\.2:10250\/containerLogs\/default\/web\/web": dial tcp 10\.0\.0\.2:10250: connect: connection refused$/);
  c.advance('30s');
  c.kubelet.start();
  c.advance('10s');
  assert.equal([c.pod('web').status.containerStatuses![0]!.containerID, c.pod('web').status.containerStatuses![0]!.restartCount], [containerID, 0]);
  assert.is(c.runtime.pods.size, 1);
});

test('what happened while the kubelet was away is made up for', () => {
  const c = setUp();
  c.run('web', web());
  c.advance('10s');
  const uid = c.pod('web').metadata.uid;
  c.kubelet.stop();
  c.runtime.kill(c.runtime.pods.get(uid)!.containers[0]!.id);
  c.run('late', web());
  c.advance('30s');
  assert.is(c.pod('late').status.phase, 'Pending');
  c.unit.crash();
  c.kubelet.start();
  c.advance('10s');
  assert.equal([c.pod('late').status.phase, c.pod('web').status.containerStatuses![0]!.restartCount], ['Running', 1]);
});

test('systemd starts a crashed kubelet again after ten seconds', () => {
  const c = setUp();
  c.unit.crash();
  assert.equal([c.kubelet.running, c.unit.state], [false, 'failed']);
  c.advance('11s');
  assert.equal([c.kubelet.running, c.unit.state], [true, 'active']);
});

test('power off and on: containers start anew in a new sandbox', () => {
  const c = setUp();
  c.run('web', web());
  c.advance('10s');
  const ip = c.pod('web').status.podIP!;
  c.machine.powerOff();
  const renewed = lease(c).spec.renewTime;
  c.advance('60s');
  assert.is(lease(c).spec.renewTime, renewed);
  assert.is(c.pod('web').status.phase, 'Running');
  assert.is(c.network.dial({ node: 'node-2', ip: '' }, ip, 80).error, 'timeout');
  assert.match(fails(() => c.kubelet.handlers.exec(c.pod('web'), 'web', ['ls'])), /dial tcp 10\.0\.0\.2:10250: i\/o timeout$/);
  c.machine.powerOn();
  c.advance('10s');
  const { status } = c.pod('web');
  assert.equal([status.phase, status.containerStatuses![0]!.restartCount, status.containerStatuses![0]!.ready], ['Running', 1, true]);
  assert.ok(c.events('web').includes('SandboxChanged: Pod sandbox changed, it will be killed and re-created.'));
  assert.ok(c.events('node-1').some((e) => e.startsWith('Rebooted: Node node-1 has been rebooted, boot id: ')));
});

test('behind a cut link the pods go on; what changed is told when it is mended', () => {
  const c = setUp();
  c.run('web', web());
  c.run('crash', shell('sleep 30; exit 1', {}, { restartPolicy: 'Never' }));
  c.advance('10s');
  c.links.cut('node-1', 'master');
  const renewed = lease(c).spec.renewTime;
  c.advance('60s');
  assert.is(lease(c).spec.renewTime, renewed);
  assert.is(c.pod('crash').status.phase, 'Running');
  c.run('late', web());
  c.links.restore('node-1', 'master');
  c.advance('15s');
  assert.equal([c.pod('crash').status.phase, c.pod('late').status.phase], ['Failed', 'Running']);
  assert.ok(lease(c).spec.renewTime! > renewed!);
});

test('memory pressure: the node says so and evicts whoever is furthest above its request', () => {
  const c = setUp();
  const eater = (megabytes: number, request: string) => ({ containers: [{ name: 'a', image: 'polinux/stress', args: ['stress', '--vm', '1', '--vm-bytes', `${megabytes}M`], resources: { requests: { memory: request } } }] });
  c.run('modest', eater(2000, '3Gi'));
  c.run('greedy', eater(3000, '1Gi'));
  c.advance('10s');
  assert.is(condition(c, 'MemoryPressure').status, 'False');
  c.machine.use(3150 * MiB);
  c.advance('2s');
  assert.equal([condition(c, 'MemoryPressure').status, condition(c, 'MemoryPressure').reason], ['True', 'KubeletHasInsufficientMemory']);
  assert.equal([c.pod('greedy').status.phase, c.pod('greedy').status.reason, c.pod('modest').status.phase], ['Failed', 'Evicted', 'Running']);
  assert.match(c.pod('greedy').status.message!, /^The node was low on resource: memory\. Threshold quantity: 100Mi, available: \d+(Mi|Ki)\. Container a was using \d+(Mi|Ki), request is 1Gi, has larger consumption of memory\. $/);
  c.run('careless', web());
  c.advance('1s');
  assert.equal([c.pod('careless').status.phase, c.pod('careless').status.message], ['Failed', 'Pod was rejected: The node had condition: [MemoryPressure]. ']);
  c.advance('6m');
  assert.is(condition(c, 'MemoryPressure').status, 'False');
});

test('without a network plugin the node is not ready, and pods wait', () => {
  const c = setUp();
  c.network.missing = 'Network plugin returns error: cni plugin not initialized';
  c.advance('15s');
  assert.equal([condition(c, 'Ready').status, condition(c, 'Ready').message], ['False', 'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized']);
  c.run('web', web());
  c.advance('5s');
  assert.is(c.pod('web').status.phase, 'Pending');
  c.network.missing = undefined;
  c.advance('20s');
  assert.equal([condition(c, 'Ready').status, c.pod('web').status.phase], ['True', 'Running']);
});

test('logs: of now, of before, and none yet', () => {
  const c = setUp();
  c.run('crash', shell('echo run; sleep 5; exit 1'));
  c.run('bad', web('nosuch/app'));
  c.advance('10s');
  const { handlers } = c.kubelet;
  assert.is(handlers.logs(c.pod('crash'), 'main'), 'run\n');
  assert.is(handlers.logs(c.pod('crash'), 'main', { previous: true }), 'run\n');
  assert.is(fails(() => handlers.logs(c.pod('bad'), 'web')), 'container "web" in pod "bad" is waiting to start: trying and failing to pull image');
  assert.is(fails(() => handlers.logs(c.pod('bad'), 'web', { previous: true })), 'previous terminated container "web" in pod "bad" not found');
});

test('the same seed gives the same requests, another one others', () => {
  const transcript = (seed: number) => {
    const c = setUp({ seed, nodes: 3 });
    for (let i = 0; i < 6; i++) c.run(`web-${i}`, { ...web(), nodeName: `node-${(i % 3) + 1}` });
    c.run('crash', shell('exit 1'));
    c.advance('60s');
    return JSON.stringify(c.server.requests());
  };
  assert.is(transcript(7), transcript(7));
  assert.is.not(transcript(7), transcript(8));
});

test('a Node that somebody has written before gets the labels of its machine', () => {
  const c = setUp();
  c.kubelet.stop();
  c.client.delete(node(c));
  c.client.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1', labels: { name: 'my-first-k8s-node' } } });
  c.kubelet.start();
  c.advance('10s');
  assert.equal([condition(c, 'Ready').status, node(c).metadata.labels!['kubernetes.io/hostname'], node(c).metadata.labels!.name], ['True', 'node-1', 'my-first-k8s-node']);
});

test('resources that others have put into the status stay, and can be had', () => {
  const c = setUp();
  const wanted = (amount: string) => c.client.patch('Node', { name: 'node-1' }, { status: { capacity: { 'example.com/dongle': amount } } }, { subresource: 'status' });
  wanted('3');
  c.advance('11s');
  assert.equal([node(c).status.capacity!['example.com/dongle'], node(c).status.allocatable!['example.com/dongle'], node(c).status.allocatable!.cpu], ['3', '3', '4']);
  wanted(null as never);
  c.advance('11s');
  assert.equal([node(c).status.capacity!['example.com/dongle'], node(c).status.allocatable!['example.com/dongle']], [undefined, undefined]);
});

test.run();
