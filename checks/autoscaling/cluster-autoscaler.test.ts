// The cluster autoscaler over the groups of the small cloud: when machines come, when they go, and what keeps them.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseFlags } from '../../lib/autoscaling/index.ts';
import { createVersion } from '../../lib/api/index.ts';
import { createCluster } from '../../lib/index.ts';

type Options = NonNullable<Parameters<typeof createCluster>[0]>;
type CloudOptions = Exclude<Options['cloud'], boolean | undefined>;
type Cluster = ReturnType<typeof createCluster>;

const pool = { name: 'pool', min: 1, max: 4, cpus: 2, memory: '4Gi' };
const quick = ['--scale-down-unneeded-time=1m', '--scale-down-delay-after-add=1m'];
const made = (cloud: CloudOptions = {}, options: Options = {}): Cluster => createCluster({ ...options, cloud: { nodeGroups: [pool], autoscaler: true, ...cloud } });

/** Pods of 900m each: two to a machine. */
function burst(c: Cluster, replicas: number, { annotations = {}, volumes }: { annotations?: Record<string, string>; volumes?: object[] } = {}): void {
  const template = { metadata: { labels: { app: 'web' }, annotations }, spec: { containers: [{ name: 'web', image: 'nginx', resources: { requests: { cpu: '900m' } } }], ...(volumes && { volumes }) } };
  c.client.create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'default' }, spec: { replicas, selector: { matchLabels: { app: 'web' } }, template } });
}
const scale = (c: Cluster, replicas: number) => c.client.patch('Deployment', { namespace: 'default', name: 'web' }, { spec: { replicas } }, { type: 'merge' });
const nodes = (c: Cluster) => c.client.list('Node').items.map(({ metadata }) => metadata.name).filter((name) => name !== 'control-plane');
const events = (c: Cluster, reason: string, namespace = 'default') => c.client.list('Event', { namespace }).items.filter((event) => event.reason === reason).map(({ message }) => message!);
const running = (c: Cluster) => c.client.list('Pod', { namespace: 'default' }).items.filter(({ status }) => status.phase === 'Running').length;
const taints = (c: Cluster, name: string) => (c.client.get('Node', { name }).spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);

test('pods without a place bring machines, as many as the group may have', () => {
  const c = made();
  burst(c, 6);
  c.advance('25s');
  assert.equal([...new Set(events(c, 'TriggeredScaleUp'))], ['pod triggered scale-up: [{pool 1->3 (max: 4)}]']);
  assert.is(events(c, 'TriggeredScaleUp').length, 4);
  assert.equal(nodes(c), ['pool-1']);
  c.advance('35s');
  assert.equal(nodes(c), ['pool-1', 'pool-2', 'pool-3']);
  assert.is(running(c), 6);
  scale(c, 12);
  c.advance('2m');
  assert.is(nodes(c).length, 4);
  assert.is(running(c), 8);
  assert.ok(events(c, 'NotTriggerScaleUp').includes("pod didn't trigger scale-up: 1 max node group size reached"));
  assert.equal(events(c, 'ScaledUpGroup', 'kube-system').slice(0, 2), ['Scale-up: setting group pool size to 3 instead of 1 (max: 4)', 'Scale-up: group pool size set to 3 instead of 1 (max: 4)']);
});

test('idle machines go ten minutes later, down to the least', () => {
  const c = made();
  burst(c, 8);
  c.advance('1m30s');
  assert.is(nodes(c).length, 4);
  scale(c, 0);
  c.advance('9m');
  assert.is(nodes(c).length, 4);
  assert.equal(nodes(c).map((name) => taints(c, name)), [1, 2, 3, 4].map(() => ['DeletionCandidateOfClusterAutoscaler:PreferNoSchedule']));
  c.advance('3m');
  assert.is(nodes(c).length, 1);
  assert.is(events(c, 'ScaleDownEmpty', 'kube-system').length, 6);
  assert.match(events(c, 'ScaleDownEmpty', 'kube-system')[0]!, /^Scale-down: removing empty node "pool-\d"$/);
  c.advance('30m');
  assert.is(nodes(c).length, 1);
  assert.equal(c.problems, []);
});

