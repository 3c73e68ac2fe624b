// From what containers use to `kubectl top`: kubelet, metrics-server, metrics.k8s.io.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cluster, createCluster } from '../../lib/index.ts';

const latest = 'https://github.com/kubernetes-sigs/metrics-server/releases/latest/download/components.yaml';
const withArgs = (...args: string[]) => JSON.stringify(args.map((value) => ({ op: 'add', path: '/spec/template/spec/containers/0/args/-', value })));

/** A cluster with two deployments and metrics-server as it is published. */
function installed({ version, manifest = latest, args = [] as string[], nodes = 2 }: { version?: string; manifest?: string; args?: string[]; nodes?: number } = {}) {
  const cluster = createCluster({ nodes, ...(version && { version }) });
  const { kubectl } = cluster;
  kubectl.text`create deployment web --image=nginx --replicas=2`;
  kubectl.text`create deployment redis --image=redis`;
  kubectl.text`apply -f ${manifest}`;
  if (args.length > 0) kubectl.text`patch deployment metrics-server -n kube-system --type=json -p ${withArgs(...args)}`;
  cluster.advance('90s');
  return cluster;
}

const logOf = ({ kubectl }: Cluster) => kubectl.text`logs -n kube-system deploy/metrics-server`;
const down = (what: string) => `Error from server (ServiceUnavailable): the server is currently unable to handle the request (get ${what})`;

test('a kubelet tells what is used', async () => {
  const cluster = createCluster({ nodes: 1 });
  const { kubectl } = cluster;
  await kubectl.text`run busy --image=polinux/stress --command -- stress --cpu 1`;
  cluster.advance('60s');
  const metrics = await kubectl.text`get --raw /api/v1/nodes/worker-1/proxy/metrics/resource`;
  assert.match(metrics, /^# HELP container_cpu_usage_seconds_total \[STABLE\] Cumulative cpu time consumed by the container in core-seconds\n# TYPE container_cpu_usage_seconds_total counter\ncontainer_cpu_usage_seconds_total\{container="busy",namespace="default",pod="busy"\} 5\d\.\d+ \d{13}\n/);
  assert.match(metrics, /\ncontainer_start_time_seconds\{container="busy",namespace="default",pod="busy"\} 1\.76722560\d+e\+09\n/);
  const summary = JSON.parse(await kubectl.text`get --raw /api/v1/nodes/worker-1/proxy/stats/summary`);
  assert.equal([summary.node.nodeName, summary.pods[0].podRef.name, summary.pods[0].containers[0].cpu.usageNanoCores], ['worker-1', 'busy', 1e9]);
  assert.ok(summary.node.cpu.usageNanoCores > 1e9 && summary.node.memory.workingSetBytes > summary.pods[0].memory.workingSetBytes);
  const before = summary.node.cpu.usageCoreNanoSeconds;
  await kubectl.text`delete pod busy --now`;
  cluster.advance('30s');
  assert.ok(JSON.parse(await kubectl.text`get --raw /api/v1/nodes/worker-1/proxy/stats/summary`).node.cpu.usageCoreNanoSeconds > before);
});

test('over the network a kubelet asks the API server who that is and what he may', async () => {
  const cluster = createCluster({ nodes: 1 });
  const { kubectl } = cluster;
  await kubectl.text`run c --image=curlimages/curl --command -- sleep 3600`;
  cluster.advance('20s');
  const token = (await kubectl.text`create token default`).trim();
  const get = (header: string, path: string) => kubectl.text`exec c -- curl -sk -H ${header} https://10.0.0.11:10250${path}`;
  assert.is(await get('Accept: */*', '/stats/summary'), 'Unauthorized');
  assert.is(await get(`Authorization: Bearer ${token}`, '/stats/summary'), 'Forbidden (user=system:serviceaccount:default:default, verb=get, resource=nodes, subresource(s)=[stats])\n');
  await kubectl.text`create clusterrole stats --verb=get --resource=nodes/stats`;
  await kubectl.text`create clusterrolebinding stats --clusterrole=stats --serviceaccount=default:default`;
  cluster.advance('31s');
  assert.match(await get(`Authorization: Bearer ${token}`, '/stats/summary'), /"nodeName": "worker-1"/);
});

test('without --kubelet-insecure-tls no kubelet is believed', async () => {
  const cluster = installed();
  const { kubectl } = cluster;
  assert.match(await logOf(cluster), /^E0101 00:00:\S+ {7}1 scraper\.go:149\] "Failed to scrape node" err="Get \\"https:\/\/10\.0\.0\.11:10250\/metrics\/resource\\": tls: failed to verify certificate: x509: cannot validate certificate for 10\.0\.0\.11 because it doesn't contain any IP SANs" node="worker-1"$/m);
  assert.match(await kubectl.text`get pods -n kube-system`, /metrics-server-\S+ +0\/1 +Running/);
  assert.match(await kubectl.text`get apiservice v1beta1.metrics.k8s.io`, /False \(MissingEndpoints\)/);
  assert.match(await kubectl.text`top node`, 'error: Metrics API not available');
});

