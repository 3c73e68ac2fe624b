import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Deployment, isConflict, type Pod, type ReplicaSet } from '../../lib/api/index.ts';
import { type ControlPlane, createControlPlane, run, template } from './control-plane.ts';

const test = suite('deployments');
const key = { namespace: 'default', name: 'web' };

function started(spec: object = {}, options: Parameters<typeof createControlPlane>[0] = {}): ControlPlane {
  const plane = createControlPlane({ version: 'v1.20', ...options });
  plane.client.create({ kind: 'Deployment', metadata: key, spec: { replicas: 4, selector: { matchLabels: { app: 'web' } }, template: template({ app: 'web' }), ...spec } });
  ready(plane);
  return plane;
}

/** Makes pods ready until nothing new comes. */
function ready(plane: ControlPlane, image?: string): void {
  for (let round = 0; round < 20; round++) {
    plane.advance('1s');
    const waiting = pods(plane).filter((pod) => !pod.metadata.deletionTimestamp && pod.status.phase === 'Pending' && (!image || pod.spec.containers[0]!.image === image));
    if (waiting.length === 0) return;
    for (const pod of waiting) run(plane, pod);
  }
}

const pods = (plane: ControlPlane) => plane.list<Pod>('Pod', 'default');
const sets = (plane: ControlPlane) => plane.list<ReplicaSet>('ReplicaSet', 'default');
const web = (plane: ControlPlane) => plane.client.get('Deployment', key) as Deployment;
const setImage = (plane: ControlPlane, image: string) => plane.client.patch('Deployment', key, { spec: { template: { spec: { containers: [{ name: 'c', image }] } } } });
const progressing = (plane: ControlPlane) => web(plane).status.conditions?.find(({ type }) => type === 'Progressing');
const sizes = (plane: ControlPlane) => Object.fromEntries(sets(plane).map((rs) => [rs.spec.template!.spec!.containers[0]!.image, rs.spec.replicas]));

test('a rolling update ends with new pods only, in every order of steps', () => {
  for (let seed = 1; seed <= 8; seed++) {
    const plane = started({}, { seed });
    setImage(plane, 'nginx:2');
    ready(plane);
    assert.equal(sizes(plane), { nginx: 0, 'nginx:2': 4 }, `seed ${seed}`);
    assert.is(pods(plane).length, 4, `seed ${seed}`);
    assert.is(web(plane).metadata.annotations?.['deployment.kubernetes.io/revision'], '2');
    assert.is(progressing(plane)?.reason, 'NewReplicaSetAvailable');
    // A conflict is how a late copy is noticed; anything else would be a mistake.
    assert.equal(plane.errors.filter(({ error }) => !isConflict(error)), [], `seed ${seed}`);
  }
});

test('a template that was there before is found again', () => {
  const plane = started();
  setImage(plane, 'nginx:2');
  ready(plane);
  setImage(plane, 'nginx');
  ready(plane);
  assert.is(sets(plane).length, 2);
  const old = sets(plane).find((rs) => rs.spec.replicas === 4)!;
  assert.is(old.metadata.annotations?.['deployment.kubernetes.io/revision'], '3');
  assert.is(old.metadata.annotations?.['deployment.kubernetes.io/revision-history'], '1');
});

test('Recreate makes no new pod while an old one is there', () => {
  const plane = started({ strategy: { type: 'Recreate' } });
  for (const pod of pods(plane)) plane.client.patch('Pod', { namespace: 'default', name: pod.metadata.name }, { metadata: { finalizers: ['example.com/hold'] } }, { type: 'merge' });
  setImage(plane, 'nginx:2');
  plane.advance('5s');
  assert.is(pods(plane).length, 4);
  assert.ok(pods(plane).every((pod) => pod.metadata.deletionTimestamp && pod.spec.containers[0]!.image === 'nginx'));
  for (const pod of pods(plane)) plane.client.patch('Pod', { namespace: 'default', name: pod.metadata.name }, { metadata: { finalizers: null } }, { type: 'merge' });
  ready(plane);
  assert.equal(sizes(plane), { nginx: 0, 'nginx:2': 4 });
});

