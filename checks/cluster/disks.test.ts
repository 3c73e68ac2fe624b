// Disks of a cloud: brought to the machine whose pods need them, taken away when nobody does, and what happens when a machine is lost.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cluster, createCluster } from '../../lib/index.ts';
import { createRandom } from '../../lib/sim/index.ts';

const test = suite('disks');

const stateful = `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{name: c, image: nginx, volumeMounts: [{name: data, mountPath: /data}]}]
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`;

const deployment = `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: c, image: nginx, volumeMounts: [{name: data, mountPath: /data}]}]
      volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
`;

async function cluster(manifest: string, version = 'v1.33'): Promise<Cluster> {
  const c = createCluster({ nodes: 3, cloud: { zones: ['kr-a'] }, version });
  c.file('it.yaml', manifest);
  await c.kubectl.text`apply -f it.yaml`;
  c.advance('30s');
  return c;
}

const pods = (c: Cluster) => c.client.list('Pod', { namespace: 'default' }).items;
const db = (c: Cluster) => c.client.get('Pod', { namespace: 'default', name: 'db-0' });
const node = (c: Cluster, name = db(c).spec.nodeName!) => c.client.get('Node', { name }).status;
const attachments = (c: Cluster) => c.client.list('VolumeAttachment').items.map(({ spec, status }) => `${spec.nodeName} ${status.attached}`);
const said = (c: Cluster, name: string, reason: string) => c.client.list('Event', { namespace: 'default' }).items.filter((event) => event.involvedObject.name === name && event.reason === reason).map(({ message }) => message);
const volume = (c: Cluster) => c.client.list('PersistentVolume').items[0]!;

test('a disk is attached before a pod starts, and detached after it has ended', async () => {
  const c = await cluster(stateful);
  const { nodeName } = db(c).spec;
  assert.is(db(c).status.phase, 'Running');
  assert.equal(attachments(c), [`${nodeName} true`]);
  const unique = `kubernetes.io/csi/disk.csi.kubook^${c.cloud.disks()[0]!.id}`;
  assert.equal([node(c).volumesInUse, node(c).volumesAttached], [[unique], [{ name: unique, devicePath: '' }]]);
  assert.equal(said(c, 'db-0', 'SuccessfulAttachVolume'), [`AttachVolume.Attach succeeded for volume "${volume(c).metadata.name}" `]);
  await c.kubectl.text`scale statefulset db --replicas=0`;
  c.advance('30s');
  assert.equal(attachments(c), []);
  assert.equal([node(c, nodeName).volumesInUse, node(c, nodeName).volumesAttached], [undefined, []]);
  await c.kubectl.text`delete pvc data-db-0`;
  c.advance('30s');
  assert.equal([c.cloud.disks(), c.client.list('PersistentVolume').items, c.problems], [[], [], []]);
});

test('a lost machine keeps its disk for six minutes after its pod is gone', async () => {
  const c = await cluster(stateful);
  await c.kubectl.text`exec db-0 -- sh -c ${'echo kept > /data/file'}`;
  c.fault.powerOff(db(c).spec.nodeName!);
  c.advance('7m');
  assert.ok(db(c).metadata.deletionTimestamp);
  await c.kubectl.text`delete pod db-0 --force --grace-period=0`;
  c.advance('5m');
  assert.is(db(c).status.phase, 'Pending');
  assert.equal(said(c, 'db-0', 'FailedAttachVolume'), [`Multi-Attach error for volume "${volume(c).metadata.name}" Volume is already exclusively attached to one node and can't be attached to another`]);
  c.advance('5m');
  assert.is(db(c).status.phase, 'Running');
  assert.is((await c.kubectl.text`exec db-0 -- cat /data/file`).trim(), 'kept');
  assert.equal(attachments(c), [`${db(c).spec.nodeName} true`]);
});

test('the taint out-of-service gives a machine up at once', async () => {
  const c = await cluster(stateful);
  const lost = db(c).spec.nodeName!;
  c.fault.powerOff(lost);
  c.advance('1m');
  await c.kubectl.text`taint nodes ${lost} node.kubernetes.io/out-of-service=nodeshutdown:NoExecute`;
  c.advance('1m');
  assert.is(db(c).status.phase, 'Running');
  assert.is.not(db(c).spec.nodeName, lost);
  assert.equal(c.problems, []);
});

