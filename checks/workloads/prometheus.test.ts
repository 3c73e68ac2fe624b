// Prometheus: queries as the real one answers them, and targets of a cluster that it finds and scrapes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cluster, createCluster } from '../../lib/index.ts';
import { answered, query, queryRange } from '../../lib/workloads/monitoring/prometheus/api.ts';
import { Tsdb } from '../../lib/workloads/monitoring/prometheus/tsdb.ts';

interface Recorded {
  query: string;
  time?: number;
  start?: number;
  end?: number;
  step?: number;
  answer: { status: string; error?: string; data?: { resultType: string; result: any } };
}

/** Recorded of Prometheus 2.42, which was given the same samples. */
const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'prometheus', 'queries.json'), 'utf8')) as { series: { labels: Record<string, string>; samples: [number, number][] }[]; queries: Recorded[] };

function filled(): Tsdb {
  const tsdb = new Tsdb();
  for (const { labels, samples } of recorded.series) for (const [t, v] of samples) tsdb.append(labels, t * 1000, v);
  return tsdb;
}

/** Sums of floating-point numbers may differ in their last digits; the order of a vector is nobody's business, unless it was sorted. */
function comparable({ status, data, error }: Recorded['answer'], keepOrder: boolean): unknown {
  if (status === 'error') return error!.replace(/: \[.*\];/, ': […];');
  const close = (text: string) => (Number.isFinite(Number(text)) ? Number(Number(text).toPrecision(11)) : text);
  const { resultType, result } = data!;
  if (!Array.isArray(result[0])) {
    const rows = result.map?.((row: any) => ({ metric: row.metric, value: row.value && [row.value[0], close(row.value[1])], values: row.values?.map(([t, v]: [number, string]) => [t, close(v)]) })) ?? result;
    if (typeof rows[0] === 'number') return { resultType, result: [rows[0], close(result[1])] };
    return { resultType, result: keepOrder ? rows : rows.sort((a: any, b: any) => (JSON.stringify(a.metric) < JSON.stringify(b.metric) ? -1 : 1)) };
  }
  return { resultType, result };
}

test('PromQL is answered, and refused, as by the real one', () => {
  const tsdb = filled();
  const wrong: string[] = [];
  for (const { query: text, time, start, end, step, answer } of recorded.queries) {
    const asked = { tsdb, now: 0, modern: false };
    const parameters = new URLSearchParams({ query: text, ...(time ? { time: String(time) } : { start: String(start), end: String(end), step: String(step) }) });
    const own = JSON.parse(answered(() => (time ? query(parameters, asked) : queryRange(parameters, asked))).body);
    try {
      assert.equal(comparable(own, /sort|topk/.test(text)), comparable(answer, /sort|topk/.test(text)), `${text} at ${time}`);
    } catch (error) {
      wrong.push(`${text} at ${time}: ${(error as Error & { details: string }).details?.slice(0, 1200) ?? String(error)}`);
    }
  }
  assert.is(wrong.join('\n'), '');
});

const indented = (text: string) => text.trimEnd().split('\n').map((line) => `    ${line}`).join('\n');

/** As the documentation of Prometheus has it for Kubernetes, shortened. */
const config = String.raw`global: {scrape_interval: 15s}
scrape_configs:
- job_name: prometheus
  static_configs: [{targets: ['localhost:9090', 'nobody:80']}]
- job_name: apiserver
  kubernetes_sd_configs: [{role: endpoints}]
  scheme: https
  tls_config: {ca_file: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt}
  authorization: {credentials_file: /var/run/secrets/kubernetes.io/serviceaccount/token}
  relabel_configs:
  - source_labels: [__meta_kubernetes_namespace, __meta_kubernetes_endpoints_name, __meta_kubernetes_endpoint_port_name]
    action: keep
    regex: default;kubernetes;https
- job_name: nodes
  kubernetes_sd_configs: [{role: node}]
  scheme: https
  metrics_path: /metrics/resource
  tls_config: {insecure_skip_verify: true}
  authorization: {credentials_file: /var/run/secrets/kubernetes.io/serviceaccount/token}
  relabel_configs:
  - {action: labelmap, regex: __meta_kubernetes_node_label_(.+)}
- job_name: pods
  kubernetes_sd_configs: [{role: pod}]
  relabel_configs:
  - {source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_scrape], action: keep, regex: "true"}
  - {source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_path], action: replace, target_label: __metrics_path__, regex: (.+)}
  - {source_labels: [__address__, __meta_kubernetes_pod_annotation_prometheus_io_port], action: replace, regex: '([^:]+)(?::\\d+)?;(\\d+)', replacement: $1:$2, target_label: __address__}
  - {source_labels: [__meta_kubernetes_pod_name], target_label: pod}`;

