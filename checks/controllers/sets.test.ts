import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type DaemonSet, isPodReady, type Pod, type StatefulSet } from '../../lib/api/index.ts';
import { Informer } from '../../lib/client/index.ts';
import { type ControlPlane, createControlPlane, run, template } from './control-plane.ts';

const test = suite('stateful sets and daemon sets');

const key = { namespace: 'default', name: 'web' };
const pods = (plane: ControlPlane) => plane.list<Pod>('Pod', 'default').sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
const names = (plane: ControlPlane) => pods(plane).map(({ metadata }) => metadata.name);
const images = (plane: ControlPlane) => pods(plane).map(({ spec }) => spec.containers[0]!.image);
const setImage = (plane: ControlPlane, kind: string, image: string) => plane.client.patch(kind, key, { spec: { template: { spec: { containers: [{ name: 'c', image }] } } } });

function statefulSet(spec: object = {}, options: Parameters<typeof createControlPlane>[0] = {}): ControlPlane {
  const plane = createControlPlane(options);
  plane.client.create({ kind: 'StatefulSet', metadata: key, spec: { replicas: 3, serviceName: 'web', selector: { matchLabels: { app: 'web' } }, template: template({ app: 'web' }), ...spec } });
  plane.advance('1s');
  return plane;
}

/** Every pod becomes ready, one after the other, as long as that changes anything. */
function getReady(plane: ControlPlane, except: string[] = []): void {
  for (let round = 0; round < 40; round++) {
    const next = pods(plane).find((pod) => !isPodReady(pod) && !except.includes(pod.metadata.name));
    if (!next) return;
    run(plane, next);
    plane.advance('1s');
  }
}

test('pods come in order, and one at a time whatever the order of steps', () => {
  for (let seed = 1; seed <= 10; seed++) {
    const plane = statefulSet({}, { seed });
    for (const expected of [['web-0'], ['web-0', 'web-1'], ['web-0', 'web-1', 'web-2']]) {
      assert.equal(names(plane), expected, `seed ${seed}`);
      run(plane, pods(plane).at(-1)!);
      plane.advance('1s');
    }
    const created = plane.events().filter(({ reason }) => reason === 'SuccessfulCreate');
    assert.equal(created.map(({ message, count }) => [message, count]).sort(), [0, 1, 2].map((i) => [`create Pod web-${i} in StatefulSet web successful`, 1]));
    assert.equal(plane.errors, []);
  }
});

test('goes on after a crash between two writes', () => {
  for (let seed = 1; seed <= 8; seed++) {
    const plane = statefulSet({ podManagementPolicy: 'Parallel', replicas: 6 }, { seed });
    for (let crash = 0; crash < 4; crash++) {
      plane.manager.stop();
      plane.client.patch('StatefulSet', key, { spec: { replicas: crash % 2 ? 6 : 2 } }, { type: 'merge' });
      plane.manager.start();
      plane.settle();
    }
    plane.advance('5s');
    assert.is(names(plane).length, 6, `seed ${seed}`);
  }
});

test('a failed pod is replaced; one that succeeded since v1.29', () => {
  for (const [version, phase, replaced] of [['v1.20', 'Failed', true], ['v1.20', 'Succeeded', false], ['v1.28', 'Succeeded', false], ['v1.29', 'Succeeded', true], ['v1.33', 'Failed', true], ['v1.33', 'Succeeded', true]] as const) {
    const plane = statefulSet({ replicas: 2 }, { version });
    getReady(plane);
    const [first] = pods(plane);
    plane.client.updateStatus(first!, { phase });
    plane.advance('2s');
    assert.is(names(plane).length, 2, version);
    assert.is(pods(plane)[0]!.metadata.uid !== first!.metadata.uid, replaced, `${version} ${phase}`);
    const recreating = plane.events().filter(({ reason }) => reason.startsWith('Recreating'));
    assert.equal(recreating.map(({ message }) => message), replaced && version !== 'v1.33' ? [`StatefulSet default/web is recreating ${phase === 'Failed' ? 'failed' : 'terminated'} Pod web-0`] : []);
    assert.equal(plane.errors, [], version);
  }
});

test('a pod that is taken in gets its label, and says so', () => {
  const plane = createControlPlane();
  plane.client.create({ kind: 'Pod', metadata: { namespace: 'default', name: 'web-0', labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } });
  plane.client.create({ kind: 'StatefulSet', metadata: key, spec: { replicas: 1, serviceName: 'web', updateStrategy: { type: 'OnDelete' }, selector: { matchLabels: { app: 'web' } }, template: template({ app: 'web' }) } });
  run(plane, pods(plane)[0]!);
  plane.advance('1s');
  assert.is(pods(plane)[0]!.metadata.labels!['statefulset.kubernetes.io/pod-name'], 'web-0');
  assert.equal(plane.events().filter(({ component }) => component === 'statefulset-controller').map(({ message }) => message), ['update Pod web-0 in StatefulSet web successful']);
});

