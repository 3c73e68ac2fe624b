// The scheduler: takes waiting pods one by one, finds a node for each, binds it.
import { isNotFound, type Kind, type Kinds, type Pod } from '../api/index.ts';
import type { Client, Key } from '../client/index.ts';
import type { Actor, Loop } from '../sim/index.ts';
import { Algorithm } from './algorithm.ts';
import { Bindings, type PendingBinding } from './bindings.ts';
import { helpsItself } from './cluster-events.ts';
import { followCluster, type State } from './event-handlers.ts';
import { type Explanation, explainPod } from './explain.ts';
import { isRefusal, preempt, reject } from './failure.ts';
import type { FitError } from './fit-error.ts';
import type { ClusterView } from './framework.ts';
import { Nominator } from './nominator.ts';
import { podKey } from './pod-info.ts';
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
    ready: () => !!state && (state.bindings.ready || state.queue.ready),
    step: () => state && (state.bindings.ready ? finishBindings(client, state) : scheduleOne(client, state)),
    start() {
      const fresh = newState(options, () => loop?.wake(actor));
      state = fresh;
      followCluster(client, fresh, { live: () => state === fresh });
    },
    stop() {
      state?.queue.stop();
      state?.bindings.stop();
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
  const view: ClusterView = { version, snapshot, nominator, random, ...access(client) };
  const all: Profile[] = [{ ...options, name }, ...profiles];
  const maxUnschedulable = version.has('unschedulable-five-minutes') ? 5 * 60_000 : 60_000;
  const frameworks = new Map(all.map(({ name, profile, ...rest }) => [name, new Framework(profile ?? defaultProfile(version), view, rest)]));
  const queue = new SchedulingQueue({
    clock,
    maxUnschedulable,
    wake,
    nominator,
    hasty: !version.has('pod-updates-keep-back-off'),
    impatient: version.has('pop-from-back-off'),
    errorsWait: !version.has('errors-back-off'),
    ...(version.has('queueing-hints') && { helpsItself: (entry, old) => helpsItself(frameworks.get(entry.pod.spec.schedulerName!)!, entry, old) }),
  });
  return {
    frameworks,
    snapshot,
    nominator,
    algorithm: new Algorithm(random, percentageOfNodesToScore),
    queue,
    skip: (pod) => skipDeleting(client, queue, pod),
    assumed: new Map(),
    bindings: new Bindings(clock, wake),
  };
}

/** Reads from the client's caches; a kind that the release does not serve has no objects. */
function access(client: Client): Pick<ClusterView, 'find' | 'list' | 'update'> {
  const served = (kind: string) => {
    const resource = client.resource(kind);
    return resource !== undefined && !resource.discoveryOnly;
  };
  return {
    update: (object) => client.update(object),
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
  if (entry.pod.metadata.deletionTimestamp) return state.skip(entry.pod);
  const info = snapshot.info(entry.pod);
  const framework = frameworks.get(entry.pod.spec.schedulerName!)!;
  const found = attempt(() => algorithm.schedule(framework, info), () => queue.retry(entry));
  if (!('message' in found)) return assume(client, state, { entry, info, node: found, framework });
  if (found.failed) {
    queue.retry(entry);
    return reject(client, entry.pod, { reason: client.version.has('scheduler-error-reason') ? 'SchedulerError' : 'Unschedulable', message: found.message });
  }
  const { diagnosis } = found;
  const result = diagnosis && attempt(() => framework.postFilter(info, diagnosis), () => queue.retry(entry));
  unschedulable(client, state, { entry, found, result });
}

/** It needs no node any more. Every change of it brings it back here until it is gone. */
function skipDeleting(client: Client, queue: SchedulingQueue, pod: Pod): void {
  queue.delete(pod);
  client.event(pod, 'Warning', 'FailedScheduling', `skip schedule deleting pod: ${pod.metadata.namespace}/${pod.metadata.name}`, { component: pod.spec.schedulerName!, action: 'Scheduling' });
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
  // Nobody refused it, so that there is no event to wait for: no nodes at all.
  if (found.plugins.size === 0 && client.version.has('queueing-hints')) queue.retry(entry);
  else queue.failed(entry, found.plugins);
  if (nominatedNodeName) nominator.add(pod, nominatedNodeName);
  else if (nominatedNodeName === '') nominator.delete(pod);
  const more = message && client.version.has('preemption-message') ? ` ${message}` : '';
  reject(client, pod, { reason: 'Unschedulable', message: `${found.message}${more}`, nominatedNodeName });
  if (!afterwards) return;
  makeRoom();
  // A victim could not be told to go, and no event may come of that (prepareCandidateAsync in framework/preemption/preemption.go).
  // Differs from Kubernetes: there it is tried at once; a refused call takes no time here, so that it would never end.
  if (result?.nominatedNodeName && !nominatedNodeName) queue.backOff(entry);
}

/** The pod counts on its node from now on: the next one must not wait until this binding comes back as an event. */
function assume(client: Client, state: State, binding: PendingBinding): void {
  const { info, node, framework } = binding;
  framework.reserve(info, node);
  state.snapshot.place(info, node.name);
  state.assumed.set(podKey(info.pod), info.pod);
  state.nominator.delete(info.pod);
  try {
    const status = framework.preBind(info, node);
    if (status?.code === 'Wait') return state.bindings.add(binding);
    if (status) return forget(client, state, binding, `running PreBind plugin ${JSON.stringify(status.plugin)}: ${status.reasons.join(', ')}`);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return forget(client, state, binding, `running PreBind plugin "VolumeBinding": ${error.message}`);
  }
  bind(client, state, binding);
}

function finishBindings(client: Client, state: State): void {
  for (const { binding, problem } of state.bindings.take()) {
    if (problem) forget(client, state, binding, `running PreBind plugin ${JSON.stringify(problem.plugin)}: ${problem.reasons.join(', ')}`);
    else bind(client, state, binding);
  }
}

function bind(client: Client, state: State, binding: PendingBinding): void {
  const { pod } = binding.info;
  const { namespace, name } = pod.metadata;
  try {
    client.bind(pod, binding.node.name);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return forget(client, state, binding, `binding rejected: ${error.message}`, isNotFound(error));
  }
  state.queue.done(binding.entry);
  client.event(pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${binding.node.name}`, { component: pod.spec.schedulerName!, action: 'Binding' });
}

/** The node that the pod was to get is free again. */
function forget(client: Client, { snapshot, assumed, queue, nominator }: State, { entry, info, node, framework }: PendingBinding, message: string, gone = false): void {
  const { pod } = info;
  framework.unreserve(info, node);
  snapshot.removePod(pod);
  assumed.delete(podKey(pod));
  if (gone) queue.done(entry);
  else {
    queue.retry(entry);
    nominator.add(pod);
  }
  reject(client, pod, { reason: 'SchedulerError', message });
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
  if (!framework) throw new RangeError(`이 스케줄러는 spec.schedulerName이 ${JSON.stringify(pod.spec.schedulerName)}인 파드를 맡지 않는다. 이름을 잘못 적었는지, 그 이름의 스케줄러가 따로 있는지 확인한다.`);
  const node = snapshot.placedOn(pod);
  if (node) snapshot.removePod(pod);
  try {
    const { nodeName: _, ...spec } = pod.spec;
    return explainPod(framework, snapshot.info({ ...pod, spec }));
  } finally {
    if (node) snapshot.place(snapshot.info(pod), node.name);
  }
}
