// A cluster with nodes that nobody runs: only the API server and schedulers.
import type { Manifest, Pod } from '../../lib/api/index.ts';
import { InProcessClient } from '../../lib/client/index.ts';
import { type Cluster, createCluster } from '../../lib/cluster/index.ts';
import type { ClusterOptions } from '../../lib/cluster/options.ts';
import { type Clock, createRandom } from '../../lib/sim/index.ts';

export const bareCluster = (options: ClusterOptions = {}): Cluster => createCluster({ kubelets: false, controllers: false, eventLimits: false, ...options });

export interface NodeSpec {
  cpu?: string;
  pods?: string;
  labels?: Record<string, string>;
  taints?: { key: string; value?: string; effect: string }[];
}

/** A node that is ready; admission taints new ones, so the taint is taken away again. */
export function addNode({ client }: Cluster, name: string, { cpu = '4', pods = '110', labels = {}, taints }: NodeSpec = {}): void {
  const amounts = { cpu, pods, memory: '8Gi' };
  client.create({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } }, status: { capacity: amounts, allocatable: amounts } });
  client.patch('Node', { name }, { spec: { taints: taints ?? null } }, { type: 'merge' });
}

export function addPod({ client }: Cluster, name: string, spec: object = {}, metadata: object = {}): void {
  ensureAccount(client);
  const containers = [{ name: 'c', image: 'nginx' }];
  client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', ...metadata }, spec: { containers, ...spec } } as Manifest);
}

/** A container that requests so much cpu. */
export const asking = (cpu: string) => ({ containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu } } }] });

function ensureAccount(client: Cluster['client']): void {
  if (client.list('ServiceAccount', { namespace: 'default' }).items.length > 0) return;
  client.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' }, automountServiceAccountToken: false });
}

export const podOf = ({ client }: Cluster, name: string): Pod => client.get('Pod', { namespace: 'default', name });
export const nodeOf = (cluster: Cluster, name: string): string | undefined => podOf(cluster, name).spec.nodeName;

/** `FailedScheduling 0/1 nodes …`, oldest first. */
export function eventsOf({ client }: Cluster, name: string): string[] {
  const events = client.list('Event', { namespace: 'default' }).items.filter(({ involvedObject }) => involvedObject.name === name);
  return events.map(({ reason, message }) => `${reason} ${message}`);
}

/** Repeats of an event are written only now and then: what a recorder is told is counted, by the clock of its cluster. */
const told = new WeakMap<Clock, Map<string, number>>();
const { event } = InProcessClient.prototype;
InProcessClient.prototype.event = function (about, type, reason, ...rest) {
  if (reason === 'FailedScheduling') {
    const counts = told.get(this.clock) ?? new Map<string, number>();
    told.set(this.clock, counts.set(about.metadata.name, (counts.get(about.metadata.name) ?? 0) + 1));
  }
  event.call(this, about, type, reason, ...rest);
};

/** How often the scheduler has tried in vain. */
export function attempts({ loop }: Cluster, name: string): number {
  return told.get(loop.clock)?.get(name) ?? 0;
}

export const clientOf = ({ server, loop }: Cluster, name: string, reachable = () => true) => new InProcessClient({ server, loop, random: createRandom(name), name, reachable });
