// The VerticalPodAutoscaler: what it recommends, and what each mode does to pods.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ContainerAggregate, ContainerHistory } from '../../lib/autoscaling/vertical/aggregate.ts';
import { recommendations } from '../../lib/autoscaling/vertical/estimate.ts';
import { createCluster } from '../../lib/index.ts';

const MiB = 2 ** 20;
const minute = 60_000;
const start = Date.UTC(2026, 0, 1);

/** `count` samples, one a minute. */
function recommended({ cores = 0, memory = 0, count = 1 }: { cores?: number; memory?: number; count?: number }) {
  const aggregate = new ContainerAggregate();
  const history = new ContainerHistory(aggregate);
  for (let i = 0; i < count; i++) {
    history.addCpu(cores, start + i * minute);
    history.addMemory(memory, start + i * minute);
  }
  return recommendations(new Map([['c', aggregate]]), () => ['cpu', 'memory'])[0]!;
}

test('recommendations stand on the steps that real ones stand on', () => {
  const cpu = [0.1, 0.13, 0.15, 0.165, 0.2, 0.245, 0.27, 0.35, 0.405, 0.44, 0.47, 0.5].map((cores) => recommended({ cores }).target.cpu);
  assert.equal(cpu, ['126m', '163m', '182m', '203m', '247m', '296m', '323m', '410m', '476m', '511m', '548m', '587m']);
  const memory = [250, 270, 290, 320, 350, 400, 430, 450].map((size) => recommended({ memory: size * MiB }).target.memory);
  assert.equal(memory, ['323522422', '351198544', '351198544', '410771395', '442809964', '511772986', '548861636', '548861636']);
});

test('the least is 25m and 250Mi for a pod; bounds come nearer with time', () => {
  assert.equal(recommended({}).target, { cpu: '25m', memory: '262144k' });
  assert.equal(recommended({ cores: 0.5, memory: 300 * MiB }).upperBound, { cpu: '100G', memory: '100T' });
  const [hour, day, week] = [60, 24 * 60, 7 * 24 * 60].map((count) => recommended({ cores: 0.5, count: count + 1 }));
  assert.equal([hour, day, week].map((one) => one!.lowerBound.cpu), ['559m', '585m', '586m']);
  assert.equal([hour, day, week].map((one) => one!.upperBound.cpu), ['14675m', '1174m', '670m']);
  const many = new Map(['a', 'b'].map((name) => [name, new ContainerAggregate()]));
  assert.equal(recommendations(many, () => ['cpu', 'memory']).map(({ target }) => target), ['a', 'b'].map(() => ({ cpu: '12m', memory: '131072k' })));
});

test('of memory the peak of a day counts, of cpu 90 % of the time; the old fades', () => {
  const aggregate = new ContainerAggregate();
  const history = new ContainerHistory(aggregate);
  for (let i = 0; i < 100; i++) history.addCpu(i < 95 ? 0.1 : 2, start + i * minute);
  for (let i = 0; i < 100; i++) history.addMemory((i === 50 ? 900 : 300) * MiB, start + i * minute);
  const [first] = recommendations(new Map([['c', aggregate]]), () => ['cpu', 'memory']);
  assert.equal(first!.target, { cpu: '126m', memory: recommended({ memory: 900 * MiB }).target.memory });
  for (let i = 0; i < 100; i++) history.addCpu(2, start + 5 * 24 * 60 * minute + i * minute);
  assert.is(aggregate.cpu.percentile(0.05) > 2, true);
  const again = ContainerAggregate.load(aggregate.save(start));
  for (const share of [0.5, 0.9, 0.95]) assert.is(again.cpu.percentile(share), aggregate.cpu.percentile(share));
});

type Cluster = ReturnType<typeof createCluster>;
const metricsServer = 'https://github.com/kubernetes-sigs/metrics-server/releases/latest/download/components.yaml';
const insecure = JSON.stringify([{ op: 'add', path: '/spec/template/spec/containers/0/args/-', value: '--kubelet-insecure-tls' }]);