test('a node is emptied before it goes; what wants to stay keeps it', () => {
  const c = made({ autoscaler: quick, nodeGroups: [{ ...pool, size: 2 }] });
  burst(c, 2);
  c.advance('10s');
  const spread = () => new Set(c.client.list('Pod', { namespace: 'default' }).items.map(({ spec }) => spec.nodeName)).size;
  assert.is(spread(), 2);
  c.client.create({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'web', namespace: 'default' }, spec: { minAvailable: 2, selector: { matchLabels: { app: 'web' } } } });
  c.advance('10m');
  assert.is(nodes(c).length, 2);
  c.client.patch('PodDisruptionBudget', { namespace: 'default', name: 'web' }, { spec: { minAvailable: 1 } }, { type: 'merge' });
  c.advance('8m');
  assert.is(nodes(c).length, 1);
  assert.is(running(c), 2);
  assert.equal(events(c, 'ScaleDown').sort(), ['deleting pod for node scale down', 'marked the node as toBeDeleted/unschedulable', 'nodes removed by cluster autoscaler']);
  assert.match(events(c, 'ScaleDown', 'kube-system')[0]!, /^Scale-down: removing node pool-\d, utilization: \{0\.45 0 0 0 cpu 0\.45\}, pods to reschedule: web-\w+-\w+$/);
});

for (const [what, blocked] of Object.entries({
  'an emptyDir': { volumes: [{ name: 'cache', emptyDir: {} }] },
  'safe-to-evict: false': { annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' } },
})) {
  test(`a pod with ${what} holds its node, until it is said to be safe`, () => {
    const c = made({ autoscaler: quick, nodeGroups: [{ ...pool, size: 2 }] });
    burst(c, 2, blocked);
    c.advance('8m');
    assert.is(nodes(c).length, 2);
    for (const { metadata } of c.client.list('Pod', { namespace: 'default' }).items) c.client.patch('Pod', metadata, { metadata: { annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'true' } } }, { type: 'merge' });
    c.advance('8m');
    assert.is(nodes(c).length, 1);
  });
}

test('a pod of nobody holds its node, as an annotation of the node does', () => {
  const c = made({ autoscaler: quick, nodeGroups: [{ ...pool, size: 3 }] });
  c.client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'lonely', namespace: 'default' }, spec: { nodeName: 'pool-2', containers: [{ name: 'c', image: 'nginx' }] } });
  c.client.patch('Node', { name: 'pool-3' }, { metadata: { annotations: { 'cluster-autoscaler.kubernetes.io/scale-down-disabled': 'true' } } }, { type: 'merge' });
  c.advance('8m');
  assert.equal(nodes(c), ['pool-2', 'pool-3']);
});

test('a pod that fits on no machine of any group brings none', () => {
  const c = made({ nodeGroups: [pool, { ...pool, name: 'gpu', taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] }] });
  const pod = (name: string, spec: object) => c.client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec: { containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu: '3' } } }], ...spec } });
  pod('large', {});
  c.advance('20s');
  assert.equal([...new Set(events(c, 'NotTriggerScaleUp'))], ["pod didn't trigger scale-up: 1 Insufficient cpu, 1 node(s) had untolerated taint {gpu: yes}"]);
  assert.is(nodes(c).length, 2);
});

test('of two groups the one grows that wastes less', () => {
  const c = made({ nodeGroups: [{ ...pool, name: 'large', cpus: 16, memory: '64Gi', min: 0 }, { ...pool, min: 0 }] });
  burst(c, 2);
  c.advance('1m');
  assert.equal(nodes(c), ['pool-1']);
  assert.is(running(c), 2);
});

test('a cloud that has no machines is asked again later', () => {
  const c = made();
  c.advance('15s');
  c.cloud.fail('InsufficientInstanceCapacity: no c2m4 left');
  burst(c, 4);
  c.advance('1m');
  assert.equal(events(c, 'FailedToScaleUpGroup', 'kube-system'), ['Scale-up failed for group pool: InsufficientInstanceCapacity: no c2m4 left']);
  assert.ok(events(c, 'NotTriggerScaleUp').includes("pod didn't trigger scale-up: 1 in backoff after failed scale-up"));
  c.advance('6m');
  assert.is(running(c), 4);
});

test('a machine that never joins is given back', () => {
  const c = made({ nodeGroups: [{ ...pool, boot: '1h' }], autoscaler: ['--max-node-provision-time=5m'] });
  burst(c, 4);
  c.advance('6m');
  assert.ok(events(c, 'ScaleUpTimedOut', 'kube-system').includes('Nodes added to group pool failed to register within 5m0s'));
  assert.is(events(c, 'DeleteUnregistered', 'kube-system').length, 1);
  assert.is(c.cloud.groups()[0]!.target, 1);
});