test('two pods on two machines cannot have one disk: the event names the pod that has it', async () => {
  const c = await cluster(deployment);
  const first = pods(c)[0]!;
  await c.kubectl.text`cordon ${first.spec.nodeName!}`;
  await c.kubectl.text`scale deployment web --replicas=2`;
  c.advance('30s');
  const second = pods(c).find(({ metadata }) => metadata.name !== first.metadata.name)!;
  assert.is(second.status.phase, 'Pending');
  assert.equal(said(c, second.metadata.name, 'FailedAttachVolume'), [`Multi-Attach error for volume "${volume(c).metadata.name}" Volume is already used by pod(s) ${first.metadata.name}`]);
});

test('at v1.20 the kubelet says after two minutes what it waits for', async () => {
  const c = await cluster(deployment, 'v1.20');
  const first = pods(c)[0]!;
  await c.kubectl.text`cordon ${first.spec.nodeName!}`;
  await c.kubectl.text`scale deployment web --replicas=2`;
  c.advance('8m');
  const second = pods(c).find(({ metadata }) => metadata.name !== first.metadata.name)!;
  assert.match(said(c, second.metadata.name, 'FailedMount')[0]!, /^Unable to attach or mount volumes: unmounted volumes=\[data\], unattached volumes=\[.*\]: timed out waiting for the condition$/);
  assert.is(first.status.phase, 'Running', 'a disk in use is not taken away');
});

test('what the cloud refuses stands in the attachment and in an event', async () => {
  const c = createCluster({ nodes: 1, cloud: { zones: ['kr-a'] } });
  c.file('it.yaml', stateful);
  await c.kubectl.text`apply -f it.yaml`;
  c.advance('3s');
  c.cloud.fail('RequestLimitExceeded', { times: 2 });
  c.advance('3s');
  const failure = 'rpc error: code = Internal desc = RequestLimitExceeded';
  assert.is(c.client.list('VolumeAttachment').items[0]!.status.attachError.message, failure);
  assert.is(said(c, 'db-0', 'FailedAttachVolume')[0], `AttachVolume.Attach failed for volume "${volume(c).metadata.name}" : ${failure}`);
  c.advance('1m');
  assert.is(db(c).status.phase, 'Running');
  assert.is(c.client.list('VolumeAttachment').items[0]!.status.attachError, undefined);
});

test('a machine has places for sixteen disks, and the scheduler knows', async () => {
  const c = createCluster({ nodes: 1, cloud: { zones: ['kr-a'] } });
  const [driver] = c.client.get('CSINode', { name: 'worker-1' }).spec.drivers;
  assert.equal(driver, { name: 'disk.csi.kubook', nodeID: c.cloud.instances()[1]!.id, topologyKeys: ['topology.kubernetes.io/zone'], allocatable: { count: 16 } });
  c.cloud.fail('QuotaExceeded');
  c.file('it.yaml', stateful.replace('serviceName: db', 'serviceName: db\n  replicas: 17\n  podManagementPolicy: Parallel'));
  await c.kubectl.text`apply -f it.yaml`;
  c.advance('1m');
  const [waiting, ...others] = pods(c).filter(({ status }) => status.phase !== 'Running');
  assert.is(others.length, 0);
  assert.match(said(c, waiting!.metadata.name, 'FailedScheduling').at(-1)!, /1 node\(s\) exceed max volume count/);
  const failures = c.client.list('Event', { namespace: 'default' }).items.filter(({ reason }) => reason === 'ProvisioningFailed').map(({ message }) => message);
  assert.equal(failures, ['failed to provision volume with StorageClass "disk": rpc error: code = Internal desc = QuotaExceeded']);
  assert.equal(c.problems, []);
});

