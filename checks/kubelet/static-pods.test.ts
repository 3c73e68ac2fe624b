// Pods that files on the machine ask for, and what the API shows of them.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { setUp } from './node.ts';

const test = suite('kubelet: static pods');

const path = '/etc/kubernetes/manifests/web.yaml';
const manifest = (image = 'nginx:1.27', more = '') => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels:\n    app: web\n${more}spec:\n  terminationGracePeriodSeconds: 5\n  containers:\n  - name: web\n    image: ${image}\n`;

type World = ReturnType<typeof setUp>;
const ran = (c: World) => [...c.runtime.pods.values()].map(({ name }) => name);

test('a file starts a pod, and a mirror pod shows it', () => {
  const c = setUp();
  c.machine.files.write(path, manifest());
  c.advance('5s');
  const { metadata, spec, status } = c.pod('web-node-1');
  const hash = metadata.annotations!['kubernetes.io/config.hash']!;
  assert.match(hash, /^[0-9a-f]{32}$/);
  assert.equal(metadata.annotations, { 'kubernetes.io/config.hash': hash, 'kubernetes.io/config.mirror': hash, 'kubernetes.io/config.seen': '2026-01-01T00:00:00Z', 'kubernetes.io/config.source': 'file' });
  assert.is.not(metadata.uid, hash);
  const { uid } = c.client.get('Node', { name: 'node-1' }).metadata;
  assert.equal(metadata.ownerReferences, [{ apiVersion: 'v1', kind: 'Node', name: 'node-1', uid, controller: true }]);
  assert.equal([metadata.labels, spec.nodeName, spec.tolerations?.[0]], [{ app: 'web' }, 'node-1', { effect: 'NoExecute', operator: 'Exists' }]);
  assert.equal([status.phase, status.containerStatuses![0]!.ready, status.qosClass], ['Running', true, 'BestEffort']);
  assert.equal([...c.runtime.pods.keys()], [hash]);
  assert.is(c.kubelet.handlers.exec(c.pod('web-node-1'), 'web', ['echo', 'hi']).stdout, 'hi\n');
  assert.equal(c.client.list('Event', { fieldSelector: `involvedObject.uid=${hash}` }).items.map(({ reason }) => reason), ['Pulling', 'Pulled', 'Created', 'Started']);
});

test('a deleted mirror pod comes back, and its containers do not notice', () => {
  for (const grace of [undefined, 0]) {
    const c = setUp();
    c.machine.files.write(path, manifest());
    c.advance('5s');
    const before = c.pod('web-node-1');
    c.remove('web-node-1', grace);
    c.advance('1s');
    const after = c.pod('web-node-1');
    assert.is.not(after.metadata.uid, before.metadata.uid);
    assert.is(after.metadata.annotations!['kubernetes.io/config.mirror'], before.metadata.annotations!['kubernetes.io/config.mirror']);
    assert.equal(after.status.containerStatuses, before.status.containerStatuses);
    assert.is(after.status.phase, 'Running');
  }
});

test('an edited file ends the pod and starts another', () => {
  const c = setUp();
  c.machine.files.write(path, manifest());
  c.advance('5s');
  const before = c.pod('web-node-1');
  c.machine.files.write(path, manifest('nginx:1.25'));
  c.advance('6s');
  const after = c.pod('web-node-1');
  assert.is.not(after.metadata.annotations!['kubernetes.io/config.hash'], before.metadata.annotations!['kubernetes.io/config.hash']);
  assert.equal([after.spec.containers[0]!.image, after.status.phase, after.status.containerStatuses![0]!.restartCount], ['nginx:1.25', 'Running', 0]);
  assert.equal(ran(c), ['web-node-1']);
  // The same pod written otherwise is the same pod.
  c.machine.files.write(path, `# a comment\n${manifest('nginx:1.25')}`);
  c.advance('6s');
  assert.is(c.pod('web-node-1').metadata.uid, after.metadata.uid);
});

test('the new one waits for the old one since v1.22; before, both ran', () => {
  const slow = (grace: number) => manifest('busybox:1.36', '').replace('terminationGracePeriodSeconds: 5', `terminationGracePeriodSeconds: ${grace}`) + '    command: [sleep, "1000"]\n';
  for (const [version, pods] of [['v1.20', 2], ['v1.33', 1]] as const) {
    const c = setUp({ version });
    c.machine.files.write(path, slow(20));
    c.advance('5s');
    c.machine.files.write(path, slow(10));
    c.advance('5s');
    assert.is(c.runtime.pods.size, pods, version);
    c.advance('20s');
    assert.equal([c.runtime.pods.size, c.pod('web-node-1').status.phase, c.pod('web-node-1').spec.terminationGracePeriodSeconds], [1, 'Running', 10]);
  }
});

