// What the scheduler makes of news: it keeps its snapshot and wakes the pods that the news may help.
import { equal, isPodTerminal, type Node, type Pod } from '../api/index.ts';
import type { CacheEvent, Client } from '../client/index.ts';
import type { Algorithm } from './algorithm.ts';
import { type Happening, mayHelp, nodeChanges } from './cluster-events.ts';
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
}

const selecting = ['Service', 'ReplicationController', 'ReplicaSet', 'Namespace'] as const;
const volumes = { PersistentVolume: 'Pv', PersistentVolumeClaim: 'Pvc', StorageClass: 'StorageClass' } as const;

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
  for (const [kind, event] of Object.entries(volumes)) follow(kind, () => happened(state, { events: [event] }));
}

function happened({ queue, frameworks }: State, happening: Happening): void {
  if (queue.unschedulable === 0) return;
  const helps = new Map([...frameworks].map(([name, framework]) => [name, mayHelp(framework, happening)]));
  queue.moveAll((entry) => helps.get(entry.pod.spec.schedulerName!)!(entry));
}

function onNode(state: State, { type, object, old }: CacheEvent): void {
  const node = object as Node;
  if (type === 'DELETED') {
    state.snapshot.removeNode(node.metadata.name);
    return happened(state, { events: ['NodeDelete'] });
  }
  state.snapshot.setNode(node);
  if (state.queue.unschedulable === 0) return;
  const events: ClusterEvent[] = type === 'ADDED' ? ['NodeAdd'] : nodeChanges(old as Node, node);
  if (events.length > 0) happened(state, { events, node });
}

function onPod(state: State, { type, object, old }: CacheEvent): void {
  const pod = object as Pod;
  if (old && old.metadata.uid !== pod.metadata.uid) removePod(state, old as Pod);
  if (type === 'DELETED' || isPodTerminal(pod)) return removePod(state, pod);
  if (pod.spec.nodeName) return assigned(state, pod, old as Pod | undefined);
  if (state.assumed.has(podKey(pod)) || !state.frameworks.has(pod.spec.schedulerName!)) return;
  // A pod on its way out needs no node; one with scheduling gates is not to have one yet.
  if (pod.metadata.deletionTimestamp || pod.spec.schedulingGates?.length) state.queue.delete(pod);
  else state.queue.add(pod);
}

function assigned(state: State, pod: Pod, old: Pod | undefined): void {
  const { snapshot, queue, assumed } = state;
  assumed.delete(podKey(pod));
  queue.delete(pod);
  const isNew = !old?.spec.nodeName;
  const changed = !isNew && old.metadata.labels !== pod.metadata.labels;
  snapshot.setPod(pod);
  if (isNew || changed) happened(state, { events: [isNew ? 'PodAdd' : 'PodUpdate'], pod });
}

function removePod(state: State, pod: Pod): void {
  state.queue.delete(pod);
  state.assumed.delete(podKey(pod));
  if (state.snapshot.removePod(pod)) happened(state, { events: ['PodDelete'], pod });
}

/** A service, a workload or the labels of a namespace: what belongs together may have changed. */
function onSelector(state: State, { type, object, old }: CacheEvent): void {
  if (type === 'MODIFIED' && old && equal(selectorOf(old), selectorOf(object))) return;
  state.snapshot.selectors++;
  if (object.kind === 'Service') happened(state, { events: ['Service'] });
}

const selectorOf = ({ kind, metadata, spec }: CacheEvent['object']): unknown => (kind === 'Namespace' ? metadata.labels : spec?.selector);