test('with it there are numbers after two scrapes', async () => {
  const cluster = installed({ args: ['--kubelet-insecure-tls'] });
  const { kubectl } = cluster;
  assert.match(await kubectl.text`get apiservice v1beta1.metrics.k8s.io`, /True/);
  const rows = (await kubectl.text`top node`).split('\n');
  assert.is(rows[0], 'NAME            CPU(cores)   CPU(%)   MEMORY(bytes)   MEMORY(%)   ');
  assert.match(rows[1]!, /^control-plane {3}13[45]m {9}3% {7}980Mi {11}12% {9}$/);
  assert.match(await kubectl.text`top pod -l app=web --no-headers`, /^web-\S+ +0m +4Mi +\nweb-\S+ +0m +4Mi +\n$/);
  assert.match(await kubectl.text`top pod -A --sort-by=memory`, /^NAMESPACE +NAME +CPU\(cores\) +MEMORY\(bytes\) +\nkube-system +metrics-server/);
  assert.match(await kubectl.text`top pod --containers --sum`, /^POD +NAME +CPU\(cores\) +MEMORY\(bytes\) +\nredis-\S+ +redis +2m[^]*\n +________ +________ +\n +\d+m +13Mi +\n$/);
  assert.match(await kubectl.text`get podmetrics -l app=redis`, /^NAME +CPU +MEMORY +WINDOW\nredis-\S+ +2m +5Mi +15s\n$/);
  assert.match(await kubectl.text`top pod nope`, 'Error from server (NotFound): pods "nope" not found');
  const list = JSON.parse(await kubectl.text`get --raw /apis/metrics.k8s.io/v1beta1/namespaces/default/pods?labelSelector=app%3Dredis`);
  assert.equal([list.kind, list.items.length, list.items[0].window, list.items[0].containers[0].usage], ['PodMetricsList', 1, '15s', { cpu: '2m', memory: '5Mi' }]);
  assert.is(cluster.client.list('pods.v1beta1.metrics.k8s.io', { namespace: 'default', labelSelector: 'app=web' }).items.length, 2);
});

const old = (version: string) => `https://github.com/kubernetes-sigs/metrics-server/releases/download/${version}/components.yaml`;

