// The scheduler: takes waiting pods one by one, finds a node for each, binds it.
import { isNotFound, type Kind, type Kinds, type Pod, podCondition, StatusError } from '../api/index.ts';
import { type Client, ConnectionError, type Key } from '../client/index.ts';
import { type Actor, type Loop, timestamp } from '../sim/index.ts';
import { Algorithm } from './algorithm.ts';
import { followCluster, type State } from './event-handlers.ts';
import { type Explanation, explainPod } from './explain.ts';
import type { Handle } from './framework.ts';
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
      followCluster(client, fresh, { schedulerName: name, live: () => state === fresh });
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

function newState({ client, profile, percentageOfNodesToScore, ...options }: SchedulerOptions, wake: () => void): State {
  const { version, clock, random } = client;
  const snapshot = new Snapshot(version);
  const framework = new Framework(profile ?? defaultProfile(version), { version, snapshot, ...readers(client) }, options);
  const maxUnschedulable = version.has('unschedulable-five-minutes') ? 5 * 60_000 : 60_000;
  return {
    framework,
    snapshot,
    algorithm: new Algorithm(framework, random, percentageOfNodesToScore),
    queue: new SchedulingQueue({ clock, maxUnschedulable, wake }),
    assumed: new Map(),
  };
}

/** Reads from the client's caches; a kind that the release does not serve has no objects. */
function readers(client: Client): Pick<Handle, 'find' | 'list'> {
  const served = (kind: string) => {
    const resource = client.resource(kind);
    return resource !== undefined && !resource.discoveryOnly;
  };
  return {
    find: <K extends Kind>(kind: K, key: Key) => (served(kind) ? (client.find(kind, key) as Kinds[K] | undefined) : undefined),
    list: <K extends Kind>(kind: K, namespace?: string): Iterable<Kinds[K]> => {
      if (!served(kind)) return [];
      return (namespace ? client.cache(kind).inNamespace(namespace) : client.cache(kind)) as Iterable<Kinds[K]>;
    },
  };
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

