// HorizontalPodAutoscalers in a cluster: from a sample to a number of pods, and what is said on the way.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Autoscaler } from '../../lib/autoscaling/index.ts';
import { type Cluster, createCluster, isPodReady } from '../../lib/index.ts';
import { serve, serveUsage, type Usage } from './metrics.ts';

const web = { cpu: '200m', name: 'web', replicas: 1 };

function deploy({ client }: Cluster, { name, cpu, replicas }: { name: string; cpu?: string; replicas: number } = web): void {
  const labels = { app: name };
  const container = { name: 'app', image: 'nginx', ...(cpu && { resources: { requests: { cpu } } }) };
  client.create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container] } } } });
}

const cpuTarget = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } };

function autoscale({ client }: Cluster, name: string, spec: object = {}, { version = 'v2' } = {}): void {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  client.create({ apiVersion: `autoscaling/${version}`, kind: 'HorizontalPodAutoscaler', metadata: { name }, spec: { scaleTargetRef, minReplicas: 1, maxReplicas: 10, metrics: [cpuTarget], ...spec } });
}

const autoscaler = ({ client }: Cluster, name: string) => client.get('HorizontalPodAutoscaler', { namespace: 'default', name }) as unknown as Autoscaler;
const conditions = (cluster: Cluster, name: string) => Object.fromEntries((autoscaler(cluster, name).status.conditions ?? []).map(({ type, status, reason, message }) => [type, [status, reason, message]]));
const replicas = ({ client }: Cluster, kind: 'Deployment' | 'StatefulSet' | 'ReplicationController' = 'Deployment', name = 'web') => (client.get(kind, { namespace: 'default', name }) as any).spec.replicas;
const events = ({ client }: Cluster, name: string) => client.list('Event', { namespace: 'default' }).items.filter(({ involvedObject }: any) => involvedObject.name === name && involvedObject.kind === 'HorizontalPodAutoscaler').map(({ reason, message }: any) => `${reason}: ${message}`);

/** A load that the ready pods of a Deployment share. */
function sharedLoad(cluster: Cluster, load: () => number): Usage {
  return (pod) => {
    const ready = cluster.client.list('Pod', { namespace: 'default', labelSelector: `app=${pod.metadata.labels!['app']}` }).items.filter(isPodReady).length;
    return { cpu: `${Math.floor(load() / Math.max(1, ready))}m`, memory: '20Mi' };
  };
}

async function clusterUnderLoad(load: () => number, version = 'v1.33') {
  const cluster = createCluster({ nodes: 2, version });
  await serveUsage(cluster, (pod) => sharedLoad(cluster, load)(pod));
  return cluster;
}

test('load makes pods, at most twice as many at once; when it ends they stay for five minutes', async () => {
  let load = 50;
  const cluster = await clusterUnderLoad(() => load);
  deploy(cluster);
  cluster.advance('6m');
  autoscale(cluster, 'web', {}, {});
  cluster.advance('14s');
  assert.is(autoscaler(cluster, 'web').status.conditions, undefined);
  cluster.advance('2s');
  assert.is(replicas(cluster), 1);
  assert.equal(autoscaler(cluster, 'web').status.currentMetrics, [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 25, averageValue: '50m' } } }]);
  assert.equal(conditions(cluster, 'web'), {
    AbleToScale: ['True', 'ReadyForNewScale', 'recommended size matches current size'],
    ScalingActive: ['True', 'ValidMetricFound', 'the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)'],
    ScalingLimited: ['False', 'DesiredWithinRange', 'the desired count is within the acceptable range'],
  });

  load = 600;
  cluster.advance('15s');
  assert.is(replicas(cluster), 4);
  assert.equal(conditions(cluster, 'web')['ScalingLimited'], ['True', 'ScaleUpLimit', 'the desired replica count is increasing faster than the maximum scale rate']);
  assert.equal(conditions(cluster, 'web')['AbleToScale'], ['True', 'SucceededRescale', 'the HPA controller was able to update the target scale to 4']);
  const scaledAt = autoscaler(cluster, 'web').status.lastScaleTime!;
  assert.equal([autoscaler(cluster, 'web').status.currentReplicas, autoscaler(cluster, 'web').status.desiredReplicas], [1, 4]);
  cluster.advance('45s');
  assert.is(replicas(cluster), 6);
  assert.ok(autoscaler(cluster, 'web').status.lastScaleTime! > scaledAt);
  assert.match(await cluster.kubectl.text`get hpa web`, /web +Deployment\/web +cpu: \d+%\/50% +1 +10 +[46] /);

  load = 0;
  cluster.advance('4m');
  assert.is(replicas(cluster), 6);
  assert.equal(conditions(cluster, 'web')['AbleToScale'], ['True', 'ScaleDownStabilized', 'recent recommendations were higher than current one, applying the highest recent recommendation']);
  cluster.advance('90s');
  assert.is(replicas(cluster), 1);
  assert.equal(events(cluster, 'web'), [
    'SuccessfulRescale: New size: 4; reason: cpu resource utilization (percentage of request) above target',
    'SuccessfulRescale: New size: 6; reason: cpu resource utilization (percentage of request) above target',
    'SuccessfulRescale: New size: 1; reason: All metrics below target',
  ]);
  assert.equal(conditions(cluster, 'web')['ScalingLimited'], ['True', 'TooFewReplicas', 'the desired replica count is less than the minimum replica count']);
});

