// In-place resize (KEP-1287): new requests and limits of a pod that runs, if the node has room for them.
import { bytes, type Container, equal, type Pod } from '../api/index.ts';
import type { PodRecord } from '../machine/index.ts';
import type { PodParts } from './pod-parts.ts';
import { latest } from './pod-status.ts';
import { stopContainer } from './stopping.ts';
import type { Worker } from './worker.ts';

type Resources = Container['resources'];

/** What the node has given to each container, while that is not what the pod asks for. */
export interface Resize {
  allocated: Map<string, Resources>;
  /** Why it was not given yet, or never will be. */
  pending?: { reason: 'Deferred' | 'Infeasible'; message: string };
  /** Containers that start again with what they were given. */
  restarting: Set<string>;
}

/** How long the kubelet waits before it tries a resize again that had no room (milliseconds). */
const retryPeriod = 60_000;

const resizable = ({ spec }: Pod): Container[] => (spec.initContainers ? [...spec.containers, ...spec.initContainers] : spec.containers);

/** The pod asks for other resources than before. */
export function noteResize(worker: Worker, before: Pod): void {
  const old = resizable(before);
  const changed = resizable(worker.pod).filter(({ name, resources }) => !equal(resources, old.find((c) => c.name === name)?.resources));
  if (changed.length === 0) return;
  const resize = (worker.resize ??= { allocated: new Map(), restarting: new Set() });
  for (const { name } of changed) if (!resize.allocated.has(name)) resize.allocated.set(name, old.find((c) => c.name === name)?.resources);
}

/** True when the status has to tell something new. */
export function takeResize(parts: PodParts, worker: Worker, record: PodRecord): boolean {
  const resize = worker.resize!;
  if (resize.allocated.size === 0) return false;
  const refusal = parts.allocate(worker.pod);
  if (refusal) {
    if (refusal.reason === 'Deferred') parts.wakeAt(worker, parts.clock.now + retryPeriod);
    const told = equal(refusal, resize.pending);
    resize.pending = refusal;
    return !told;
  }
  delete resize.pending;
  for (const container of resizable(worker.pod)) if (resize.allocated.has(container.name)) actuate(parts, worker, { container, record, before: resize.allocated.get(container.name) });
  resize.allocated.clear();
  endResize(worker);
  return true;
}

/** A container that had to start again for it has. */
export function restarted(worker: Worker, name: string): void {
  worker.resize!.restarting.delete(name);
  endResize(worker);
}

function endResize(worker: Worker): void {
  const { allocated, restarting } = worker.resize!;
  if (allocated.size === 0 && restarting.size === 0) worker.resize = undefined;
}

function actuate(parts: PodParts, worker: Worker, { container, record, before }: { container: Container; record: PodRecord; before: Resources }): void {
  const running = latest(record, container.name);
  if (running?.state !== 'running') return;
  const { resources, resizePolicy = [], name } = container;
  const changed = (resource: string) => (['requests', 'limits'] as const).some((kind) => resources?.[kind]?.[resource] !== before?.[kind]?.[resource]);
  if (resizePolicy.some(({ resourceName, restartPolicy }) => restartPolicy === 'RestartContainer' && changed(resourceName))) {
    worker.resize!.restarting.add(name);
    parts.event(worker, name, 'Normal', 'Killing', `Container ${name} resize requires restart`);
    parts.prober.stop(worker, name);
    return stopContainer(parts, worker, running, worker.pod.spec.terminationGracePeriodSeconds ?? 30);
  }
  const limit = resources?.limits?.['memory'];
  running.config.memoryLimit = limit === undefined ? undefined : bytes(limit);
}