/** Two pods that use a whole core each and ask for little, and an autoscaler over them. */
function made(updateMode: string | undefined, { replicas = 2, policy, measured = true, version }: { replicas?: number; policy?: object; measured?: boolean; version?: string } = {}): Cluster {
  const c = createCluster({ nodes: 2, verticalPodAutoscaler: true, ...(version && { version }) });
  if (measured) {
    c.kubectl.text`apply -f ${metricsServer}`;
    c.kubectl.text`patch deployment metrics-server -n kube-system --type=json -p ${insecure}`;
  }
  const template = { metadata: { labels: { app: 'busy' } }, spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'busy', image: 'polinux/stress', command: ['stress', '--cpu', '1'], resources: { requests: { cpu: '200m', memory: '100Mi' }, limits: { cpu: '1', memory: '200Mi' } } }] } };
  c.client.create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'busy', namespace: 'default' }, spec: { replicas, selector: { matchLabels: { app: 'busy' } }, template } });
  c.advance('30s');
  const spec = { targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'busy' }, ...(updateMode && { updatePolicy: { updateMode } }), ...(policy && { resourcePolicy: { containerPolicies: [{ containerName: '*', ...policy }] } }) };
  c.client.create({ apiVersion: 'autoscaling.k8s.io/v1', kind: 'VerticalPodAutoscaler', metadata: { name: 'busy', namespace: 'default' }, spec });
  return c;
}

const pods = (c: Cluster) => c.client.list('Pod', { namespace: 'default' }).items;
const requests = (c: Cluster) => pods(c).map(({ spec }) => spec.containers[0]!.resources!.requests!['cpu']);
const restarts = (c: Cluster) => pods(c).map(({ status }) => status.containerStatuses![0]!.restartCount);
const uids = (c: Cluster) => pods(c).map(({ metadata }) => metadata.uid).sort();
const events = (c: Cluster, reason: string) => c.client.list('Event', { namespace: 'default' }).items.filter((event) => event.reason === reason).map(({ message }) => message);

test('Off: it recommends, and leaves pods alone', async () => {
  const c = made('Off');
  const before = uids(c);
  c.advance('4m');
  assert.equal(uids(c), before);
  assert.equal(requests(c), ['200m', '200m']);
  assert.match(await c.kubectl.text`get vpa`, /^NAME +MODE +CPU +MEM +PROVIDED +AGE\nbusy +Off +1168m +262144k +True +\S+\n$/);
  await c.kubectl.text`rollout restart deployment busy`;
  c.advance('30s');
  assert.equal(requests(c), ['200m', '200m']);
});

test('Initial: only pods that are made anew get it', async () => {
  const c = made('Initial');
  const before = uids(c);
  c.advance('3m');
  assert.equal(uids(c), before);
  await c.kubectl.text`rollout restart deployment busy`;
  c.advance('30s');
  assert.equal(requests(c), ['1168m', '1168m']);
  assert.equal(pods(c)[0]!.spec.containers[0]!.resources!.limits, { cpu: '5840m', memory: '500Mi' });
  assert.equal(pods(c)[0]!.metadata.annotations, { vpaObservedContainers: 'busy', vpaUpdates: 'Pod resources updated by busy: container 0: cpu request, memory request, cpu limit, memory limit', 'kubectl.kubernetes.io/restartedAt': pods(c)[0]!.metadata.annotations!['kubectl.kubernetes.io/restartedAt'] });
});

test('Recreate, which is the default: pods go one after the other, and come back larger', () => {
  const c = made(undefined);
  const before = uids(c);
  c.advance('5m');
  assert.not.ok(uids(c).some((uid) => before.includes(uid)));
  assert.equal(requests(c), ['1168m', '1168m']);
  assert.equal(restarts(c), [0, 0]);
  assert.equal(new Set(events(c, 'EvictedByVPA')), new Set(['Pod was evicted by VPA Updater to apply resource recommendation.']));
  assert.match(events(c, 'EvictedPod')[0]!, /^VPA Updater evicted Pod busy-\w+-\w+ to apply resource recommendation\.$/);
  assert.equal(c.problems, []);
});

test('InPlaceOrRecreate: the same pods, no restarts', () => {
  const c = made('InPlaceOrRecreate');
  const before = uids(c);
  c.advance('5m');
  assert.equal(uids(c), before);
  assert.equal(requests(c), ['1168m', '1168m']);
  assert.equal(restarts(c), [0, 0]);
  assert.equal(new Set(events(c, 'InPlaceResizedByVPA')), new Set(['Pod was resized in place by VPA Updater.']));
});

test('a single replica is not sent away, nor is one that a budget protects', () => {
  const single = made('Recreate', { replicas: 1 });
  const before = uids(single);
  single.advance('3m');
  assert.equal(uids(single), before);
  const c = made('Recreate');
  c.client.create({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'busy', namespace: 'default' }, spec: { minAvailable: 2, selector: { matchLabels: { app: 'busy' } } } });
  c.advance('3m');
  assert.equal(requests(c), ['200m', '200m']);
});