const missingApi = 'failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)';

for (const [version, prefix, targets] of [['v1.20', '', '<unknown>/50%'], ['v1.33', 'failed to get cpu resource metric value: ', 'cpu: <unknown>/50%']] as const) {
  test(`without a metrics API nothing is known (${version})`, async () => {
    const cluster = createCluster({ nodes: 1, version });
    deploy(cluster);
    autoscale(cluster, 'web', {}, { version: version === 'v1.20' ? 'v2beta2' : 'v2' });
    cluster.advance('16s');
    assert.equal(conditions(cluster, 'web'), {
      AbleToScale: ['True', 'SucceededGetScale', "the HPA controller was able to get the target's current scale"],
      ScalingActive: ['False', 'FailedGetResourceMetric', `the HPA was unable to compute the replica count: ${missingApi}`],
    });
    assert.equal(events(cluster, 'web'), [`FailedGetResourceMetric: ${missingApi}`, `FailedComputeMetricsReplicas: invalid metrics (1 invalid out of 1), first error is: ${prefix}${missingApi}`]);
    assert.ok((await cluster.kubectl.text`get hpa web`).includes(` ${targets} `));
    assert.match(await cluster.kubectl.text`describe hpa web`, /Deployment pods: +1 current \/ 0 desired/);
    const { apiVersion } = (cluster.client.list('Event', { namespace: 'default' }).items as any[]).find(({ reason }) => reason === 'FailedGetResourceMetric').involvedObject;
    assert.is(apiVersion, version === 'v1.20' ? 'autoscaling/v2beta2' : 'autoscaling/v2');
  });
}

test('a metrics API that does not answer is unavailable', async () => {
  const cluster = await clusterUnderLoad(() => 100);
  deploy(cluster);
  autoscale(cluster, 'web');
  cluster.client.delete({ kind: 'Deployment', metadata: { namespace: 'kube-system', name: 'adapter-metrics' } });
  cluster.advance('40s');
  assert.match(conditions(cluster, 'web')['ScalingActive']![2]!, /unable to fetch metrics from resource metrics API: the server is currently unable to handle the request \(get pods.metrics.k8s.io\)$/);
});

test('what requests nothing has no utilization', async () => {
  const cluster = await clusterUnderLoad(() => 100);
  deploy(cluster, { name: 'web', replicas: 1 });
  cluster.advance('6m');
  autoscale(cluster, 'web');
  cluster.advance('16s');
  const [pod] = cluster.client.list('Pod', { namespace: 'default' }).items;
  assert.is(conditions(cluster, 'web')['ScalingActive']![2], `the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container app of Pod ${pod!.metadata.name}`);
});