const manifest = (config: string, tag = 'v2.53.0') => `apiVersion: v1
kind: ServiceAccount
metadata: {name: prometheus}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: prometheus}
rules:
- {apiGroups: [""], resources: [nodes, nodes/metrics, services, endpoints, pods], verbs: [get, list, watch]}
- {nonResourceURLs: [/metrics, /metrics/resource], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: prometheus}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: prometheus}
subjects: [{kind: ServiceAccount, name: prometheus, namespace: default}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: prometheus}
data:
  prometheus.yml: |
${indented(config)}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: prometheus}
spec:
  selector: {matchLabels: {app: prometheus}}
  template:
    metadata: {labels: {app: prometheus}}
    spec:
      serviceAccountName: prometheus
      containers:
      - name: prometheus
        image: prom/prometheus:${tag}
        args: ["--config.file=/etc/prometheus/prometheus.yml"]
        volumeMounts: [{name: config, mountPath: /etc/prometheus}]
      volumes: [{name: config, configMap: {name: prometheus}}]
---
apiVersion: v1
kind: Service
metadata: {name: prometheus}
spec: {selector: {app: prometheus}, ports: [{port: 9090}]}
`;

const web = `apiVersion: v1
kind: Pod
metadata: {name: web, annotations: {prometheus.io/scrape: "true", prometheus.io/port: "80"}}
spec: {containers: [{name: nginx, image: nginx}]}
`;

async function started(conf = config, { tag, rights = true }: { tag?: string; rights?: boolean } = {}): Promise<Cluster> {
  const cluster = createCluster({ nodes: 2 });
  const { kubectl } = cluster;
  cluster.file('prometheus.yaml', manifest(conf, tag));
  cluster.file('web.yaml', web);
  await kubectl.text`apply -f prometheus.yaml -f web.yaml`;
  if (!rights) await kubectl.text`delete clusterrolebinding prometheus`;
  cluster.advance('20s');
  await show(cluster, 'hits_total 5');
  cluster.advance('40s');
  return cluster;
}

const show = ({ kubectl }: Cluster, page: string) => kubectl.text`exec web -- sh -c ${`echo '${page}' > /usr/share/nginx/html/metrics`}`;
const get = async ({ kubectl }: Cluster, path: string) => JSON.parse(await kubectl.text`get --raw /api/v1/namespaces/default/services/prometheus:9090/proxy/api/v1/${path}`);
const ask = async (cluster: Cluster, text: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]> => (await get(cluster, `query?query=${encodeURIComponent(text)}`)).data.result;

test('targets of the cluster are found, relabelled and scraped', async () => {
  const cluster = await started();
  const up = (await ask(cluster, 'sort(up)')).map(({ metric: { job, instance, pod }, value }) => `${job} ${pod ?? instance} ${value[1]}`).sort();
  assert.equal(up, ['apiserver 10.0.0.10:6443 1', 'nodes control-plane 1', 'nodes worker-1 1', 'nodes worker-2 1', 'pods web 1', 'prometheus localhost:9090 1', 'prometheus nobody:80 0']);
  const { activeTargets, droppedTargets } = (await get(cluster, 'targets')).data;
  assert.ok(droppedTargets.length > 0);
  assert.is(activeTargets.find((one: any) => one.health === 'down').lastError, 'Get "http://nobody:80/metrics": dial tcp: lookup nobody on 10.96.0.10:53: no such host');
  const node = activeTargets.find((one: any) => one.labels.instance === 'worker-1');
  assert.equal([node.scrapeUrl, node.health, node.discoveredLabels.__meta_kubernetes_node_address_InternalIP, node.labels.kubernetes_io_os], ['https://10.0.0.11:10250/metrics/resource', 'up', '10.0.0.11', 'linux']);
  const [cpu] = await ask(cluster, 'container_cpu_usage_seconds_total{pod="web"}');
  assert.equal([cpu!.metric['container'], cpu!.metric['namespace'], Number(cpu!.value[1]) > 0], ['nginx', 'default', true]);
  assert.ok(Number((await ask(cluster, 'sum(apiserver_request_total)'))[0]!.value[1]) > 0);
});

