// The status of a pod, from its spec and from what the runtime has of it. Pure: it changes nothing.
import { type Container, type ContainerStatus, isSidecar, type Pod, type PodCondition, type PodStatus, type Version } from '../api/index.ts';
import type { VolumeMountStatus } from 'kubernetes-types/core/v1';
import type { ContainerRecord, PodRecord } from '../machine/index.ts';
import { timestamp } from '../sim/index.ts';
import { containersReady, ownConditions, podInitialized, podReady, stamped } from './conditions.ts';
import { podPhase } from './pod-phase.ts';
import { preempted } from './preemption.ts';
import type { Resize } from './resize.ts';
import type { Worker } from './worker.ts';

export interface StatusContext {
  version: Version;
  clock: { readonly now: number };
  hostIP: string;
  /** `containerd` or `docker`: the scheme of container ids. */
  runtime: string;
  hostIPs: PodStatus['hostIPs'] | undefined;
  readyToStart: boolean;
  /** Containers say what they were given. */
  resources?: boolean;
}

/** What is the same for all pods of a node. */
export function statusContext(node: Pick<StatusContext, 'version' | 'clock' | 'runtime'> & { hostIPs: readonly string[] }): StatusContext {
  const { version, clock, hostIPs, runtime } = node;
  return { version, clock, hostIP: hostIPs[0]!, runtime, hostIPs: version.has('pod-host-ips') ? hostIPs.map((ip) => ({ ip })) : undefined, readyToStart: version.has('pod-ready-to-start-containers'), resources: version.has('in-place-resize') };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function podStatus(worker: Worker, record: PodRecord | undefined, context: StatusContext): PodStatus {
  const { pod, failed } = worker;
  const { spec } = pod;
  const old: PodStatus = worker.status ?? pod.status;
  const now = timestamp(context.clock.now);
  if (failed?.rejected) return { phase: 'Failed', reason: failed.reason, message: failed.message, startTime: old.startTime ?? now };
  const initializing = spec.initContainers !== undefined && spec.initContainers.length > 0;
  const init = initializing ? containerStatuses(spec.initContainers!, worker, record, context, 'PodInitializing', 'initContainerStatuses') : none;
  const defaultReason = initializing ? 'PodInitializing' : 'ContainerCreating';
  const containers = containerStatuses(spec.containers, worker, record, context, defaultReason, 'containerStatuses');
  let phase: string = failed ? 'Failed' : podPhase(spec, init, containers, isEnding(pod, record, context.version));
  // An ended pod stays what it was.
  if (old.phase === 'Failed' || old.phase === 'Succeeded') phase = old.phase;

  const status: Mutable<PodStatus> = { phase, conditions: conditionsOf(worker, record, context, phase, init, containers, now), hostIP: context.hostIP };
  if (context.hostIPs) status.hostIPs = context.hostIPs;
  const ip = record?.ip || old.podIP;
  if (ip) {
    status.podIP = ip;
    status.podIPs = old.podIP === ip ? old.podIPs! : record ? record.ips.map((one) => ({ ip: one })) : [{ ip }];
  }
  status.startTime = old.startTime ?? now;
  if (initializing) status.initContainerStatuses = init as ContainerStatus[];
  status.containerStatuses = containers;
  if (spec.ephemeralContainers) status.ephemeralContainerStatuses = containerStatuses(spec.ephemeralContainers as Container[], worker, record, context, defaultReason, 'ephemeralContainerStatuses');
  if (failed) {
    status.reason = failed.reason;
    status.message = failed.message;
  }
  return status;
}

/** Reasons for which a pod ends although nothing is wrong with it. */
const disrupted = new Set(['Evicted', 'Terminated', preempted.reason]);

type StatusList = 'initContainerStatuses' | 'containerStatuses' | 'ephemeralContainerStatuses';

const none: readonly ContainerStatus[] = [];

/** Deleted, and nothing of it runs any more. */
function isEnding({ metadata }: Pod, record: PodRecord | undefined, version: Version): boolean {
  return metadata.deletionTimestamp !== undefined && version.has('deleted-pods-become-terminal') && record !== undefined && record.containers.length > 0 && !anyRunning(record);
}

function containerStatuses(containers: readonly Container[], worker: Worker, record: PodRecord | undefined, context: StatusContext, defaultReason: string, list: StatusList): ContainerStatus[] {
  const out: ContainerStatus[] = [];
  for (const container of containers) out.push(containerStatus(container, worker, record, context, defaultReason, list));
  return out;
}

function conditionsOf(worker: Worker, record: PodRecord | undefined, { version, readyToStart }: StatusContext, phase: string, init: readonly ContainerStatus[], containers: readonly ContainerStatus[], now: string): PodCondition[] {
  const { pod, status, failed } = worker;
  const before = (status ?? pod.status).conditions;
  const conditions: PodCondition[] = [];
  let scheduled: PodCondition | undefined;
  if (pod.status.conditions) for (const condition of pod.status.conditions) {
    if (condition.type === 'PodScheduled') scheduled = condition;
    else if (!ownConditions.has(condition.type) && !(failed && condition.type === 'DisruptionTarget')) conditions.push(condition);
  }
  const ready = containersReady(pod.spec, { init, containers }, phase);
  const podIsReady = podReady(pod.spec, conditions, ready);
  if (failed && disrupted.has(failed.reason) && version.has('disruption-target')) {
    conditions.push(stamped({ type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet', message: failed.reason === preempted.reason ? 'Pod was preempted by Kubelet to accommodate a critical pod.' : failed.message }, before, now));
  }
  if (worker.resize) addResizeConditions(conditions, worker.resize);
  if (readyToStart) {
    conditions.push(stamped({ type: 'PodReadyToStartContainers', status: record?.sandboxReady ? 'True' : 'False' }, before, now));
  }
  conditions.push(stamped(podInitialized(pod.spec, { init, containers }, phase), before, now), stamped(podIsReady, before, now), stamped(ready, before, now));
  conditions.push(scheduled ?? stamped({ type: 'PodScheduled', status: 'True' }, before, now));
  return conditions;
}

function addResizeConditions(conditions: PodCondition[], { pending, acting, actingSince }: Resize): void {
  const add = (type: string, since: number, checked: number, why: object) => conditions.push({ type, status: 'True', lastProbeTime: timestamp(checked), lastTransitionTime: timestamp(since), ...why });
  if (pending) add('PodResizePending', pending.since, pending.checked, { reason: pending.reason, message: pending.message });
  if (acting.size > 0) add('PodResizeInProgress', actingSince, actingSince, {});
}

export function anyRunning(record: PodRecord | undefined): boolean {
  if (record) for (const { state } of record.containers) if (state === 'running') return true;
  return false;
}

/** The newest container of that name, and with `skip` 1 the one before. */
export function latest(record: PodRecord | undefined, name: string, skip = 0): ContainerRecord | undefined {
  if (record) {
    const { containers } = record;
    for (let i = 0; i < containers.length; i++) if (containers[i]!.config.name === name && skip-- === 0) return containers[i];
  }
  return undefined;
}

/** Whether a container that does not run is to be started (again). */
export function shouldRestart(container: Container, pod: Pod, newest: ContainerRecord | undefined): boolean {
  if (pod.metadata.deletionTimestamp) return false;
  if (!newest || newest.state === 'created') return true;
  if (newest.state === 'running') return false;
  if (isSidecar(container)) return true;
  const { restartPolicy } = pod.spec;
  return restartPolicy !== 'Never' && !(restartPolicy === 'OnFailure' && newest.exitCode === 0);
}

function containerStatus(container: Container, worker: Worker, record: PodRecord | undefined, context: StatusContext, defaultReason: string, list: StatusList): ContainerStatus {
  const { name, image } = container;
  const newest = latest(record, name);
  const waiting = worker.waiting?.get(name);
  if (!newest) {
    const old = worker.status?.[list]?.find((s) => s.name === name);
    if (old?.state?.terminated) return old;
    const state = { waiting: waiting ? waitingState(waiting.reason, waiting.message) : { reason: defaultReason } };
    const status: ContainerStatus = { name, state, lastState: {}, ready: false, restartCount: 0, image: image ?? '', imageID: '' };
    if (list !== 'ephemeralContainerStatuses') status.started = false;
    return status;
  }
  const init = list === 'initContainerStatuses';
  const before = latest(record, name, 1);
  const running = newest.state === 'running';
  let state: ContainerStatus['state'] = running ? { running: { startedAt: timestamp(newest.startedAt) } } : { terminated: terminated(newest, context) };
  let lastState: ContainerStatus['lastState'] = before ? { terminated: terminated(before, context) } : {};
  const finishedInit = init && !running && newest.exitCode === 0 && !isSidecar(container);
  if (!running && waiting && !finishedInit && shouldRestart(container, worker.pod, newest)) {
    lastState = state as NonNullable<ContainerStatus['lastState']>;
    state = { waiting: waitingState(waiting.reason, waiting.message) };
  }
  const id = `${context.runtime}://${newest.id}`;
  // Nobody waits for an ephemeral container.
  if (list === 'ephemeralContainerStatuses') return { name, state, lastState, ready: false, restartCount: 0, image: newest.config.image.name, imageID: newest.config.image.ref, containerID: id };
  const probes = worker.probes?.get(name);
  const started = running && (!container.startupProbe || (probes?.id === newest.id && probes.started));
  const ready = init && !isSidecar(container) ? finishedInit : started && (!container.readinessProbe || (probes?.id === newest.id && probes.ready === true));
  const status: ContainerStatus = { name, state, lastState, ready, restartCount: newest.config.attempt, image: newest.config.image.name, imageID: newest.config.image.ref, containerID: id, started };
  if (context.resources) addResources(status, worker, container);
  if (context.version.has('volume-mount-status') && container.volumeMounts?.length) status.volumeMounts = mountsOf(container);
  return status;
}

const mounts = new WeakMap<Container, VolumeMountStatus[]>();

/** What was mounted. Differs from Kubernetes: no runtime here mounts what lies below a mount read-only too. */
function mountsOf(container: Container): VolumeMountStatus[] {
  let found = mounts.get(container);
  if (!found) mounts.set(container, (found = container.volumeMounts!.map(({ mountPath, name, readOnly }) => ({ mountPath, name, ...(readOnly && { readOnly, recursiveReadOnly: 'Disabled' }) }))));
  return found;
}

const nothing = Object.freeze({});

/** What the container was given, and what it has of it; nothing is something too. */
function addResources(status: ContainerStatus, { resize }: Worker, { name, resources }: Container): void {
  const given = resize?.allocated.has(name) ? resize.allocated.get(name) : resources;
  if (given?.requests) status.allocatedResources = given.requests;
  status.resources = (resize?.acting.has(name) ? resize.acting.get(name) : given) ?? nothing;
}

const waitingState = (reason: string, message: string | undefined) => (message ? { reason, message } : { reason });

function terminated(container: ContainerRecord, { runtime }: StatusContext) {
  const { exitCode, reason, message, startedAt, finishedAt, id } = container;
  return { exitCode, reason, ...(message && { message }), startedAt: timestamp(startedAt), finishedAt: timestamp(finishedAt), containerID: `${runtime}://${id}` };
}
