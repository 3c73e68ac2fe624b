// From an assigned pod to Running, and what is said on the way.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { podCondition } from '../../lib/api/index.ts';
import { setUp, shell, web } from './node.ts';

const test = suite('kubelet: pods');

test('a pod is Running and Ready after its image was pulled, in two writes and four events', () => {
  const c = setUp();
  c.run('web', web());
  c.loop.settle();
  assert.is(c.pod('web').status.phase, 'Pending');
  assert.equal(c.pod('web').status.containerStatuses![0]!.state, { waiting: { reason: 'ContainerCreating' } });
  c.advance('5s');
  const { status } = c.pod('web');
  assert.is(status.phase, 'Running');
  assert.is(podCondition(c.pod('web'), 'Ready')!.status, 'True');
  assert.match(status.podIP!, /^10\.244\.0\.\d+$/);
  assert.equal([status.hostIP, status.podIPs], ['10.0.0.2', [{ ip: status.podIP }]]);
  assert.match(status.containerStatuses![0]!.containerID!, /^containerd:\/\/[0-9a-f]{64}$/);
  assert.match(status.containerStatuses![0]!.imageID, /^docker\.io\/library\/nginx@sha256:[0-9a-f]{64}$/);
  assert.equal(c.events('web'), [
    'Pulling: Pulling image "nginx:1.27"',
    'Pulled: Successfully pulled image "nginx:1.27" in 1s (1s including waiting). Image size: 72950530 bytes.',
    'Created: Created container: web',
    'Started: Started container web',
  ]);
  assert.is(c.server.requests().filter((r) => r.path.endsWith('/pods/web/status')).length, 2);
});

test('v1.20 says it in its own words', () => {
  const c = setUp({ version: 'v1.20' });
  c.run('web', web());
  c.advance('5s');
  assert.equal(c.events('web'), ['Pulling: Pulling image "nginx:1.27"', 'Pulled: Successfully pulled image "nginx:1.27" in 1s', 'Created: Created container web', 'Started: Started container web']);
  const { containerID, imageID, image } = c.pod('web').status.containerStatuses![0]!;
  assert.match(containerID!, /^docker:/);
  assert.match(imageID, /^docker-pullable:\/\/nginx@sha256:/);
  assert.is(image, 'nginx:1.27');
  assert.not(podCondition(c.pod('web'), 'PodReadyToStartContainers'));
  assert.not(c.pod('web').status.hostIPs);
});

test('init containers run one after the other, then the others', () => {
  const c = setUp();
  c.run('app', { initContainers: [{ name: 'one', image: 'busybox', command: ['sh', '-c', 'sleep 5'] }, { name: 'two', image: 'busybox', command: ['sleep', '3'] }], ...web() });
  c.advance('4s');
  assert.equal(c.pod('app').status.initContainerStatuses!.map((s) => Object.keys(s.state!)[0]), ['running', 'waiting']);
  assert.equal(c.pod('app').status.containerStatuses![0]!.state, { waiting: { reason: 'PodInitializing' } });
  assert.is(podCondition(c.pod('app'), 'Initialized')!.message, 'containers with incomplete status: [one two]');
  c.advance('20s');
  assert.is(c.pod('app').status.phase, 'Running');
  assert.equal(c.pod('app').status.initContainerStatuses!.map((s) => [s.ready, s.state!.terminated!.reason]), [[true, 'Completed'], [true, 'Completed']]);
});

test('a sidecar starts before the others and stays', () => {
  const c = setUp();
  c.run('app', { initContainers: [{ name: 'proxy', image: 'nginx', restartPolicy: 'Always' }], ...web() });
  c.advance('10s');
  const { status } = c.pod('app');
  assert.is(status.phase, 'Running');
  assert.ok(status.initContainerStatuses![0]!.state!.running);
  assert.is(podCondition(c.pod('app'), 'Initialized')!.status, 'True');
});

test('restartPolicy Never: Succeeded and Failed', () => {
  const c = setUp();
  c.run('good', shell('echo done', {}, { restartPolicy: 'Never' }));
  c.run('bad', shell('exit 3', {}, { restartPolicy: 'Never' }));
  c.advance('10s');
  assert.equal([c.pod('good').status.phase, c.pod('bad').status.phase], ['Succeeded', 'Failed']);
  assert.is(podCondition(c.pod('good'), 'Ready')!.reason, 'PodCompleted');
  assert.is(c.pod('bad').status.containerStatuses![0]!.state!.terminated!.exitCode, 3);
  assert.is(c.runtime.pods.get(c.pod('good').metadata.uid)!.sandboxReady, false);
});

test('a pod that asks for more than the node has is rejected', () => {
  const c = setUp();
  c.run('big', web('nginx', { resources: { requests: { cpu: '64' } } }));
  c.advance('1s');
  const { phase, reason, message, containerStatuses } = c.pod('big').status;
  assert.equal([phase, reason, message, containerStatuses], ['Failed', 'OutOfcpu', "Pod was rejected: Node didn't have enough resource: cpu, requested: 64000, used: 0, capacity: 4000", undefined]);
  assert.equal(c.events('big'), ["OutOfcpu: Node didn't have enough resource: cpu, requested: 64000, used: 0, capacity: 4000"]);
});