test('a target that is not there, is of no kind, or has no scale', () => {
  const cluster = createCluster({ nodes: 1 });
  const target = (kind: string, apiVersion = 'apps/v1') => ({ scaleTargetRef: { apiVersion, kind, name: 'web' } });
  autoscale(cluster, 'gone', target('Deployment'));
  autoscale(cluster, 'odd', target('Deployment', 'v1'));
  autoscale(cluster, 'scaleless', target('DaemonSet'));
  autoscale(cluster, 'set', target('StatefulSet'));
  cluster.advance('16s');
  const said = (name: string) => conditions(cluster, name)['AbleToScale'];
  const why = "the HPA controller was unable to get the target's current scale: ";
  assert.equal(said('gone'), ['False', 'FailedGetScale', `${why}deployments/scale.apps "web" not found`]);
  assert.equal(said('odd'), ['False', 'FailedGetScale', `${why}no matches for kind "Deployment" in group ""`]);
  assert.equal(said('scaleless'), ['False', 'FailedGetScale', `${why}the server could not find the requested resource`]);
  assert.equal(said('set'), ['False', 'FailedGetScale', `${why}statefulsets.apps "web" not found`]);
  assert.equal(events(cluster, 'gone'), ['FailedGetScale: deployments/scale.apps "web" not found']);
});

test('bounds hold without metrics, and nothing is left alone', () => {
  const cluster = createCluster({ nodes: 1 });
  deploy(cluster);
  autoscale(cluster, 'web', { minReplicas: 3, maxReplicas: 5 });
  cluster.advance('16s');
  assert.is(replicas(cluster), 3);
  cluster.client.patch('Deployment', { namespace: 'default', name: 'web' }, { spec: { replicas: 8 } });
  cluster.advance('15s');
  assert.is(replicas(cluster), 5);
  assert.equal(events(cluster, 'web').filter((text) => text.startsWith('SuccessfulRescale')), ['SuccessfulRescale: New size: 3; reason: Current number of replicas below Spec.MinReplicas', 'SuccessfulRescale: New size: 5; reason: Current number of replicas above Spec.MaxReplicas']);
  cluster.client.patch('Deployment', { namespace: 'default', name: 'web' }, { spec: { replicas: 0 } });
  cluster.advance('30s');
  assert.is(replicas(cluster), 0);
  assert.equal(conditions(cluster, 'web')['ScalingActive'], ['False', 'ScalingDisabled', 'scaling is disabled since the replica count of the target is zero']);
});

test('two autoscalers of the same pods do nothing, since v1.26', async () => {
  const clusters = [await clusterUnderLoad(() => 600), await clusterUnderLoad(() => 600, 'v1.25')];
  for (const cluster of clusters) {
    deploy(cluster);
    cluster.advance('6m');
    autoscale(cluster, 'a');
    autoscale(cluster, 'b', { maxReplicas: 8 });
    cluster.advance('46s');
  }
  const [now, then] = clusters as [Cluster, Cluster];
  const text = 'pods by selector app=web are controlled by multiple HPAs: [default/a default/b]';
  const last = ['a', 'b'].map((name) => conditions(now, name)['ScalingActive']);
  assert.equal(last, [['False', 'AmbiguousSelector', text], ['False', 'AmbiguousSelector', text]]);
  assert.ok(events(now, 'b').includes(`AmbiguousSelector: ${text}`));
  assert.ok(events(then, 'a').every((one) => !one.startsWith('Ambiguous')) && replicas(then) === 6);
});

test('other kinds with a scale: sets, controllers, custom resources', async () => {
  const cluster = await clusterUnderLoad(() => 450);
  const { client } = cluster;
  const template = { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'app', image: 'nginx', resources: { requests: { cpu: '100m' } } }] } };
  client.create({ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db' }, spec: { replicas: 1, serviceName: 'db', selector: { matchLabels: { app: 'db' } }, template } });
  client.create({ apiVersion: 'v1', kind: 'ReplicationController', metadata: { name: 'old' }, spec: { replicas: 1, selector: { app: 'old' }, template: { ...template, metadata: { labels: { app: 'old' } } } } });
  const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const subresources = { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size', labelSelectorPath: '.status.selector' } };
  client.create({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'farms.example.com' }, spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'farms', kind: 'Farm' }, versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, subresources }] } });
  cluster.advance('1s');
  client.create({ apiVersion: 'example.com/v1', kind: 'Farm', metadata: { name: 'cows' }, spec: { size: 2 } });
  client.patch('Farm', { namespace: 'default', name: 'cows' }, { status: { size: 2, selector: 'app=old' } }, { type: 'merge', subresource: 'status' });
  cluster.advance('6m');
  autoscale(cluster, 'db', { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db' } });
  autoscale(cluster, 'old', { scaleTargetRef: { apiVersion: 'v1', kind: 'ReplicationController', name: 'old' }, maxReplicas: 3 });
  autoscale(cluster, 'cows', { scaleTargetRef: { apiVersion: 'example.com/v1', kind: 'Farm', name: 'cows' }, minReplicas: 4 });
  cluster.advance('16s');
  assert.is(replicas(cluster, 'StatefulSet', 'db'), 4);
  assert.is(replicas(cluster, 'ReplicationController', 'old'), 3);
  assert.is((client.get('Farm', { namespace: 'default', name: 'cows' }) as any).spec.size, 4);
});

