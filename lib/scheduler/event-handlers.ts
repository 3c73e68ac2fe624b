// What the scheduler makes of news: it keeps its snapshot and wakes the pods that the news may help.
import { countedPod, equal, isPodTerminal, type Node, type Pod, type StorageClass } from '../api/index.ts';
import type { CacheEvent, Client } from '../client/index.ts';
import type { Algorithm } from './algorithm.ts';
import type { Bindings } from './bindings.ts';
import { asksLess, type Happening, mayHelp, nodeChanges } from './cluster-events.ts';
import type { ClusterEvent } from './framework.ts';
import type { Nominator } from './nominator.ts';
import { podKey } from './pod-info.ts';
import type { SchedulingQueue } from './queue.ts';
import type { Framework } from './runtime.ts';
import type { Snapshot } from './snapshot.ts';

/** What a running scheduler knows. */
export interface State {
  /** By the name with which pods choose their scheduler. */
  frameworks: ReadonlyMap<string, Framework>;
  nominator: Nominator;
  snapshot: Snapshot;
  algorithm: Algorithm;
  queue: SchedulingQueue;
  /** Pods that were bound here and whose binding was not yet heard of. */
  assumed: Map<string, Pod>;
  /** Pods whose volumes are being bound. */
  bindings: Bindings;
  /** Passes over a pod that is being deleted. */
  skip(pod: Pod): void;
}

const selecting = ['Service', 'ReplicationController', 'ReplicaSet', 'Namespace'] as const;
const volumes = { PersistentVolume: 'Pv', PersistentVolumeClaim: 'Pvc', StorageClass: 'StorageClass', CSINode: 'CsiNode' } as const satisfies Record<string, ClusterEvent>;

/** Takes in everything that is there and every later change, as long as `live` holds. */
export function followCluster(client: Client, state: State, { live }: { live: () => boolean }): void {
  const follow = (kind: string, handle: (event: CacheEvent) => void) => {
    const cache = client.cache(kind);
    cache.on((event) => live() && handle(event));
    for (const object of cache) handle({ type: 'ADDED', object });
  };
  follow('Node', (event) => onNode(state, event));
  follow('Pod', (event) => onPod(state, event));
  for (const kind of selecting) if (kind !== 'Namespace' || client.version.has('namespace-selector')) follow(kind, (event) => onSelector(state, event));
  for (const [kind, event] of Object.entries(volumes)) follow(kind, (news) => onVolume(state, event, news));
}

function happened({ queue, frameworks }: State, happening: Happening): void {
  if (queue.unschedulable === 0) return;
  const helps = new Map([...frameworks].map(([name, framework]) => [name, mayHelp(framework, happening)]));
  queue.moveAll((entry) => helps.get(entry.pod.spec.schedulerName!)!(entry));
}

function onVolume(state: State, event: ClusterEvent, { type, object }: CacheEvent): void {
  state.bindings.look();
  if (type === 'DELETED') return;
  const byPlugins = state.snapshot.version.has('retry-on-plugin-events');
  if (object.kind === 'StorageClass' && !byPlugins && (type === 'MODIFIED' || (object as StorageClass).volumeBindingMode !== 'WaitForFirstConsumer')) return;
  happened(state, { events: [event] });
}

function onNode(state: State, { type, object, old }: CacheEvent): void {
  const node = object as Node;
  if (type === 'DELETED') {
    state.snapshot.removeNode(node.metadata.name);
    if (state.snapshot.version.has('node-delete-retries')) happened(state, { events: ['NodeDelete'] });
    return;
  }
  state.snapshot.setNode(node);
  if (state.queue.unschedulable === 0) return;
  const events: ClusterEvent[] = type === 'ADDED' ? ['NodeAdd'] : nodeChanges(old as Node, node);
  if (events.length > 0) happened(state, { events, node, oldNode: old as Node | undefined });
}

function onPod(state: State, { type, object, old }: CacheEvent): void {
  const pod = object as Pod;
  if (old && old.metadata.uid !== pod.metadata.uid) removePod(state, old as Pod);
  if (type === 'DELETED' || isPodTerminal(pod)) return removePod(state, pod);
  if (pod.spec.nodeName) return assigned(state, pod, old as Pod | undefined);
  if (state.assumed.has(podKey(pod)) || !state.frameworks.has(pod.spec.schedulerName!)) return;
  // One with scheduling gates is not to have a node yet.
  if (pod.spec.schedulingGates?.length) return state.queue.delete(pod);
  state.queue.add(pod);
  // Its turn comes before the next news, which is often that it is gone.
  if (pod.metadata.deletionTimestamp && state.queue.isActive(pod)) state.skip(pod);
}

function assigned(state: State, pod: Pod, old: Pod | undefined): void {
  const { snapshot, queue, assumed } = state;
  assumed.delete(podKey(pod));
  queue.delete(pod);
  const isNew = !old?.spec.nodeName;
  const changed = !isNew && (old.metadata.labels !== pod.metadata.labels || !snapshot.version.has('retry-on-plugin-events'));
  snapshot.setPod(countedPod(pod, snapshot.version));
  if (isNew || changed) happened(state, { events: [isNew ? 'PodAdd' : 'PodUpdate'], pod });
  else if (asksLess(old, pod, snapshot.version)) happened(state, { events: ['PodScaleDown'], pod });
}

function removePod(state: State, pod: Pod): void {
  state.queue.delete(pod);
  state.assumed.delete(podKey(pod));
  const pending = state.bindings.delete(podKey(pod));
  pending?.framework.unreserve(pending.info, pending.node);
  if (state.snapshot.removePod(pod)) happened(state, { events: ['PodDelete'], pod });
}

/** A service, a workload or the labels of a namespace: what belongs together may have changed. */
function onSelector(state: State, { type, object, old }: CacheEvent): void {
  if (object.kind === 'Service' && !state.snapshot.version.has('retry-on-plugin-events')) happened(state, { events: ['Service'] });
  if (type === 'MODIFIED' && old && equal(selectorOf(old), selectorOf(object))) return;
  state.snapshot.selectors++;
}

const selectorOf = ({ kind, metadata, spec }: CacheEvent['object']): unknown => (kind === 'Namespace' ? metadata.labels : spec?.selector);
