// A metrics API of a test's own: an APIService whose answers are made up here, from the pods that run.
import type { Pod } from '../../lib/api/index.ts';
import { parseSelector } from '../../lib/api/index.ts';
import type { Cluster } from '../../lib/index.ts';

/** What one container uses; undefined: no sample of its pod. */
export type Usage = (pod: Pod) => Record<string, string> | undefined;

export interface Answer {
  status: number;
  body: string;
}

/** Answers below a group's path; `undefined` goes on to the next. */
export type Answering = (path: URL) => object | undefined;

const answer = (body: object): Answer => ({ status: 200, body: JSON.stringify(body) });

/** Puts a Service with a pod behind it under a group, and answers for it. */
export async function serve(cluster: Cluster, group: { name: string; version: string; resources: object[] }, answering: Answering): Promise<void> {
  const { client, kubectl } = cluster;
  const service = `adapter-${group.name.split('.')[0]}`;
  await kubectl.text`create deployment ${service} --image=nginx -n kube-system`;
  await kubectl.text`create service clusterip ${service} --tcp=443:80 -n kube-system`;
  cluster.advance('10s');
  const base = `/apis/${group.name}/${group.version}`;
  const spec = { group: group.name, version: group.version, groupPriorityMinimum: 100, versionPriority: 100, insecureSkipTLSVerify: true, service: { namespace: 'kube-system', name: service } };
  client.create({ apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: `${group.version}.${group.name}` }, spec });
  const { aggregator } = cluster.server;
  const before = aggregator.reach;
  aggregator.reach = (ip, port, call) => {
    const path = new URL(call.path, 'http://server');
    if (!path.pathname.startsWith(base)) return before(ip, port, call);
    if (path.pathname === base) return answer({ kind: 'APIResourceList', apiVersion: 'v1', groupVersion: `${group.name}/${group.version}`, resources: group.resources });
    const found = answering(path);
    return found ? answer(found) : { status: 404, body: '404 page not found' };
  };
  cluster.advance('1s');
}

/** metrics.k8s.io, as metrics-server answers: samples of the last 15 seconds. */
export const serveUsage = (cluster: Cluster, usage: Usage): Promise<void> =>
  serve(cluster, { name: 'metrics.k8s.io', version: 'v1beta1', resources: [{ name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] }] }, (path) => {
    const [, namespace] = /\/namespaces\/([^/]+)\/pods$/.exec(path.pathname) ?? [];
    if (!namespace) return undefined;
    const selector = parseSelector(path.searchParams.get('labelSelector') ?? '');
    const pods = cluster.client.list('Pod', { namespace }).items.filter(({ metadata, status }) => selector.matches(metadata.labels ?? {}) && status.phase === 'Running');
    const items = pods.flatMap((pod) => {
      const used = usage(pod);
      return used ? [{ metadata: { namespace, name: pod.metadata.name }, timestamp: cluster.now, window: '15s', containers: pod.spec.containers.map(({ name }) => ({ name, usage: used })) }] : [];
    });
    return { kind: 'PodMetricsList', apiVersion: 'metrics.k8s.io/v1beta1', metadata: {}, items };
  });
