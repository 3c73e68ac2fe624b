// The scheduler: takes waiting pods one by one, finds a node for each, binds it.
import { equal, isNotFound, isPodTerminal, type Kind, type Kinds, type Node, type Pod, podCondition, StatusError } from '../api/index.ts';
import { type CacheEvent, type Client, ConnectionError } from '../client/index.ts';
import { type Actor, type Loop, timestamp } from '../sim/index.ts';
import { Algorithm } from './algorithm.ts';
import { type Explanation, explainPod } from './explain.ts';
import { type Happening, mayHelp, nodeChanges } from './cluster-events.ts';
import type { ClusterEvent } from './framework.ts';
import { podKey } from './pod-info.ts';
import { defaultProfile } from './profile.ts';
import { SchedulingQueue } from './queue.ts';
import { Framework, type FrameworkOptions, type ProfileEntry } from './runtime.ts';
import { Snapshot } from './snapshot.ts';

export interface SchedulerOptions extends FrameworkOptions {
  client: Client;
  /** Woken when there is a pod to schedule; without it the owner asks `ready()`. */
  loop?: Pick<Loop, 'wake' | 'forget'>;
  /** Pods choose their scheduler by this name (`spec.schedulerName`). */
  name?: string;
  /** Plugins in the order of the filters, with weights; by default those of the release. */
  profile?: readonly ProfileEntry[];
  /** After how many fitting nodes the search ends, in percent of all; 0 = fewer the larger the cluster. */
  percentageOfNodesToScore?: number;
}

export interface Scheduler extends Actor {
  /** Begins to follow the cluster. */
  start(): void;
  /** Forgets everything, as a crash does. */
  stop(): void;
  /** Each plugin's verdict and score on each node; a pod that has a node is treated as if it had none. */
  explain(pod: Pod): Explanation;
}

/** One `step` is one attempt to schedule one pod. */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { client, loop, name = 'default-scheduler' } = options;
  let state: State | undefined;
  const actor: Scheduler = {
    name: client.name,
    ready: () => state?.queue.ready ?? false,
    step: () => state && scheduleOne(client, state),
    start() {
      const fresh = newState(options, () => loop?.wake(actor));
      state = fresh;
      const current = (handle: () => void) => state === fresh && handle();
      follow(client, 'Node', (event) => current(() => onNode(fresh, event)));
      follow(client, 'Pod', (event) => current(() => onPod(fresh, event, name)));
      for (const kind of ['Service', 'ReplicationController', 'ReplicaSet', 'Namespace'] as const) follow(client, kind, (event) => current(() => onSelector(fresh, event)));
      const volumes = { PersistentVolume: 'Pv', PersistentVolumeClaim: 'Pvc', StorageClass: 'StorageClass' } as const;
      for (const [kind, event] of Object.entries(volumes)) follow(client, kind, () => current(() => happened(fresh, { events: [event] })));
    },
    stop() {
      state?.queue.stop();
      state = undefined;
      loop?.forget(actor);
    },
    explain(pod) {
      if (!state) throw new Error(`${client.name} does not run`);
      return explain(state, pod);
    },
  };
  return actor;
}

interface State {
  framework: Framework;
  snapshot: Snapshot;
  algorithm: Algorithm;
  queue: SchedulingQueue;
  /** Pods that were bound here and whose binding was not yet heard of. */
  assumed: Map<string, Pod>;
}

function newState({ client, profile, percentageOfNodesToScore, ...options }: SchedulerOptions, wake: () => void): State {
  const { version, clock, random } = client;
  const snapshot = new Snapshot(version);
  const handle = {
    version,
    snapshot,
    find: <K extends Kind>(kind: K, key: { namespace?: string; name: string }) => (client.resource(kind) ? (client.find(kind, key) as Kinds[K] | undefined) : undefined),
    list: <K extends Kind>(kind: K, namespace?: string): Iterable<Kinds[K]> => {
      if (!client.resource(kind) || client.resource(kind)!.discoveryOnly) return [];
      return (namespace ? client.cache(kind).inNamespace(namespace) : client.cache(kind)) as Iterable<Kinds[K]>;
    },
  };
  const framework = new Framework(profile ?? defaultProfile(version), handle, options);
  const maxUnschedulable = version.has('unschedulable-five-minutes') ? 5 * 60_000 : 60_000;
  return { framework, snapshot, algorithm: new Algorithm(framework, random, percentageOfNodesToScore), queue: new SchedulingQueue({ clock, maxUnschedulable, wake }), assumed: new Map() };
}

