// How containers and pods end: hooks, grace, the sandbox at last.
import { type Container, isSidecar, type Pod } from '../api/index.ts';
import type { ContainerRecord, PodRecord } from '../machine/index.ts';
import { runHook } from './hooks.ts';
import type { PodParts } from './pod-parts.ts';
import { anyRunning, latest, shouldRestart } from './pod-status.ts';
import type { Worker } from './worker.ts';

/** Containers are never given less than this to end (milliseconds). */
export const minimumGrace = 2_000;

/** Containers that a startup or liveness probe found dead. */
export function killDead(parts: PodParts, worker: Worker, record: PodRecord): void {
  if (!worker.probes) return;
  for (const [name, { id, dead }] of worker.probes) {
    const container = record.containers.find((c) => c.id === id);
    if (!dead || container?.state !== 'running' || worker.waiting?.get(name)?.reason === 'killing') continue;
    parts.event(worker, name, 'Normal', 'Killing', `Container ${name} failed ${dead} probe, will be restarted`);
    parts.prober.stop(worker, name);
    const probe = specOf(worker.pod, name)?.[dead === 'startup' ? 'startupProbe' : 'livenessProbe'];
    const seconds = probe?.terminationGracePeriodSeconds ?? worker.pod.spec.terminationGracePeriodSeconds ?? 30;
    stopContainer(parts, worker, container, seconds);
  }
}

/** True when all that is left to run are sidecars. */
export function onlySidecarsLeft({ pod }: Worker, record: PodRecord): boolean {
  const { containers, initContainers } = pod.spec;
  if (!initContainers?.some(isSidecar)) return false;
  return containers.every((c) => {
    const newest = latest(record, c.name);
    return newest?.state === 'exited' && !shouldRestart(c, pod, newest);
  });
}

/** Ends all containers, then the sandbox. True when the status has to tell something new. */
export function stopPod(parts: PodParts, worker: Worker, record: PodRecord | undefined): boolean {
  const { runtime, event, prober } = parts;
  if (!record) return false;
  const grace = graceOf(worker);
  if (!worker.stopping) {
    worker.stopping = true;
    worker.lastInTurn = undefined;
    for (const container of record.containers) {
      if (container.state !== 'running') continue;
      event(worker, container.config.name, 'Normal', 'Killing', `Stopping container ${container.config.name}`);
      if (grace > 0 && isSidecar(specOf(worker.pod, container.config.name))) waitForTurn(parts, worker, container, grace);
      else stopContainer(parts, worker, container, grace);
    }
  } else if (grace === 0) for (const container of record.containers) runtime.stopContainer(container.id, 0);
  if (worker.lastInTurn) takeTurns(parts, worker, record);
  if (anyRunning(record)) return false;
  prober.stopAll(worker);
  const had = record.sandboxReady;
  runtime.stopSandbox(worker.uid);
  if (worker.gone) runtime.removePod(worker.uid);
  return had;
}

/** In seconds. */
function graceOf({ gone, isStatic, failed, pod: { metadata, spec } }: Worker): number {
  if (gone && !isStatic) return 0;
  return failed?.grace ?? metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
}

/** A sidecar runs its hook with the others, and ends when those it was there for have ended. */
function waitForTurn(parts: PodParts, worker: Worker, container: ContainerRecord, grace: number): void {
  const { clock } = parts;
  const spec = specOf(worker.pod, container.config.name)!;
  const ready = clock.now + preStop(parts, worker, { container, spec, grace: grace * 1000 });
  (worker.lastInTurn ??= []).push({ id: container.id, ready, end: clock.now + grace * 1000 });
  parts.wakeAt(worker, clock.now + grace * 1000);
}

/** Whoever has nobody left to serve is told to end, the last sidecar first; what is left of the grace is its own. */
function takeTurns(parts: PodParts, worker: Worker, record: PodRecord): void {
  const { clock, runtime, wakeAt } = parts;
  const sidecars = worker.pod.spec.initContainers!.filter(isSidecar).map(({ name }) => name);
  const place = (name: string) => sidecars.indexOf(name);
  const running = record.containers.filter(({ state }) => state === 'running');
  const isServed = ({ config }: ContainerRecord) => running.some((other) => worker.pod.spec.containers.some(({ name }) => name === other.config.name) || place(other.config.name) > place(config.name));
  worker.lastInTurn = worker.lastInTurn!.filter(({ id, ready, end }) => {
    const container = running.find((one) => one.id === id);
    if (!container) return false;
    if (clock.now < end && (clock.now < ready || isServed(container))) {
      wakeAt(worker, clock.now < ready ? ready : end);
      return true;
    }
    runtime.stopContainer(id, Math.max(end - clock.now, minimumGrace));
    return false;
  });
}

/** Tells a container to end, after its hook. */
export function stopContainer(parts: PodParts, worker: Worker, container: ContainerRecord, graceSeconds: number): void {
  const { runtime, clock } = parts;
  const spec = specOf(worker.pod, container.config.name);
  const grace = graceSeconds * 1000;
  const hook = spec ? preStop(parts, worker, { container, spec, grace }) : 0;
  const left = Math.max(grace - hook, minimumGrace);
  if (hook > 0) clock.after(hook, () => runtime.stopContainer(container.id, left));
  else runtime.stopContainer(container.id, left);
}

/** The hook that a container has before it is told to end; how long that takes (milliseconds). */
function preStop(parts: PodParts, worker: Worker, { container, spec, grace }: { container: ContainerRecord; spec: Container; grace: number }): number {
  const hook = spec.lifecycle?.preStop;
  if (!hook || grace === 0) return 0;
  const { took, failed } = runHook(parts, worker, { container: spec, record: container, hook });
  if (failed) parts.event(worker, spec.name, 'Warning', 'FailedPreStopHook', parts.version.has('quiet-hook-events') ? 'PreStopHook failed' : failed);
  return Math.min(took, grace);
}

function specOf(pod: Pod, name: string): Container | undefined {
  return pod.spec.containers.find((c) => c.name === name) ?? pod.spec.initContainers?.find((c) => c.name === name);
}