test('an update goes from the top down to the partition, and stops at a pod that does not get ready', () => {
  const plane = statefulSet({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } });
  getReady(plane);
  setImage(plane, 'StatefulSet', 'nginx:2');
  plane.advance('1s');
  getReady(plane, ['web-1']);
  assert.equal(images(plane), ['nginx', 'nginx:2', 'nginx:2']);
  const { status } = plane.client.get('StatefulSet', key) as StatefulSet;
  assert.equal([status.updatedReplicas, status.currentReplicas, status.currentRevision === status.updateRevision], [2, 1, false]);
  plane.client.delete({ kind: 'Pod', metadata: { namespace: 'default', name: 'web-0' } });
  plane.advance('1s');
  assert.equal(images(plane), ['nginx', 'nginx:2', 'nginx:2']);
});

test('OnDelete waits for the pods to be deleted; the history keeps as many revisions as asked for', () => {
  const plane = statefulSet({ updateStrategy: { type: 'OnDelete' }, revisionHistoryLimit: 1, podManagementPolicy: 'Parallel' });
  for (const image of ['nginx:2', 'nginx:3', 'nginx:4']) {
    getReady(plane);
    setImage(plane, 'StatefulSet', image);
    plane.advance('1s');
    assert.not.ok(images(plane).includes(image));
    for (const { metadata } of pods(plane)) plane.client.delete({ kind: 'Pod', metadata });
    plane.advance('1s');
    assert.equal(images(plane), [image, image, image]);
  }
  assert.ok(plane.list('ControllerRevision').length <= 3);
});