test('a paused one scales but does not roll out', () => {
  const plane = started();
  plane.client.patch('Deployment', key, { spec: { paused: true, replicas: 6 } }, { type: 'merge' });
  setImage(plane, 'nginx:2');
  ready(plane);
  assert.equal(sizes(plane), { nginx: 6 });
  assert.is(progressing(plane)?.reason, 'DeploymentPaused');
  plane.client.patch('Deployment', key, { spec: { paused: null } }, { type: 'merge' });
  plane.advance('1s');
  assert.is(sets(plane).length, 2);
});

test('says that the deadline has passed, once', () => {
  const plane = started({ progressDeadlineSeconds: 30 });
  setImage(plane, 'bad');
  plane.advance('20s');
  assert.is(progressing(plane)?.reason, 'ReplicaSetUpdated');
  plane.advance('20s');
  const condition = progressing(plane)!;
  assert.is(condition.status, 'False');
  assert.is(condition.reason, 'ProgressDeadlineExceeded');
  assert.match(condition.message!, /^ReplicaSet "web-\w+" has timed out progressing\.$/);
  const { resourceVersion } = web(plane).metadata;
  plane.advance('10m');
  assert.is(web(plane).metadata.resourceVersion, resourceVersion);
});

test('keeps as many old replica sets as it is told', () => {
  const plane = started({ revisionHistoryLimit: 1 });
  for (const image of ['nginx:2', 'nginx:3', 'nginx:4']) {
    setImage(plane, image);
    ready(plane);
  }
  assert.equal(sizes(plane), { 'nginx:3': 0, 'nginx:4': 4 });
});

test('a hash that another template has already is counted, and another name is taken', () => {
  const plane = started();
  const [rs] = sets(plane);
  plane.client.delete(plane.client.get('Deployment', key), { propagationPolicy: 'Orphan' });
  plane.advance('2s');
  plane.client.patch('ReplicaSet', { namespace: 'default', name: rs!.metadata.name }, { metadata: { labels: { app: 'other' } } });
  plane.client.create({ kind: 'Deployment', metadata: key, spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template: template({ app: 'web' }) } });
  plane.advance('3s');
  assert.is(web(plane).status.collisionCount, 1);
  assert.is(sets(plane).length, 2);
  assert.ok(sets(plane).some(({ metadata }) => metadata.name !== rs!.metadata.name && metadata.ownerReferences?.[0]?.uid === web(plane).metadata.uid));
});

test('takes back replica sets that it once let go', () => {
  const plane = started();
  plane.client.delete(web(plane), { propagationPolicy: 'Orphan' });
  plane.advance('2s');
  assert.is(sets(plane)[0]!.metadata.ownerReferences, undefined);
  plane.client.create({ kind: 'Deployment', metadata: key, spec: { replicas: 4, selector: { matchLabels: { app: 'web' } }, template: template({ app: 'web' }) } });
  plane.advance('2s');
  assert.is(sets(plane).length, 1);
  assert.is(sets(plane)[0]!.metadata.ownerReferences?.[0]?.uid, web(plane).metadata.uid);
  assert.is(pods(plane).length, 4);
});

test('revisions have 64 bits, more than a number holds', () => {
  const plane = started();
  const [first] = sets(plane);
  plane.client.patch('ReplicaSet', first!.metadata, { metadata: { annotations: { 'deployment.kubernetes.io/revision': '3546343826724305832' } } });
  setImage(plane, 'nginx:2');
  ready(plane, 'nginx:2');
  assert.is(web(plane).metadata.annotations?.['deployment.kubernetes.io/revision'], '3546343826724305833');
});

test('the old way back: an annotation that names a revision', () => {
  const plane = started();
  setImage(plane, 'nginx:2');
  ready(plane);
  plane.client.patch('Deployment', key, { metadata: { annotations: { 'deprecated.deployment.rollback.to': '1' } } }, { type: 'merge' });
  ready(plane);
  assert.equal(sizes(plane), { nginx: 4, 'nginx:2': 0 });
  assert.ok(plane.events().some(({ reason, message }) => reason === 'DeploymentRollback' && message === 'Rolled back deployment "web" to revision 1'));
});

test('the event names the size before from v1.31 on', () => {
  const messages = (version: string) => started({}, { version }).events().filter(({ reason }) => reason === 'ScalingReplicaSet').map(({ message }) => message.replace(/web-\w+/, 'web-x'));
  assert.equal(messages('v1.20'), ['Scaled up replica set web-x to 4']);
  assert.equal(messages('v1.33'), ['Scaled up replica set web-x from 0 to 4']);
});

test.run();