test('v0.3.7 on v1.20: all complaints of a round in one line, the kubelet computes', async () => {
  const cluster = installed({ version: 'v1.20', manifest: old('v0.3.7'), args: ['--kubelet-preferred-address-types=InternalIP'] });
  const { kubectl } = cluster;
  assert.match(await logOf(cluster), /1 manager\.go:111\] unable to fully collect metrics: \[unable to fully scrape metrics from source kubelet_summary:control-plane: unable to fetch metrics from Kubelet control-plane \(10\.0\.0\.10\): Get https:\/\/10\.0\.0\.10:10250\/stats\/summary\?only_cpu_and_memory=true: x509: cannot validate certificate for 10\.0\.0\.10 because it doesn't contain any IP SANs, unable/);
  assert.match(await kubectl.text`top node`, 'error: metrics not available yet');
  await kubectl.text`patch deployment metrics-server -n kube-system --type=json -p ${withArgs('--kubelet-insecure-tls')}`;
  cluster.advance('15s');
  assert.match(await kubectl.text`top node`, /^NAME +CPU\(cores\) +CPU% +MEMORY\(bytes\) +MEMORY% +\ncontrol-plane +135m/);
  await kubectl.text`scale deployment metrics-server -n kube-system --replicas=0`;
  cluster.advance('10s');
  assert.match(await kubectl.text`top node`, down('nodes.metrics.k8s.io'));
  assert.match(await kubectl.text`top pod web`, down('pods.metrics.k8s.io web'));
});

test('who may see: the reader that comes with metrics-server, asked again by metrics-server itself', async () => {
  const cluster = installed({ args: ['--kubelet-insecure-tls'], nodes: 1 });
  const { kubectl } = cluster;
  assert.match(await kubectl.text`top pod --as=jane`, 'Error from server (Forbidden): pods.metrics.k8s.io is forbidden: User "jane" cannot list resource "pods" in API group "metrics.k8s.io" in the namespace "default"');
  await kubectl.text`create rolebinding view --clusterrole=view --user=jane`;
  assert.match(await kubectl.text`top pod --as=jane`, /^NAME +CPU/);
  await kubectl.text`delete clusterrolebinding metrics-server:system:auth-delegator`;
  cluster.advance('11s');
  assert.match(await kubectl.text`top pod --as=jane`, /^Error from server \(InternalError\): an error on the server \("Internal Server Error: .*subjectaccessreviews\.authorization\.k8s\.io is forbidden: User .*system:serviceaccount:kube-system:metrics-server.* cannot create resource .*\) has prevented the request from succeeding \(get pods\.metrics\.k8s\.io\)/);
  assert.match(await kubectl.text`top pod`, /^NAME +CPU/);
});

/** What `kubectl logs` shows of metrics-server, without the time. */
const complaints = async (cluster: Cluster) => [...new Set((await logOf(cluster)).split('\n').map((line) => line.replace(/^([EIW])\d{4} \S+ +1 /, '$1 ')))];
const unrolled = { op: 'add', path: '/spec/strategy', value: { type: 'Recreate' } };

test('each missing condition has its own error', async () => {
  const cluster = installed({ args: ['--kubelet-insecure-tls'] });
  const { kubectl, fault } = cluster;
  await kubectl.text`patch deployment metrics-server -n kube-system --type=json -p ${JSON.stringify([unrolled])}`;
  const runsOn = (await kubectl.text`get pods -n kube-system -o jsonpath={.items[0].spec.nodeName}`).trim();
  const [there, ip] = runsOn === 'worker-1' ? ['worker-2', '10.0.0.12'] : ['worker-1', '10.0.0.11'];
  const said = async (path: string, args?: string[]) => {
    if (args) await kubectl.text`patch deployment metrics-server -n kube-system --type=json -p ${JSON.stringify(args.map((value) => ({ op: 'replace', path, value })))}`;
    cluster.advance('31s');
    return complaints(cluster);
  };
  const addresses = '/spec/template/spec/containers/0/args/2';
  const last = '/spec/template/spec/containers/0/args/5';

  fault.blockPort(there!, 10250);
  assert.ok((await said('')).includes(`E scraper.go:147] "Failed to scrape node, timeout to access kubelet" err="Get \\"https://${ip}:10250/metrics/resource\\": context deadline exceeded" node="${there}" timeout="10s"`));
  assert.match(await kubectl.text`top node`, new RegExp(`${there} +<unknown> +<unknown> +<unknown> +<unknown>`));
  fault.openPort(there!, 10250);
  fault.crash('kubelet', there);
  assert.ok((await said('')).some((line) => line.endsWith(`dial tcp ${ip}:10250: connect: connection refused" node="${there}"`)));
  fault.start('kubelet', there);

  assert.ok((await said(addresses, ['--kubelet-preferred-address-types=Hostname'])).some((line) => line.includes(`Get \\"https://${there}:10250/metrics/resource\\": dial tcp: lookup ${there} on 10.96.0.10:53: no such host`)));
  assert.ok((await said(addresses, ['--kubelet-preferred-address-types=ExternalDNS'])).includes(`E scraper.go:149] "Failed to scrape node" err="no address matched types [ExternalDNS]" node="${there}"`));
  assert.equal((await said(last, ['--kubelet-insecure-tsl'])).slice(0, 2), ['Error: unknown flag: --kubelet-insecure-tsl', 'Usage:']);
  assert.match(await kubectl.text`get pods -n kube-system`, /0\/1 +(CrashLoopBackOff|Error)/);
  assert.is((await said(last, ['--kubelet-insecure-tls --v=2']))[0], 'Error: unknown flag: --kubelet-insecure-tls --v');
  assert.is((await said(last, ['--metric-resolution=5s']))[0], 'Error: metric-resolution should be a time duration at least 10s, but value 5s provided');

  await said(last, ['--kubelet-insecure-tls']);
  await kubectl.text`patch clusterrole system:metrics-server --type=json -p ${JSON.stringify([{ op: 'remove', path: '/rules/0' }])}`;
  assert.ok((await said(addresses, ['--kubelet-preferred-address-types=InternalIP'])).includes(`E scraper.go:149] "Failed to scrape node" err="request failed, status: \\"403 Forbidden\\"" node="${there}"`));
  await kubectl.text`delete rolebinding metrics-server-auth-reader -n kube-system`;
  const why = 'unable to load configmap based request-header-client-ca-file: configmaps "extension-apiserver-authentication" is forbidden: User "system:serviceaccount:kube-system:metrics-server" cannot get resource "configmaps" in API group "" in the namespace "kube-system"';
  assert.ok((await said(last, ['--kubelet-insecure-tls=true'])).includes(`panic: ${why}`));
});

test('a tainted node, an image that is not there, a port that nobody listens on', async () => {
  const lonely = installed({ nodes: 0, version: 'v1.20', manifest: old('v0.3.7') });
  assert.match(await lonely.kubectl.text`get events -n kube-system`, /0\/1 nodes are available: 1 node\(s\) had taint \{node-role\.kubernetes\.io\/master: \}, that the pod didn't tolerate/);
  assert.match(await lonely.kubectl.text`get deploy -n kube-system`, /metrics-server +0\/1/);
  const { kubectl, advance } = installed({ nodes: 1, version: 'v1.20', manifest: old('v0.3.6') });
  assert.match(await kubectl.text`get pods -n kube-system`, /1\/1 +Running/);
  await kubectl.text`set image -n kube-system deploy/metrics-server metrics-server=k8s.gcr.io/metrics-server-amd64:v0.3.7`;
  advance('20s');
  assert.match(await kubectl.text`get pods -n kube-system`, /0\/1 +(ErrImagePull|ImagePullBackOff)/);
  await kubectl.text`rollout undo -n kube-system deploy/metrics-server`;
  await kubectl.text`patch service metrics-server -n kube-system -p ${JSON.stringify({ spec: { ports: [{ port: 443, targetPort: 10250 }] } })}`;
  advance('60s');
  assert.match(await kubectl.text`get apiservice v1beta1.metrics.k8s.io -o jsonpath={.status.conditions[0].message}`, /^failing or missing response from https:\/\/10\.\S+:443\/apis\/metrics\.k8s\.io\/v1beta1: Get "https:\S+": dial tcp 10\.\S+:443: connect: connection refused$/);
});

test('with serving certificates of the cluster no flag is needed', async () => {
  const cluster = installed({ nodes: 1 });
  const { kubectl, fault } = cluster;
  for (const name of ['control-plane', 'worker-1']) {
    await cluster.machine(name).sh.text`echo 'serverTLSBootstrap: true' >> /var/lib/kubelet/config.yaml`;
    await cluster.machine(name).sh.text`systemctl restart kubelet`;
  }
  cluster.advance('20s');
  assert.match(await cluster.machine('worker-1').sh.text`curl -k https://10.0.0.11:10250/healthz`, /^curl: \(35\) .*alert internal error/);
  const asked = (await kubectl.text`get csr -o name`).trim().split('\n');
  assert.match(await kubectl.text`get csr`, /^csr-\S+ +20s +kubernetes\.io\/kubelet-serving +system:node:worker-1 +<none> +Pending$/m);
  assert.match(await kubectl.text`logs deploy/redis`, 'Error from server: Get "https://10.0.0.11:10250/containerLogs/default/');
  assert.match(await kubectl.text`logs deploy/redis`, /remote error: tls: internal error/);
  for (const one of asked) await kubectl.text`certificate approve ${one.replace(/.*\//, '')}`;
  cluster.advance('60s');
  assert.match(await kubectl.text`top node`, /^NAME .*\ncontrol-plane +\d+m .*\nworker-1 +\d+m /);
  fault.crash('kubelet', 'worker-1');
  fault.start('kubelet', 'worker-1');
  cluster.advance('30s');
  assert.is((await kubectl.text`get csr -o name`).trim().split('\n').length, asked.length);
  assert.match(await kubectl.text`top node worker-1`, /\nworker-1 +\d+m /);
});

test('--enable-aggregator-routing does without kube-proxy on the machine of the API server', async () => {
  for (const aggregatorRouting of [false, true]) {
    const cluster = createCluster({ nodes: 1, aggregatorRouting });
    const { kubectl, fault } = cluster;
    fault.crash('kube-proxy', 'control-plane');
    await kubectl.text`run web --image=nginx`;
    await kubectl.text`apply -f ${latest}`;
    await kubectl.text`patch deployment metrics-server -n kube-system --type=json -p ${withArgs('--kubelet-insecure-tls')}`;
    cluster.advance('90s');
    assert.match(await kubectl.text`get apiservice v1beta1.metrics.k8s.io`, aggregatorRouting ? /True/ : /False \(FailedDiscoveryCheck\)/);
    assert.match(await kubectl.text`top node`, aggregatorRouting ? /control-plane +\d+m/ : /error: Metrics API not available/);
  }
});

test.run();