test('a counter that began anew went up all the same', async () => {
  const cluster = await started();
  // 5 → 65 in a minute, from 0 again, to 30 in another half.
  for (const hits of [20, 35, 50, 65, 15, 30]) {
    cluster.advance('15s');
    await show(cluster, `hits_total ${hits}`);
  }
  cluster.advance('15s');
  const one = async (text: string) => Number((await ask(cluster, text))[0]!.value[1]);
  assert.is(await one('resets(hits_total[2m])'), 1);
  const rate = await one('rate(hits_total[1m])');
  assert.ok(Math.abs(rate - 1) < 0.01, `${rate}`);
  assert.ok(await one('delta(hits_total[1m])') < 0);
});

test('what does not answer is down, and its series end; where nobody may look nothing is found', async () => {
  const cluster = await started();
  const { kubectl } = cluster;
  await kubectl.text`delete pod web --now`;
  cluster.advance('30s');
  assert.equal(await ask(cluster, 'hits_total'), []);
  assert.is((await ask(cluster, 'hits_total offset 1m')).length, 1);
  cluster.fault.powerOff('worker-2');
  cluster.advance('60s');
  const { activeTargets } = (await get(cluster, 'targets').catch(() => ({ data: { activeTargets: [] } }))).data;
  const lost = activeTargets.find((one: any) => one.labels.instance === 'worker-2');
  if (lost) assert.equal([lost.health, lost.lastError], ['down', 'Get "https://10.0.0.12:10250/metrics/resource": context deadline exceeded']);

  const blind = await started(config, { rights: false });
  assert.match(await blind.kubectl.text`logs deploy/prometheus`, /level=error component=k8s_client_runtime msg="pkg\/mod\/k8s\.io\/client-go\/tools\/cache\/reflector\.go: failed to list \*v1\.Node: nodes is forbidden: User \\"system:serviceaccount:default:prometheus\\" cannot list resource \\"nodes\\" in API group \\"\\" at the cluster scope" func=ErrorDepth/);
  assert.equal((await ask(blind, 'up')).map(({ metric }) => metric['job']), ['prometheus', 'prometheus']);
});

test('a wrong configuration is refused in the words of the real one, and ends it with status 2', async () => {
  for (const [conf, said] of [
    ['scrape_configs:\n- job_name: a\n  foo: 1\n', 'yaml: unmarshal errors:\\n  line 3: field foo not found in type config.ScrapeConfig'],
    ['scrape_configs:\n- job_name: a\n- job_name: a\n', 'found multiple scrape configs with job name \\"a\\"'],
    ['scrape_configs:\n- job_name: a\n  relabel_configs:\n  - {action: keeps}\n', 'unknown relabel action \\"keeps\\"'],
    ['scrape_configs:\n- job_name: a\n  kubernetes_sd_configs: [{role: pods}]\n', 'unknown Kubernetes SD role \\"pods\\"'],
  ]) {
    const cluster = createCluster({ nodes: 1 });
    cluster.file('prometheus.yaml', manifest(conf!));
    await cluster.kubectl.text`apply -f prometheus.yaml`;
    cluster.advance('20s');
    assert.ok((await cluster.kubectl.text`logs deploy/prometheus`).includes(`level=error msg="Error loading config (--config.file=/etc/prometheus/prometheus.yml)" file=/etc/prometheus/prometheus.yml err="parsing YAML file /etc/prometheus/prometheus.yml: ${said}"`), said);
    assert.is(await cluster.kubectl.text`get pods -l app=prometheus -o jsonpath={.items[0].status.containerStatuses[0].lastState.terminated.exitCode}`, '2');
  }
});

test.run();
