// What happens to a cluster in which the learner's function places the pods of one scheduler.
import type { Cluster } from '../../../lib/book/exercise.ts';
import { type Client, type Controller, forObject, isPodReady, type Pod } from '../../../lib/index.ts';
import { cpuMilli } from '../../../lib/api/index.ts';

export interface PodCard {
  name: string;
  /** What it requests, millicores. */
  cpu: number;
}
export interface NodeCard {
  name: string;
  ready: boolean;
  cpu: number;
  /** What no pod has requested yet. */
  free: number;
}
type Choose = (pod: PodCard, nodes: NodeCard[]) => string | undefined;

export interface Given {
  /** Requests of the pods, in the order in which they come. */
  first: number[];
  second: number[];
  /** Which of the nodes in use loses its pods, and which of the others is switched off. */
  gone: number;
  broken: number;
}
interface Moment {
  used: number;
  waiting: string[];
}
export interface Story {
  begun: Moment;
  later: Moment;
  rejected: string[];
  onBroken: string[];
  whole: string;
  afterRoom: string;
  unknown?: unknown;
}

export const nodeSize = 4000;

/** Placing each in the fullest node that has room is the best there is when halves come before quarters. */
export function fewestNodes(sizes: readonly number[]): number {
  const free: number[] = [];
  for (const size of sizes) {
    const at = free.findIndex((left) => left >= size);
    if (at < 0) free.push(nodeSize - size);
    else free[at]! -= size;
    free.sort((a, b) => a - b);
  }
  return free.length;
}

export async function tell(cluster: Cluster, { first, second, gone, broken }: Given, answer: Choose): Promise<Story> {
  if (typeof answer !== 'function') throw new TypeError('두 번째 인수는 함수여야 한다: (pod, nodes) => 노드 이름 또는 undefined');
  const told: { unknown?: unknown } = {};
  cluster.replace('packer', (client) => packer(client, answer, told));
  bring(cluster, 'first', first);
  const begun = momentOf(cluster);
  const used = usedNodes(cluster);
  const unused = cardsOf(cluster.client).map(({ name }) => name).filter((name) => !used.includes(name));
  const [empty, off = 'node-6', closed = 'node-5'] = [used[gone % used.length] ?? 'node-1', ...unused.slice(broken % 2)];
  // A node goes dark, another one is closed.
  cluster.fault.powerOff(off);
  await cluster.kubectl.text`cordon ${closed}`;
  cluster.advance('1m');
  bring(cluster, 'second', second);
  const later = momentOf(cluster);
  const onBroken = podsOf(cluster).filter(({ spec, metadata }) => metadata.name.startsWith('second') && [off, closed].includes(spec.nodeName ?? '')).map(({ metadata }) => metadata.name);
  fill(cluster);
  create(cluster, 'whole', nodeSize);
  cluster.advance('30s');
  const whole = phaseOf(cluster, 'whole');
  for (const { metadata, spec } of podsOf(cluster)) if (spec.nodeName === empty) await cluster.kubectl.text`delete pod ${metadata.name}`;
  cluster.advance('1m');
  return { begun, later, onBroken, whole, afterRoom: phaseOf(cluster, 'whole'), rejected: podsOf(cluster).filter(({ status }) => status.phase === 'Failed').map(({ metadata }) => metadata.name), ...told };
}

/** Binds each pod that names it as its scheduler to the node that `choose` names. Who fits nowhere is looked at again every five seconds. */
function packer(client: Client, choose: Choose, told: { unknown?: unknown }): Controller {
  const waiting = (pod: Pod) => pod.spec.schedulerName === 'packer' && !pod.spec.nodeName && !pod.metadata.deletionTimestamp;
  return {
    name: 'packer',
    watches: [forObject('Pod')],
    reconcile(request) {
      const pod = client.find('Pod', request);
      if (!pod || !waiting(pod)) return;
      const nodes = cardsOf(client);
      const name = choose({ name: pod.metadata.name, cpu: requestOf(pod) }, structuredClone(nodes));
      if (name === undefined || name === null) return { requeueAfter: 5000 };
      if (!nodes.some((node) => node.name === name)) {
        told.unknown = name;
        return;
      }
      client.bind(pod, name);
      client.event(pod, 'Normal', 'Scheduled', `Successfully assigned ${request.namespace}/${request.name} to ${name}`);
    },
  };
}

function cardsOf(client: Client): NodeCard[] {
  const pods = client.list('Pod').items.filter(({ status }) => status.phase !== 'Failed' && status.phase !== 'Succeeded');
  const workers = client.list('Node').items.filter(({ metadata }) => !('node-role.kubernetes.io/control-plane' in (metadata.labels ?? {})));
  return workers.map(({ metadata: { name }, spec, status }) => {
    const cpu = cpuMilli(status.allocatable?.cpu);
    const used = pods.filter((pod) => pod.spec.nodeName === name).reduce((sum, pod) => sum + requestOf(pod), 0);
    const ready = status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true && !spec.unschedulable;
    return { name, ready, cpu, free: cpu - used };
  });
}

const requestOf = ({ spec }: Pod) => spec.containers.reduce((sum, { resources }) => sum + cpuMilli(resources?.requests?.cpu), 0);
const podsOf = (cluster: Cluster) => cluster.client.list('Pod', { namespace: 'default' }).items;
const usedNodes = (cluster: Cluster) => [...new Set(podsOf(cluster).flatMap(({ spec }) => spec.nodeName ?? []))].sort();
const phaseOf = (cluster: Cluster, name: string) => cluster.client.find('Pod', { namespace: 'default', name })?.status.phase ?? '없음';
const momentOf = (cluster: Cluster): Moment => ({ used: usedNodes(cluster).length, waiting: podsOf(cluster).filter((pod) => !isPodReady(pod)).map(({ metadata }) => metadata.name) });

function create(cluster: Cluster, name: string, cpu: number, nodeName?: string): void {
  cluster.client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec: { schedulerName: 'packer', nodeName, containers: [{ name: 'app', image: 'nginx', resources: { requests: { cpu: `${cpu}m` } } }] } });
}

function bring(cluster: Cluster, wave: string, sizes: readonly number[]): void {
  sizes.forEach((cpu, i) => {
    create(cluster, `${wave}-${i + 1}`, cpu);
    cluster.advance('5s');
  });
  cluster.advance('20s');
}

/** Whatever is still free on the nodes that work is taken, so that nothing large fits anywhere. */
function fill(cluster: Cluster): void {
  for (const { name, ready, free } of cardsOf(cluster.client)) if (ready && free > 0) create(cluster, `filler-${name}`, free, name);
  cluster.advance('20s');
}