test('metrics of objects, of pods and from outside', async () => {
  const cluster = createCluster({ nodes: 1 });
  deploy(cluster);
  const value = (amount: string) => ({ items: [{ describedObject: { name: 'main' }, timestamp: cluster.now, value: amount }] });
  const asked: string[] = [];
  await serve(cluster, { name: 'custom.metrics.k8s.io', version: 'v1beta2', resources: [] }, ({ pathname, searchParams }) => {
    asked.push(`${pathname.replace(/.*default\//, '')}?${searchParams}`);
    if (pathname.endsWith('/ingresses.networking.k8s.io/main/hits')) return value('7500m');
    if (!pathname.endsWith('/pods/*/rps')) return undefined;
    return { items: cluster.client.list('Pod', { namespace: 'default' }).items.map(({ metadata }) => ({ describedObject: { name: metadata.name }, timestamp: cluster.now, value: '15' })) };
  });
  await serve(cluster, { name: 'external.metrics.k8s.io', version: 'v1beta1', resources: [] }, ({ pathname }) => (pathname.endsWith('/queue') ? { items: [{ value: '20' }, { value: '10' }] } : undefined));
  const metric = { name: 'queue', selector: { matchLabels: { topic: 'orders' } } };
  const metrics = [
    { type: 'Object', object: { describedObject: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'main' }, metric: { name: 'hits' }, target: { type: 'Value', value: '5' } } },
    { type: 'Pods', pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '10' } } },
    { type: 'External', external: { metric, target: { type: 'AverageValue', averageValue: '10' } } },
    { type: 'External', external: { metric: { name: 'none' }, target: { type: 'Value', value: '1' } } },
  ];
  autoscale(cluster, 'web', { metrics });
  cluster.advance('16s');
  assert.is(replicas(cluster), 3);
  assert.equal(autoscaler(cluster, 'web').status.currentMetrics, [
    { type: 'Object', object: { describedObject: metrics[0]!.object!.describedObject, metric: { name: 'hits' }, current: { value: '7500m' } } },
    { type: 'Pods', pods: { metric: { name: 'rps' }, current: { averageValue: '15' } } },
    { type: 'External', external: { metric, current: { averageValue: '30' } } },
    { type: '' },
  ]);
  assert.ok(asked.includes('pods/*/rps?labelSelector=app%3Dweb'));
  const name = 'external metric queue(&LabelSelector{MatchLabels:map[string]string{topic: orders,},MatchExpressions:[]LabelSelectorRequirement{},})';
  assert.equal(events(cluster, 'web'), [
    'FailedGetExternalMetric: unable to get external metric default/none/nil: unable to fetch metrics from external metrics API: the server could not find the requested resource (get none.external.metrics.k8s.io)',
    `SuccessfulRescale: New size: 3; reason: ${name} above target`,
  ]);
});