test('without its file a pod ends after its grace, and its mirror goes', () => {
  for (const [version, stays] of [['v1.20', false], ['v1.33', true]] as const) {
    const c = setUp({ version });
    c.machine.files.write(path, `${manifest('busybox:1.36')}    command: [sleep, "1000"]\n`);
    c.advance('5s');
    c.machine.files.remove(path);
    c.advance('3s');
    assert.equal([ran(c), c.exists('web-node-1')], [['web-node-1'], stays], version);
    c.advance('5s');
    assert.equal([ran(c), c.exists('web-node-1')], [[], false]);
  }
});

test('static pods run without the API server, and are told of when it comes back', () => {
  const c = setUp();
  c.links.cut('node-1', 'master');
  c.machine.files.write(path, manifest());
  c.advance('30s');
  assert.equal([ran(c), c.exists('web-node-1')], [['web-node-1'], false]);
  c.unit.crash();
  c.advance('30s');
  assert.equal(ran(c), ['web-node-1']);
  c.links.restore('node-1', 'master');
  c.advance('15s');
  assert.equal([c.pod('web-node-1').status.phase, c.pod('web-node-1').status.containerStatuses![0]!.restartCount], ['Running', 0]);
});

test('a kubelet that starts again finds its static pods; what was removed meanwhile ends', () => {
  const c = setUp();
  c.machine.files.write(path, manifest());
  c.machine.files.write('/etc/kubernetes/manifests/b.yaml', manifest().replaceAll('web', 'b'));
  c.advance('5s');
  const { containerID } = c.pod('web-node-1').status.containerStatuses![0]!;
  c.kubelet.stop();
  c.machine.files.remove('/etc/kubernetes/manifests/b.yaml');
  c.advance('5s');
  c.kubelet.start();
  c.advance('10s');
  assert.equal([ran(c), c.exists('b-node-1')], [['web-node-1'], false]);
  assert.equal([c.pod('web-node-1').status.containerStatuses![0]!.containerID, c.pod('web-node-1').status.containerStatuses![0]!.restartCount], [containerID, 0]);
});

test('files that are no pod, and hidden ones, are passed over; a broken edit ends the pod', () => {
  const c = setUp();
  const { files } = c.machine;
  files.write('/etc/kubernetes/manifests/.web.yaml.swp', manifest());
  files.write('/etc/kubernetes/manifests/notes.txt', 'not: a pod\n');
  files.write('/etc/kubernetes/manifests/bad.yaml', manifest('nginx', '  annotations: [a]\n'));
  files.write('/etc/kubernetes/manifests/invalid.yaml', manifest().replace('name: web\n  labels', 'name: Web\n  labels'));
  files.makeDirectory('/etc/kubernetes/manifests/sub');
  files.write('/etc/kubernetes/manifests/sub/web.yaml', manifest());
  c.advance('5s');
  assert.equal(ran(c), []);
  files.write('/etc/kubernetes/manifests/web.json', JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'json' }, spec: { containers: [{ name: 'a', image: 'nginx:1.27' }] } }));
  c.advance('5s');
  assert.equal(ran(c), ['json-node-1']);
  files.write('/etc/kubernetes/manifests/web.json', '{');
  c.advance('5s');
  assert.equal(ran(c), []);
});

test('the folder may be moved away and back, as kubeadm does', () => {
  const c = setUp();
  c.machine.files.write(path, manifest());
  c.advance('5s');
  c.machine.files.rename('/etc/kubernetes/manifests', '/etc/kubernetes/old');
  c.advance('10s');
  assert.equal([ran(c), c.exists('web-node-1')], [[], false]);
  c.machine.files.rename('/etc/kubernetes/old', '/etc/kubernetes/manifests');
  c.advance('5s');
  assert.equal(ran(c), ['web-node-1']);
});

test('a mirror pod of a node that is not registered any more is not made', () => {
  const c = setUp();
  c.machine.files.write(path, manifest());
  c.advance('5s');
  c.client.delete(c.client.get('Node', { name: 'node-1' }));
  c.advance('15s');
  c.remove('web-node-1', 0);
  c.advance('15s');
  assert.equal([ran(c), c.exists('web-node-1')], [['web-node-1'], false]);
});

test.run();