test('whatever stops and fails on the way, each disk ends where its pod is', async () => {
  for (const seed of [31, 32, 33]) {
    const random = createRandom(seed);
    const c = createCluster({ nodes: 3, cloud: { zones: ['kr-a'] }, seed });
    c.file('it.yaml', stateful.replace('serviceName: db', 'serviceName: db\n  replicas: 3\n  podManagementPolicy: Parallel'));
    await c.kubectl.text`apply -f it.yaml`;
    const pod = () => pods(c)[random.int(Math.max(1, pods(c).length))];
    const off = new Set<string>();
    const turn = (name: string) => (off.delete(name) ? c.fault.powerOn(name) : (off.add(name), c.fault.powerOff(name)));
    const acts = [
      () => pod() && c.client.delete(pod()!),
      () => pod() && c.client.delete(pod()!, { gracePeriodSeconds: 0 }),
      () => turn(`worker-${1 + random.int(3)}`),
      () => c.fault.crash('kube-controller-manager'),
      () => c.fault.crash('disk-csi-controller'),
      () => c.fault.crash('kubelet', `worker-${1 + random.int(3)}`),
      () => c.cloud.fail('Throttled', { times: 2, carriedOut: random.int(2) === 0 }),
    ];
    for (let i = 0; i < 12; i++) {
      acts[random.int(acts.length)]!();
      c.advance(`${1 + random.int(i % 4 === 3 ? 300 : 30)}s`);
    }
    for (const name of off) c.fault.powerOn(name);
    for (const name of ['worker-1', 'worker-2', 'worker-3']) c.fault.start('kubelet', name);
    for (const name of ['kube-controller-manager', 'disk-csi-controller']) c.fault.start(name);
    c.advance('20m');
    const where = pods(c).map(({ spec }) => spec.nodeName!).sort();
    const nodes = c.client.list('Node').items.flatMap(({ metadata: { name }, status }) => (status.volumesAttached ?? []).map(() => name)).sort();
    assert.equal(pods(c).map(({ status }) => status.phase), ['Running', 'Running', 'Running'], `seed ${seed}`);
    assert.equal([attachments(c).sort(), nodes, c.cloud.disks().map(({ attachedTo }) => attachedTo).sort()], [where.map((name) => `${name} true`), where, where], `seed ${seed}`);
    assert.equal(c.problems, [], `seed ${seed}`);
  }
});

test('nobody attaches for a driver that is not installed', async () => {
  for (const [version, message] of [['v1.20', 'attachdetachment timeout for volume h'], ['v1.33', 'timed out waiting for external-attacher of nobody.example.com CSI driver to attach volume h']] as const) {
    const c = createCluster({ nodes: 1, version });
    c.file('it.yaml', `${deployment.replace('spec: {accessModes', "spec: {storageClassName: '', accessModes")}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: there}
spec: {accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}, csi: {driver: nobody.example.com, volumeHandle: h}}
`);
    await c.kubectl.text`apply -f it.yaml`;
    c.advance('3m');
    const [pod] = pods(c);
    assert.equal([pod!.status.phase, ...said(c, pod!.metadata.name, 'FailedAttachVolume')], ['Pending', `AttachVolume.Attach failed for volume "there" : ${message}`]);
    c.client.create({ apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name: 'nobody.example.com' }, spec: { attachRequired: false } });
    c.advance('3m');
    assert.match(said(c, pod!.metadata.name, 'FailedMount').at(-1)!, /^MountVolume\.MountDevice failed for volume "there" : .*driver name nobody\.example\.com not found in the list of registered CSI drivers$/);
    assert.equal(attachments(c), [], 'what nobody needs to attach is forgotten');
  }
});

test('an attachment that somebody else has made is left to them', () => {
  const c = createCluster({ nodes: 1 });
  c.client.create({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'there' }, spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, csi: { driver: 'mine.example.com', volumeHandle: 'h' } } });
  c.client.create({ apiVersion: 'storage.k8s.io/v1', kind: 'VolumeAttachment', metadata: { name: 'by-hand' }, spec: { attacher: 'mine.example.com', nodeName: 'worker-1', source: { persistentVolumeName: 'there' } } });
  c.advance('10m');
  assert.equal(c.client.list('VolumeAttachment').items.map(({ metadata }) => metadata.name), ['by-hand']);
});

test.run();