test('in v1.20 the role of the controller knows no external metrics, and what is kept has a number for each amount', async () => {
  const cluster = createCluster({ nodes: 1, version: 'v1.20' });
  deploy(cluster);
  await serve(cluster, { name: 'custom.metrics.k8s.io', version: 'v1beta1', resources: [] }, ({ pathname }) => (pathname.endsWith('/hits') ? { items: [{ describedObject: { name: 'main' }, timestamp: cluster.now, value: '12500m' }] } : undefined));
  const describedObject = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'main' };
  const metrics = [
    { type: 'External', external: { metric: { name: 'queue' }, target: { type: 'Value', value: '5' } } },
    { type: 'Object', object: { describedObject, metric: { name: 'errors' }, target: { type: 'Value', value: '5' } } },
    { type: 'Object', object: { describedObject, metric: { name: 'hits' }, target: { type: 'AverageValue', averageValue: '5' } } },
  ];
  autoscale(cluster, 'web', { metrics }, { version: 'v2beta2' });
  cluster.advance('16s');
  assert.is(replicas(cluster), 3);
  assert.equal(autoscaler(cluster, 'web').status.currentMetrics, [{ type: '' }, { type: '' }, { type: 'Object', object: { describedObject: { kind: '', name: '' }, metric: { name: 'hits' }, current: { value: '0', averageValue: '12500m' } } }]);
  const account = 'system:serviceaccount:kube-system:horizontal-pod-autoscaler';
  assert.equal(events(cluster, 'web').slice(0, 2), [
    `FailedGetExternalMetric: unable to get external metric default/queue/nil: unable to fetch metrics from external metrics API: queue.external.metrics.k8s.io is forbidden: User "${account}" cannot list resource "queue" in API group "external.metrics.k8s.io" in the namespace "default"`,
    'FailedGetObjectMetric: unable to get metric errors: Ingress on default main/unable to fetch metrics from custom metrics API: the server could not find the requested resource (get ingresses.networking.k8s.io.custom.metrics.k8s.io main)',
  ]);
});

test('one container of each pod, since v1.27', async () => {
  const metrics = [{ type: 'ContainerResource', containerResource: { name: 'cpu', container: 'app', target: { type: 'Utilization', averageUtilization: 50 } } }];
  const cluster = await clusterUnderLoad(() => 300);
  deploy(cluster);
  cluster.advance('6m');
  autoscale(cluster, 'web', { metrics });
  cluster.advance('16s');
  assert.is(replicas(cluster), 3);
  assert.equal(events(cluster, 'web'), ['SuccessfulRescale: New size: 3; reason: cpu container resource utilization (percentage of request) above target']);
  const then = createCluster({ nodes: 1, version: 'v1.26' });
  assert.throws(() => autoscale(then, 'web', { metrics }), /spec.metrics\[0\].containerResource: Required value: must populate information for the given metric source/);
});

const metricsServer = 'https://github.com/kubernetes-sigs/metrics-server/releases/latest/download/components.yaml';
const insecure = JSON.stringify([{ op: 'add', path: '/spec/template/spec/containers/0/args/-', value: '--kubelet-insecure-tls' }]);

test('the walkthrough of the documentation: php-apache, metrics-server, a load generator', async () => {
  const cluster = createCluster({ nodes: 2 });
  const { kubectl, client } = cluster;
  await kubectl.text`apply -f ${metricsServer}`;
  await kubectl.text`patch deployment metrics-server -n kube-system --type=json -p ${insecure}`;
  const labels = { run: 'php-apache' };
  const container = { name: 'php-apache', image: 'registry.k8s.io/hpa-example', ports: [{ containerPort: 80 }], resources: { limits: { cpu: '500m' }, requests: { cpu: '200m' } } };
  client.create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'php-apache' }, spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container] } } } });
  client.create({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'php-apache' }, spec: { ports: [{ port: 80 }], selector: labels } });
  await kubectl.text`autoscale deployment php-apache --cpu-percent=50 --min=1 --max=10`;
  cluster.advance('90s');
  assert.match(await kubectl.text`get hpa`, /php-apache +Deployment\/php-apache +cpu: 0%\/50% +1 +10 +1 /);
  await kubectl.text`run load-generator --image=busybox:1.28 --restart=Never -- /bin/sh -c ${'while sleep 0.01; do wget -q -O- http://php-apache; done'}`;
  cluster.advance('3m');
  const { currentReplicas = 0 } = autoscaler(cluster, 'php-apache').status;
  assert.ok(currentReplicas > 3 && currentReplicas <= 10, `${currentReplicas} replicas`);
  assert.ok(events(cluster, 'php-apache').includes('SuccessfulRescale: New size: 4; reason: cpu resource utilization (percentage of request) above target'));
});

test.run();