test('a machine that the cloud takes away is replaced by its group', () => {
  const c = made({ nodeGroups: [{ ...pool, size: 2 }] });
  burst(c, 2);
  c.advance('20s');
  c.cloud.terminate('pool-1');
  c.advance('2m');
  assert.equal(nodes(c), ['pool-2', 'pool-3']);
  c.advance('6m');
  assert.is(running(c), 2);
});

test('at v1.20 it tells in plain text', () => {
  const c = made({ autoscaler: quick }, { version: 'v1.20' });
  burst(c, 4);
  c.advance('1m');
  scale(c, 0);
  const status = c.client.get('ConfigMap', { namespace: 'kube-system', name: 'cluster-autoscaler-status' }).data!['status']!;
  assert.match(status, /^Cluster-autoscaler status at 2026-01-01 00:01:00 \+0000 UTC:\nCluster-wide:\n  Health:      Healthy \(ready=2 unready=0 notStarted=0 longNotStarted=0 registered=2 longUnregistered=0\)\n/);
  assert.match(status, /\nNodeGroups:\n  Name:        pool\n  Health: .* cloudProviderTarget=2 \(minSize=1, maxSize=4\)\)\n/);
  c.advance('5m');
  assert.ok(events(c, 'ScaleDown').includes('node removed by cluster autoscaler'));
});

test('in a pod it may do what its service account may, and ends with it', async () => {
  const c = made({ autoscaler: false });
  const { kubectl } = c;
  const key = { namespace: 'kube-system', name: 'cluster-autoscaler' };
  const deploy = (...flags: string[]) => {
    const container = { name: 'ca', image: 'registry.k8s.io/autoscaling/cluster-autoscaler:v1.33.0', command: ['./cluster-autoscaler', '--cloud-provider=kubook', ...flags] };
    const template = { metadata: { labels: { app: 'ca' } }, spec: { serviceAccountName: key.name, containers: [container] } };
    return c.client.create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: key, spec: { replicas: 1, selector: { matchLabels: { app: 'ca' } }, template } });
  };
  c.client.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: key });
  deploy('--nodes=1:2:pool');
  burst(c, 6);
  c.advance('30s');
  assert.match(await kubectl.text`logs -n kube-system deploy/cluster-autoscaler`, /^E0101 00:00:\d\d\.\d{6} {7}1 static_autoscaler\.go:337\] configmaps "cluster-autoscaler-status" is forbidden: User "system:serviceaccount:kube-system:cluster-autoscaler" cannot get resource/);
  assert.is(events(c, 'TriggeredScaleUp').length, 0);
  await kubectl.text`create clusterrolebinding ca --clusterrole=cluster-admin --serviceaccount=kube-system:cluster-autoscaler`;
  c.advance('1m30s');
  assert.equal(nodes(c), ['pool-1', 'pool-2']);
  assert.match(await kubectl.text`logs -n kube-system deploy/cluster-autoscaler`, /orchestrator\.go:\d+\] Estimated 1 nodes needed in pool\n/);
  assert.equal(c.problems, []);
  c.client.delete({ kind: 'Deployment', metadata: key });
  c.advance('1m');
  const written = c.requests().length;
  c.advance('30s');
  assert.not.ok(c.requests().slice(written).some(({ userAgent }) => userAgent === 'cluster-autoscaler'));
  deploy('--bogus=1');
  c.advance('20s');
  assert.match(await kubectl.text`logs -n kube-system deploy/cluster-autoscaler`, /unknown flag: --bogus\n/);
});

test('flags are read as the program reads them', () => {
  const version = createVersion();
  const flags = parseFlags(['--nodes=2:7:a', '--nodes=0:1:b', '--expander=most-pods', '--scale-down-unneeded-time=90s', '--v=4', '--cloud-provider=kubook', '--skip-nodes-with-system-pods=false'], version);
  assert.equal(flags.nodes, [{ id: 'a', min: 2, max: 7 }, { id: 'b', min: 0, max: 1 }]);
  assert.equal([flags.expander, flags['scale-down-unneeded-time'], flags['skip-nodes-with-system-pods'], flags['scan-interval']], ['most-pods', 90_000, false, 10_000]);
  assert.throws(() => parseFlags(['--scale-down-uneeded-time=1m'], version), /^unknown flag: --scale-down-uneeded-time$/);
  assert.throws(() => parseFlags(['--scan-interval=soon'], version), /invalid argument "soon" for "--scan-interval" flag/);
  assert.throws(() => parseFlags(['--nodes=5:1:a'], version), /max size must be greater or equal to min size/);
});

test.run();