test('claims are made before the pod, outlive it, and go with the set where it says so', () => {
  const volumeClaimTemplates = [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }];
  const claims = (plane: ControlPlane) => plane.list('PersistentVolumeClaim').map(({ metadata }) => metadata.name);
  const plane = statefulSet({ volumeClaimTemplates, podManagementPolicy: 'Parallel' });
  assert.equal(claims(plane), ['data-web-0', 'data-web-1', 'data-web-2']);
  assert.equal(pods(plane)[1]!.spec.volumes!.find(({ name }) => name === 'data')!.persistentVolumeClaim, { claimName: 'data-web-1' });
  plane.client.delete({ kind: 'StatefulSet', metadata: key });
  plane.advance('3s');
  assert.equal([names(plane), claims(plane).length], [[], 3]);
  const tidy = statefulSet({ volumeClaimTemplates, podManagementPolicy: 'Parallel', persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' } });
  tidy.client.delete({ kind: 'StatefulSet', metadata: key });
  tidy.advance('3s');
  assert.equal(claims(tidy), []);
});

test('ordinals begin where they are told to; minReadySeconds holds the next pod back', () => {
  const plane = statefulSet({ replicas: 2, ordinals: { start: 5 }, minReadySeconds: 10 });
  assert.equal(names(plane), ['web-5']);
  run(plane, pods(plane)[0]!);
  plane.advance('8s');
  assert.equal(names(plane), ['web-5']);
  plane.advance('4s');
  assert.equal(names(plane), ['web-5', 'web-6']);
});

test('a pod that was made and lost while the watch was broken is missed in the end', () => {
  const plane = createControlPlane();
  plane.loop.delay = (actor) => (actor instanceof Informer && actor.name.endsWith('/Pod') && actor.lose(), 0);
  plane.client.create({ kind: 'StatefulSet', metadata: key, spec: { replicas: 1, serviceName: 'web', selector: { matchLabels: { app: 'web' } }, template: template({ app: 'web' }) } });
  plane.settle();
  assert.equal(names(plane), ['web-0']);
  plane.client.delete({ kind: 'Pod', metadata: { namespace: 'default', name: 'web-0' } }, { gracePeriodSeconds: 0 });
  plane.loop.delay = undefined;
  plane.advance('6m');
  assert.equal(names(plane), ['web-0']);
});

function daemonSet(spec: object = {}, { nodes = 4, ...options }: Parameters<typeof createControlPlane>[0] & { nodes?: number } = {}): ControlPlane {
  const plane = createControlPlane({ scheduler: true, only: ['daemonset', 'garbagecollector', 'serviceaccount'], ...options });
  const amounts = { cpu: '4', memory: '4Gi', pods: '10' };
  for (let i = 1; i <= nodes; i++) {
    plane.client.create({ kind: 'Node', metadata: { name: `n${i}`, labels: { disk: i % 2 ? 'ssd' : 'hdd' } }, spec: {}, status: { allocatable: amounts, capacity: amounts } });
    plane.client.patch('Node', { name: `n${i}` }, { spec: { taints: null } }, { type: 'merge' });
  }
  plane.advance('1s');
  plane.client.create({ kind: 'DaemonSet', metadata: key, spec: { selector: { matchLabels: { app: 'web' } }, template: template({ app: 'web' }), ...spec } });
  plane.advance('2s');
  return plane;
}

const places = (plane: ControlPlane) => pods(plane).map(({ spec }) => spec.nodeName).sort();
const counts = (plane: ControlPlane) => (plane.client.get('DaemonSet', key) as DaemonSet).status;

test('one pod on every node that fits, whatever happens to nodes', () => {
  for (let seed = 1; seed <= 6; seed++) {
    const ssd = { ...template({ app: 'web' }), spec: { containers: [{ name: 'c', image: 'nginx' }], nodeSelector: { disk: 'ssd' } } };
    const plane = daemonSet({ template: ssd }, { seed });
    assert.equal(places(plane), ['n1', 'n3'], `seed ${seed}`);
    plane.client.patch('Node', { name: 'n2' }, { metadata: { labels: { disk: 'ssd' } } }, { type: 'merge' });
    plane.client.patch('Node', { name: 'n1' }, { metadata: { labels: { disk: 'hdd' } } }, { type: 'merge' });
    plane.advance('35s');
    for (const pod of pods(plane)) if (pod.metadata.deletionTimestamp) plane.client.delete(pod, { gracePeriodSeconds: 0 });
    plane.advance('1s');
    assert.equal(places(plane), ['n2', 'n3'], `seed ${seed}`);
    plane.client.patch('Node', { name: 'n3' }, { spec: { taints: [{ key: 'dedicated', effect: 'NoSchedule' }] } }, { type: 'merge' });
    plane.advance('1s');
    assert.equal([places(plane), counts(plane).numberMisscheduled, counts(plane).desiredNumberScheduled], [['n2', 'n3'], 1, 1]);
    assert.equal(plane.errors, []);
  }
});

/** The kubelets' part: deleted pods go, others get ready but for `stuck` ones. */
function tend(plane: ControlPlane, stuck = 'never'): void {
  for (const pod of pods(plane)) {
    if (pod.metadata.deletionTimestamp) plane.client.delete(pod, { gracePeriodSeconds: 0 });
    else if (pod.spec.nodeName && !isPodReady(pod) && pod.spec.containers[0]!.image !== stuck) run(plane, pod);
  }
  plane.advance('1s');
}

test('an update keeps to maxUnavailable and stops when new pods do not get ready', () => {
  const plane = daemonSet({ updateStrategy: { rollingUpdate: { maxUnavailable: 2 } } });
  tend(plane);
  setImage(plane, 'DaemonSet', 'broken');
  for (let i = 0; i < 8; i++) {
    plane.advance('1s');
    assert.ok(pods(plane).filter((pod) => isPodReady(pod) && !pod.metadata.deletionTimestamp).length >= 2);
    tend(plane, 'broken');
  }
  assert.equal(images(plane).filter((image) => image === 'broken').length, 2);
  setImage(plane, 'DaemonSet', 'nginx');
  for (let i = 0; i < 8; i++) tend(plane, 'broken');
  assert.equal([images(plane), counts(plane).numberAvailable, plane.list('ControllerRevision').length], [['nginx', 'nginx', 'nginx', 'nginx'], 4, 2]);
});

test('with maxSurge a new pod stands beside the old one until it is ready', () => {
  const plane = daemonSet({ updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } });
  tend(plane);
  setImage(plane, 'DaemonSet', 'nginx:2');
  for (let i = 0; i < 16; i++) {
    plane.advance('1s');
    const ready = new Set(pods(plane).filter((pod) => isPodReady(pod) && !pod.metadata.deletionTimestamp).map(({ spec }) => spec.nodeName));
    assert.is(ready.size, 4);
    assert.ok(pods(plane).filter(({ metadata }) => !metadata.deletionTimestamp).length <= 5);
    tend(plane);
  }
  assert.equal(images(plane), ['nginx:2', 'nginx:2', 'nginx:2', 'nginx:2']);
});

test('adopts pods that fit, lets go of those whose labels no longer do', () => {
  const plane = daemonSet({}, { nodes: 1 });
  const [pod] = pods(plane);
  plane.client.patch('Pod', pod!.metadata, { metadata: { labels: { app: 'other' } } }, { type: 'merge' });
  plane.advance('2s');
  assert.equal(pods(plane).map(({ metadata }) => metadata.ownerReferences?.length ?? 0).sort(), [0, 1]);
  plane.client.delete({ kind: 'DaemonSet', metadata: key }, { propagationPolicy: 'Orphan' });
  plane.advance('2s');
  plane.client.create({ kind: 'DaemonSet', metadata: key, spec: { selector: { matchLabels: { app: 'web' } }, template: template({ app: 'web' }) } });
  plane.advance('2s');
  assert.is(pods(plane).filter(({ metadata }) => metadata.ownerReferences).length, 1);
  assert.is(plane.list('ControllerRevision').length, 1);
});

test('a revision keeps its template with sorted keys, as who compares bytes expects', () => {
  const plane = statefulSet();
  const sorted = (value: unknown): unknown => (Array.isArray(value) ? value.map(sorted) : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)])) : value);
  const { data } = plane.list('ControllerRevision')[0]!;
  assert.is(JSON.stringify(data), JSON.stringify(sorted(data)));
  assert.is((data as { spec: { template: { $patch: string } } }).spec.template.$patch, 'replace');
});

test.run();
