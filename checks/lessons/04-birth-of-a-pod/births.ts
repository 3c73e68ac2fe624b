// Births of pods in real clusters, as steps that somebody can put in order.
import type { Cluster } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { createCluster, type Random } from '../../../lib/index.ts';

export interface BirthStep {
  id: number;
  who: 'kubectl' | 'kube-controller-manager' | 'kube-scheduler' | 'kubelet';
  /** `create replicasets`, `create pods`, `create pods/binding`, `patch pods/status`, or a call of the CRI. */
  what: string;
  pod?: string;
  container?: string;
}

export interface Birth {
  kind: 'ReplicaSet' | 'Pod';
  replicas?: number;
  containers?: number;
}

/** In the order in which they happened; of each pod's status only the last word is told. */
export function birthOf({ kind, replicas = 1, containers = 1 }: Birth, random: Random): BirthStep[] {
  const cluster = createCluster({ nodes: 2, seed: random.suffix(8) });
  const from = cluster.requests().length;
  const spec = { containers: Array.from({ length: containers }, (_, i) => ({ name: `c${i}`, image: ['nginx', 'redis:7'][i % 2]! })) };
  const labels = { app: 'web' };
  if (kind === 'Pod') cluster.client.create({ apiVersion: 'v1', kind, metadata: { name: 'web', namespace: 'default' }, spec });
  else cluster.client.create({ apiVersion: 'apps/v1', kind, metadata: { name: 'web', namespace: 'default' }, spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } } });
  cluster.advance('30s');
  // What happened in one millisecond is told in the order in which it must have happened.
  return withIds([...requestsOf(cluster, from), ...callsOf(cluster)].sort((a, b) => a.at - b.at || rank[a.what]! - rank[b.what]!), random);
}

type Moment = Omit<BirthStep, 'id'> & { at: number };

function requestsOf(cluster: Cluster, from: number): Moment[] {
  const moments: Moment[] = [];
  const revisionOf = (name: string) => cluster.etcd.get(`/registry/pods/default/${name}`)!.createRevision;
  const created = cluster.client.list('Pod', { namespace: 'default' }).items.map(({ metadata }) => metadata.name).sort((a, b) => revisionOf(a) - revisionOf(b));
  let made = 0;
  for (const [i, { verb, path, userAgent }] of cluster.requests().slice(from).entries()) {
    const [, resource = '', name, subresource] = /\/namespaces\/default\/(replicasets|pods)(?:\/([^/]+)(?:\/(\w+))?)?$/.exec(path) ?? [];
    const what = `${verb} ${resource}${subresource ? `/${subresource}` : ''}`;
    if (!['create replicasets', 'create pods', 'create pods/binding', 'patch pods/status'].includes(what)) continue;
    const who = userAgent.split('/')[0] as BirthStep['who'];
    // The answer to `create` names the pod; the path does not.
    const pod = what === 'create pods' ? created[made++] : what === 'create replicasets' ? undefined : name;
    if (what === 'patch pods/status') {
      const before = moments.findIndex((moment) => moment.what === what && moment.pod === pod);
      if (before >= 0) moments.splice(before, 1);
    }
    moments.push({ at: cluster.requests()[from + i]!.time, who, what, ...(pod && { pod }) });
  }
  return moments;
}

const callsOf = (cluster: Cluster): Moment[] => cluster.criCalls().filter(({ call }) => call !== 'PullImage').map(({ time, call, pod, container }) => ({ at: time, who: 'kubelet', what: call, pod: pod!.split('/')[1]!, ...(container && { container }) }));

function withIds(moments: readonly Moment[], random: Random): BirthStep[] {
  const ids = random.shuffle(moments.map((_, i) => i + 1));
  return moments.map(({ at: _, ...step }, i) => ({ id: ids[i]!, ...step }));
}

/** The first thing that comes too early, in Korean. */
export function misplaced(steps: readonly BirthStep[]): string | undefined {
  for (const [i, late] of steps.entries()) {
    const early = steps.slice(0, i).find((early) => comesBefore(late, early));
    if (early) return `${josa(told(early), '이/가')} ${told(late)}보다 먼저일 수는 없다.`;
  }
  return undefined;
}

const told = ({ what, pod, container }: BirthStep) => `'${[what, pod, container].filter(Boolean).join(' ')}'`;

const rank: Record<string, number> = { 'create replicasets': 0, 'create pods': 1, 'create pods/binding': 2, RunPodSandbox: 3, CreateContainer: 4, StartContainer: 5, 'patch pods/status': 6 };

/** True when `a` must have happened before `b` could: only what is about one pod (and one container) hangs together. */
function comesBefore(a: BirthStep, b: BirthStep): boolean {
  const [first, second] = [rank[a.what]!, rank[b.what]!];
  if (first >= second) return false;
  if (a.pod && b.pod && a.pod !== b.pod) return false;
  return !(a.container && b.container && a.container !== b.container);
}