/** Hands every object that is there and every later change to `handle`. */
function follow(client: Client, kind: string, handle: (event: CacheEvent) => void): void {
  const cache = client.cache(kind);
  cache.on(handle);
  for (const object of cache) handle({ type: 'ADDED', object });
}

function scheduleOne(client: Client, state: State): void {
  const entry = state.queue.pop();
  if (!entry) return;
  const { snapshot, algorithm, queue, assumed } = state;
  const { pod } = entry;
  const { namespace, name } = pod.metadata;
  const info = snapshot.info(pod);
  const found = attempt(() => algorithm.schedule(info), () => queue.retry(entry));
  if ('message' in found) {
    if (found.failed) queue.retry(entry);
    else queue.failed(entry, found.plugins);
    reject(client, pod, found.failed ? 'SchedulerError' : 'Unschedulable', found.message);
    return;
  }
  // The pod counts on its node from now on: the next one must not wait until this binding comes back as an event.
  snapshot.place(info, found.name);
  assumed.set(podKey(pod), pod);
  try {
    client.bind(pod, found.name);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    snapshot.removePod(pod);
    assumed.delete(podKey(pod));
    if (isNotFound(error)) queue.done(entry);
    else queue.retry(entry);
    reject(client, pod, 'SchedulerError', `binding rejected: ${error.message}`);
    return;
  }
  queue.done(entry);
  client.event(pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${found.name}`);
}

/** A plugin that throws ends the step, but its pod is not lost. */
function attempt<T>(run: () => T, undo: () => void): T {
  try {
    return run();
  } catch (error) {
    undo();
    throw error;
  }
}

/** The server said no or did not answer; any other error is a mistake in the code. */
const isRefusal = (error: unknown): error is Error => error instanceof StatusError || error instanceof ConnectionError;

/** Says on the pod and in an event why it has no node. */
function reject(client: Client, pod: Pod, reason: string, message: string): void {
  try {
    client.event(pod, 'Warning', 'FailedScheduling', message);
    const old = podCondition(pod, 'PodScheduled');
    if (old?.status === 'False' && old.reason === reason && old.message === message) return;
    const lastTransitionTime = old?.status === 'False' ? old.lastTransitionTime! : timestamp(client.clock.now);
    const condition = { type: 'PodScheduled', status: 'False', lastProbeTime: null as unknown as string, lastTransitionTime, reason, message };
    client.updateStatus(pod, { conditions: [...(pod.status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled'), condition] });
  } catch (error) {
    // The pod may be gone, or the server away: the pod is tried again when there is news of it.
    if (!isRefusal(error)) throw error;
  }
}

function happened({ queue, framework }: State, happening: Happening): void {
  if (queue.unschedulable > 0) queue.moveAll(mayHelp(framework, happening));
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

function onPod(state: State, { type, object, old }: CacheEvent, schedulerName: string): void {
  const pod = object as Pod;
  if (old && old.metadata.uid !== pod.metadata.uid) removePod(state, old as Pod);
  if (type === 'DELETED' || isPodTerminal(pod)) return removePod(state, pod);
  if (pod.spec.nodeName) return assigned(state, pod, old as Pod | undefined);
  if (state.assumed.has(podKey(pod)) || pod.spec.schedulerName !== schedulerName) return;
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

function explain({ framework, snapshot }: State, pod: Pod): Explanation {
  const node = snapshot.placedOn(pod);
  if (node) snapshot.removePod(pod);
  try {
    const { nodeName: _, ...spec } = pod.spec;
    return explainPod(framework, snapshot.info({ ...pod, spec }));
  } finally {
    if (node) snapshot.place(snapshot.info(pod), node.name);
  }
}

