// In-place resize (KEP-1287): new requests and limits of a pod that runs, if the node has room for them.
import { bytes, type Container, equal, type Pod } from '../api/index.ts';
import type { PodRecord } from '../machine/index.ts';
import type { PodParts } from './pod-parts.ts';
import { latest } from './pod-status.ts';
import { stopContainer } from './stopping.ts';
import type { Worker } from './worker.ts';

type Resources = Container['resources'];

/** A resize that waits or never comes, and when that was found out: at first with this reason, and last. */
export interface PendingResize {
  reason: 'Deferred' | 'Infeasible';
  message: string;
  since: number;
  checked: number;
}

/** What the node has given to each container, while that is not what the pod asks for. */
export interface Resize {
  allocated: Map<string, Resources>;
  /** Why it was not given yet, or never will be. */
  pending?: PendingResize;
  /** Containers that are still as they were before, though more or less was given to them, and since when. */
  acting: Map<string, Resources>;
  /** Of those, the ones that start again with it. */
  restarting: Set<string>;
  actingSince: number;
}

/** How long the kubelet waits before it tries a resize again that had no room (milliseconds). */
const retryPeriod = 60_000;
/** When the runtime is asked again how the containers are. */
const relistPeriod = 1000;

const resizable = ({ spec }: Pod): Container[] => (spec.initContainers ? [...spec.containers, ...spec.initContainers] : spec.containers);

const newResize = (): Resize => ({ allocated: new Map(), acting: new Map(), restarting: new Set(), actingSince: 0 });

/** A kubelet that starts again finds in the status what it gave. */
export function rememberResize(worker: Worker): void {
  const { containerStatuses = [], initContainerStatuses = [] } = worker.pod.status;
  for (const { name, resources } of resizable(worker.pod)) {
    const given = [...containerStatuses, ...initContainerStatuses].find((one) => one.name === name)?.resources;
    if (given && !equal({ ...given }, { ...resources })) (worker.resize ??= newResize()).allocated.set(name, given as Resources);
  }
}

/** A container as it would be if the pod asked for what it was given. */
export function asAllocated({ resize }: Worker, container: Container): Container {
  return resize?.allocated.has(container.name) ? { ...container, resources: resize.allocated.get(container.name) } : container;
}

/** The pod, too. */
export function allocatedPod(worker: Worker): Pod {
  const { pod, resize } = worker;
  if (!resize) return pod;
  const given = (containers: readonly Container[]) => containers.map((one) => asAllocated(worker, one));
  return { ...pod, spec: { ...pod.spec, containers: given(pod.spec.containers), ...(pod.spec.initContainers && { initContainers: given(pod.spec.initContainers) }) } };
}

/** The pod asks for other resources than before. */
export function noteResize(worker: Worker, before: Pod): void {
  const old = resizable(before);
  const changed = resizable(worker.pod).filter(({ name, resources }) => !equal(resources, old.find((c) => c.name === name)?.resources));
  if (changed.length === 0) return;
  const resize = (worker.resize ??= newResize());
  for (const { name } of changed) if (!resize.allocated.has(name)) resize.allocated.set(name, old.find((c) => c.name === name)?.resources);
}

/** True when the status has to tell something new. */
export function takeResize(parts: PodParts, worker: Worker, record: PodRecord): boolean {
  const resize = worker.resize!;
  const done = resize.acting.size > 0 && endActing(parts, worker);
  if (resize.allocated.size === 0) return done;
  const { now } = parts.clock;
  const refusal = parts.allocate(worker.pod);
  if (refusal) {
    if (refusal.reason === 'Deferred') parts.wakeAt(worker, now + retryPeriod);
    resize.pending = { ...refusal, checked: now, since: resize.pending?.reason === refusal.reason ? resize.pending.since : now };
    return true;
  }
  delete resize.pending;
  for (const container of resizable(worker.pod)) {
    if (!resize.allocated.has(container.name)) continue;
    parts.backOff.reset(`${worker.uid}/${container.name}`);
    actuate(parts, worker, { container, record, before: resize.allocated.get(container.name) });
  }
  resize.allocated.clear();
  endResize(worker);
  return true;
}

/** What was done to containers that run on is seen when the runtime is asked again. */
function endActing(parts: PodParts, worker: Worker): boolean {
  const { acting, restarting, actingSince } = worker.resize!;
  if (parts.clock.now < actingSince + relistPeriod) return false;
  const before = acting.size;
  for (const name of acting.keys()) if (!restarting.has(name)) acting.delete(name);
  endResize(worker);
  return acting.size < before;
}

/** A container that had to start again for it has. */
export function restarted(worker: Worker, name: string): void {
  const { restarting, acting } = worker.resize!;
  restarting.delete(name);
  acting.delete(name);
  endResize(worker);
}

function endResize(worker: Worker): void {
  const { allocated, acting } = worker.resize!;
  if (allocated.size === 0 && acting.size === 0) worker.resize = undefined;
}

function actuate(parts: PodParts, worker: Worker, { container, record, before }: { container: Container; record: PodRecord; before: Resources }): void {
  const running = latest(record, container.name);
  if (running?.state !== 'running') return;
  const { resources, resizePolicy = [], name } = container;
  const resize = worker.resize!;
  resize.acting.set(name, before);
  resize.actingSince = parts.clock.now;
  const changed = (resource: string) => (['requests', 'limits'] as const).some((kind) => resources?.[kind]?.[resource] !== before?.[kind]?.[resource]);
  if (resizePolicy.some(({ resourceName, restartPolicy }) => restartPolicy === 'RestartContainer' && changed(resourceName))) {
    resize.restarting.add(name);
    parts.event(worker, name, 'Normal', 'Killing', `Container ${name} resize requires restart`);
    parts.prober.stop(worker, name);
    return stopContainer(parts, worker, running, worker.pod.spec.terminationGracePeriodSeconds ?? 30);
  }
  parts.wakeAt(worker, parts.clock.now + relistPeriod);
  const limit = resources?.limits?.['memory'];
  running.config.memoryLimit = limit === undefined ? undefined : bytes(limit);
  running.config.resources = resources as typeof running.config.resources;
  parts.runtime.updateContainer(running.id);
}