test('a pod changes in the direction that is required only', () => {
  const c = made('Recreate');
  c.client.patch('VerticalPodAutoscaler', { namespace: 'default', name: 'busy' }, { spec: { updatePolicy: { evictionRequirements: [{ resources: ['cpu', 'memory'], changeRequirement: 'TargetLowerThanRequests' }] } } }, { type: 'merge' });
  c.advance('3m');
  assert.equal(requests(c), ['200m', '200m']);
});

test('a policy bounds it; without metrics it recommends the least', () => {
  const c = made('Initial', { measured: false, policy: { minAllowed: { cpu: '50m' }, maxAllowed: { memory: '100Mi' }, controlledValues: 'RequestsOnly' } });
  c.advance('2m');
  const { status } = c.client.get('VerticalPodAutoscaler', { namespace: 'default', name: 'busy' }) as unknown as { status: { recommendation: { containerRecommendations: object[] } } };
  const amounts = { cpu: '50m', memory: '100Mi' };
  assert.equal(status.recommendation.containerRecommendations, [{ containerName: 'busy', lowerBound: amounts, target: amounts, uncappedTarget: { cpu: '25m', memory: '262144k' }, upperBound: amounts }]);
  c.client.delete(pods(c)[0]!);
  c.advance('10s');
  assert.ok(requests(c).includes('50m'));
  assert.ok(pods(c).every(({ spec }) => spec.containers[0]!.resources!.limits!['cpu'] === '1'));
});

test('it works from when its published definitions are applied', async () => {
  const c = createCluster({ nodes: 1 });
  await c.kubectl.text`create deployment web --image=nginx`;
  assert.is(await c.kubectl.text`apply -f https://raw.githubusercontent.com/kubernetes/autoscaler/vpa-release-1.5/vertical-pod-autoscaler/deploy/vpa-v1-crd-gen.yaml`, 'customresourcedefinition.apiextensions.k8s.io/verticalpodautoscalercheckpoints.autoscaling.k8s.io created\ncustomresourcedefinition.apiextensions.k8s.io/verticalpodautoscalers.autoscaling.k8s.io created\n');
  c.client.create({ apiVersion: 'autoscaling.k8s.io/v1', kind: 'VerticalPodAutoscaler', metadata: { name: 'web', namespace: 'default' }, spec: { targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } } });
  c.advance('2m');
  assert.match(await c.kubectl.text`get vpa`, /^NAME .*\nweb +Recreate +25m +262144k +True /);
  c.fault.crash('vpa-recommender');
  c.fault.start('vpa-recommender');
  c.advance('2m');
  assert.equal(c.problems, []);
});

test('what it does not understand it says', async () => {
  const c = createCluster({ nodes: 1, verticalPodAutoscaler: true });
  const vpa = (name: string, spec: object) => c.client.create({ apiVersion: 'autoscaling.k8s.io/v1', kind: 'VerticalPodAutoscaler', metadata: { name, namespace: 'default' }, spec });
  assert.throws(() => vpa('a', { targetRef: { kind: 'Deployment', name: 'a' }, updatePolicy: {} }), /^admission webhook "vpa\.k8s\.io" denied the request: spec\.updatePolicy\.updateMode: Required value/);
  assert.throws(() => vpa('a', { targetRef: { kind: 'Deployment', name: 'a' }, updatePolicy: { updateMode: 'Now' } }), /Unsupported value: "Now": supported values: "Off", "Initial", "Recreate", "InPlaceOrRecreate", "Auto"/);
  vpa('nobody', { targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'nobody' } });
  c.advance('2m');
  const conditions = (c.client.get('VerticalPodAutoscaler', { namespace: 'default', name: 'nobody' }) as unknown as { status: { conditions: { type: string; status: string; message?: string }[] } }).status.conditions;
  assert.equal(conditions.map(({ type, status, message }) => [type, status, message]), [
    ['ConfigUnsupported', 'True', 'Cannot read targetRef. Reason: Deployment default/nobody does not exist'],
    ['NoPodsMatched', 'True', 'No pods match this VPA object'],
    ['RecommendationProvided', 'False', 'No pods match this VPA object'],
  ]);
  await c.kubectl.text`delete crd verticalpodautoscalers.autoscaling.k8s.io`;
  c.advance('10s');
  await c.kubectl.text`run a --image=nginx`;
  c.advance('10s');
  assert.is(c.client.get('Pod', { namespace: 'default', name: 'a' }).metadata.annotations, undefined);
});

test.run();