test('a pod is rejected for a port of the host that is taken, for what it says of nodes, for what others offer', () => {
  const c = setUp();
  const port = (hostPort: number, more = {}) => web('nginx', { ports: [{ containerPort: 80, hostPort, ...more }] });
  c.client.patch('Node', { name: 'node-1' }, { status: { capacity: { 'example.com/dongle': '1' } } }, { subresource: 'status' });
  c.advance('11s');
  const dongle = web('nginx', { resources: { limits: { 'example.com/dongle': '1', 'example.com/of-the-cluster': '5' } } });
  const node = (name: string) => ({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] }] } } } });
  c.run('first', port(8080));
  c.run('second', port(8080));
  c.run('other-address', port(8080, { hostIP: '10.1.1.1' }));
  c.run('other-protocol', port(8080, { protocol: 'UDP' }));
  c.run('here', { ...web(), ...node('node-1') });
  c.run('there', { ...web(), ...node('node-2') });
  c.run('with-dongle', dongle);
  c.run('without-dongle', dongle);
  c.advance('10s');
  const states = ['first', 'second', 'other-address', 'other-protocol', 'here', 'there', 'with-dongle', 'without-dongle'].map((name) => c.pod(name).status.reason ?? c.pod(name).status.phase);
  assert.equal(states, ['Running', 'NodePorts', 'NodePorts', 'Running', 'Running', 'NodeAffinity', 'Running', 'OutOfexample.com/dongle']);
  assert.is(c.pod('second').status.message, 'Pod was rejected: Predicate NodePorts failed');
});

test('what an ended pod asked for is free', () => {
  const c = setUp();
  const job = () => shell('exit 0', { resources: { requests: { cpu: '3' } }, ports: [{ containerPort: 80, hostPort: 80 }] }, { restartPolicy: 'Never' });
  c.run('first', job());
  c.advance('10s');
  c.run('second', job());
  c.advance('10s');
  assert.equal([c.pod('first').status.phase, c.pod('second').status.phase], ['Succeeded', 'Succeeded']);
});

test('activeDeadlineSeconds ends a pod', () => {
  const c = setUp();
  c.run('web', { activeDeadlineSeconds: 20, ...web() });
  c.advance('19s');
  assert.is(c.pod('web').status.phase, 'Running');
  c.advance('5s');
  assert.equal([c.pod('web').status.phase, c.pod('web').status.reason], ['Failed', 'DeadlineExceeded']);
});

test('the environment: fields, ConfigMaps, what is missing', () => {
  const c = setUp();
  const env = [
    { name: 'A', value: '1' },
    { name: 'B', value: 'x$(A)y$$(A)' },
    { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    { name: 'C', valueFrom: { configMapKeyRef: { name: 'conf', key: 'color' } } },
  ];
  c.run('web', web('nginx', { env }));
  c.advance('10s');
  assert.equal(c.pod('web').status.containerStatuses![0]!.state, { waiting: { reason: 'CreateContainerConfigError', message: 'configmap "conf" not found' } });
  assert.ok(c.events('web').some((e) => e.startsWith('Failed: Error: configmap "conf" not found')));
  c.client.create({ kind: 'ConfigMap', metadata: { name: 'conf' }, data: { color: 'blue' } });
  c.advance('20s');
  assert.is(c.pod('web').status.phase, 'Running');
  const { stdout } = c.kubelet.handlers.exec(c.pod('web'), 'web', ['sh', '-c', 'echo $A $B $IP $C']);
  assert.is(stdout, `1 x1y$(A) ${c.pod('web').status.podIP} blue\n`);
});

test('volumes: a ConfigMap as files, an emptyDir that two containers share', () => {
  const c = setUp();
  c.client.create({ kind: 'ConfigMap', metadata: { name: 'conf' }, data: { 'app.ini': 'a=1\n' } });
  c.run('app', {
    volumes: [{ name: 'conf', configMap: { name: 'conf' } }, { name: 'work', emptyDir: {} }],
    containers: [
      { name: 'writer', image: 'busybox', command: ['sh', '-c', 'echo hello > /data/x; sleep 1000'], volumeMounts: [{ name: 'work', mountPath: '/data' }] },
      { name: 'reader', image: 'nginx', volumeMounts: [{ name: 'work', mountPath: '/usr/share/nginx/html' }, { name: 'conf', mountPath: '/etc/app' }] },
    ],
  });
  c.advance('10s');
  const read = (...command: string[]) => c.kubelet.handlers.exec(c.pod('app'), 'reader', command).stdout;
  assert.is(read('cat', '/etc/app/app.ini', '/usr/share/nginx/html/x'), 'a=1\nhello\n');
  assert.is(read('curl', '-s', 'localhost/x'), 'hello\n');
});

test('containers of a pod share its ports: the second that wants one does not get it', () => {
  const c = setUp();
  c.run('clash', { containers: [{ name: 'first', image: 'nginx:1.27' }, { name: 'second', image: 'nginx:1.27' }, { name: 'other', image: 'redis:7' }] });
  c.advance('10s');
  const ready = Object.fromEntries(c.pod('clash').status.containerStatuses!.map(({ name, ready, restartCount }) => [name, ready || restartCount > 0 ? ready : undefined]));
  assert.equal(ready, { first: true, second: false, other: true });
});

test('image pull secrets that are not there are told of since v1.28; the image is pulled all the same', () => {
  for (const [version, told] of [['v1.27', false], ['v1.28', true]] as const) {
    const c = setUp({ version });
    c.run('web', { ...web(), imagePullSecrets: [{ name: 'a' }, { name: 'b' }] });
    c.advance('5s');
    const event = 'FailedToRetrieveImagePullSecret: Unable to retrieve some image pull secrets (a, b); attempting to pull the image may not succeed.';
    assert.is(c.events('web').includes(event), told);
    assert.is(c.pod('web').status.phase, 'Running');
  }
});

test.run();
