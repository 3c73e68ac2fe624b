// The scheduler: takes waiting pods one by one, finds a node for each, binds it.
import { isNotFound, type Kind, type Kinds, type Pod } from '../api/index.ts';
import type { Client, Key } from '../client/index.ts';
import type { Actor, Loop } from '../sim/index.ts';
import { Algorithm } from './algorithm.ts';
import { followCluster, type State } from './event-handlers.ts';
import { type Explanation, explainPod } from './explain.ts';
import { isRefusal, preempt, reject } from './failure.ts';
import type { FitError } from './fit-error.ts';
import type { ClusterView } from './framework.ts';
import { Nominator } from './nominator.ts';
import { type PodInfo, podKey } from './pod-info.ts';
import type { PostFilterResult } from './preemption/result.ts';
import { priorityOf } from './preemption/victims.ts';
import { defaultProfile } from './profile.ts';
import { type QueuedPod, SchedulingQueue } from './queue.ts';
import { Framework, type FrameworkOptions, type ProfileEntry } from './runtime.ts';
import { Snapshot } from './snapshot.ts';

/** Which plugins schedule the pods that name it. */
export interface Profile extends FrameworkOptions {
  /** Pods choose their scheduler by this name (`spec.schedulerName`). */
  name: string;
  /** Plugins in the order of the filters, with weights; by default those of the release. */
  profile?: readonly ProfileEntry[];
}

export interface SchedulerOptions extends Omit<Profile, 'name'> {
  client: Client;
  /** Woken when there is a pod to schedule; without it the owner asks `ready()`. */
  loop?: Pick<Loop, 'wake' | 'forget'>;
  /** Default `default-scheduler`. */
  name?: string;
  /** More profiles of the same process: they share its queue and what it knows of the cluster. */
  profiles?: readonly Profile[];
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
  const { client, loop } = options;
  let state: State | undefined;
  const actor: Scheduler = {
    name: client.name,
    ready: () => state?.queue.ready ?? false,
    step: () => state && scheduleOne(client, state),
    start() {
      const fresh = newState(options, () => loop?.wake(actor));
      state = fresh;
      followCluster(client, fresh, { live: () => state === fresh });
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

function newState({ client, name = 'default-scheduler', profiles = [], percentageOfNodesToScore, ...options }: SchedulerOptions, wake: () => void): State {
  const { version, clock, random } = client;
  const [snapshot, nominator] = [new Snapshot(version), new Nominator()];
  const view: ClusterView = { version, snapshot, nominator, random, ...readers(client) };
  const all: Profile[] = [{ ...options, name }, ...profiles];
  const maxUnschedulable = version.has('unschedulable-five-minutes') ? 5 * 60_000 : 60_000;
  return {
    frameworks: new Map(all.map(({ name, profile, ...rest }) => [name, new Framework(profile ?? defaultProfile(version), view, rest)])),
    snapshot,
    nominator,
    algorithm: new Algorithm(random, percentageOfNodesToScore),
    queue: new SchedulingQueue({ clock, maxUnschedulable, wake, nominator }),
    assumed: new Map(),
  };
}

/** Reads from the client's caches; a kind that the release does not serve has no objects. */
function readers(client: Client): Pick<ClusterView, 'find' | 'list'> {
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
  const { snapshot, algorithm, queue, frameworks } = state;
  const info = snapshot.info(entry.pod);
  const framework = frameworks.get(entry.pod.spec.schedulerName!)!;
  const found = attempt(() => algorithm.schedule(framework, info), () => queue.retry(entry));
  if (!('message' in found)) return bind(client, state, { entry, info, node: found.name });
  if (found.failed) {
    queue.retry(entry);
    return reject(client, entry.pod, { reason: 'SchedulerError', message: found.message });
  }
  const { diagnosis } = found;
  const result = diagnosis && attempt(() => framework.postFilter(info, diagnosis), () => queue.retry(entry));
  unschedulable(client, state, { entry, found, result });
}

/** Perhaps pods of lower priority give way: then the pod waits for their node. */
function unschedulable(client: Client, { queue, nominator }: State, { entry, found, result }: { entry: QueuedPod; found: FitError; result: PostFilterResult | undefined }): void {
  const { pod } = entry;
  const { victims = [], message } = result ?? {};
  let nominatedNodeName = result?.nominatedNodeName;
  const makeRoom = () => {
    if (!nominatedNodeName) return;
    const displaced = nominator.on(nominatedNodeName).filter((other) => priorityOf(other) < priorityOf(pod));
    if (!preempt(client, { pod, node: nominatedNodeName, victims, displaced })) nominatedNodeName = undefined;
  };
  const afterwards = client.version.has('async-preemption');
  if (!afterwards) makeRoom();
  queue.failed(entry, found.plugins);
  if (nominatedNodeName) nominator.add(pod, nominatedNodeName);
  else if (nominatedNodeName === '') nominator.delete(pod);
  const more = message && client.version.has('preemption-message') ? ` ${message}` : '';
  reject(client, pod, { reason: 'Unschedulable', message: `${found.message}${more}`, nominatedNodeName });
  if (afterwards) makeRoom();
}

/** The pod counts on its node from now on: the next one must not wait until this binding comes back as an event. */
function bind(client: Client, { snapshot, assumed, queue, nominator }: State, { entry, info, node }: { entry: QueuedPod; info: PodInfo; node: string }): void {
  const { pod } = entry;
  snapshot.place(info, node);
  assumed.set(podKey(pod), pod);
  nominator.delete(pod);
  try {
    client.bind(pod, node);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    snapshot.removePod(pod);
    assumed.delete(podKey(pod));
    if (isNotFound(error)) queue.done(entry);
    else {
      queue.retry(entry);
      nominator.add(pod);
    }
    return reject(client, pod, { reason: 'SchedulerError', message: `binding rejected: ${error.message}` });
  }
  queue.done(entry);
  const { namespace, name } = pod.metadata;
  client.event(pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${node}`, { component: pod.spec.schedulerName! });
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

function explain({ frameworks, snapshot }: State, pod: Pod): Explanation {
  const framework = frameworks.get(pod.spec.schedulerName!);
  if (!framework) throw new RangeError(`no profile is named ${JSON.stringify(pod.spec.schedulerName)}`);
  const node = snapshot.placedOn(pod);
  if (node) snapshot.removePod(pod);
  try {
    const { nodeName: _, ...spec } = pod.spec;
    return explainPod(framework, snapshot.info({ ...pod, spec }));
  } finally {
    if (node) snapshot.place(snapshot.info(pod), node.name);
  }
}
