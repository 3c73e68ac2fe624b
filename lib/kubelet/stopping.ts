// How containers and pods end: hooks, grace, the sandbox at last.
import type { Container, Pod } from '../api/index.ts';
import type { ContainerRecord, PodRecord } from '../machine/index.ts';
import { runHook } from './hooks.ts';
import type { PodParts } from './pod-parts.ts';
import { anyRunning } from './pod-status.ts';
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

/** Ends all containers, then the sandbox. True when the status has to tell something new. */
export function stopPod(parts: PodParts, worker: Worker, record: PodRecord | undefined): boolean {
  const { runtime, event, prober } = parts;
  const { pod } = worker;
  if (!record) return false;
  const grace = (worker.gone && !worker.isStatic) || worker.failed?.reason === 'Evicted' ? 0 : (pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30);
  if (!worker.stopping) {
    worker.stopping = true;
    for (const container of record.containers) {
      if (container.state !== 'running') continue;
      event(worker, container.config.name, 'Normal', 'Killing', `Stopping container ${container.config.name}`);
      stopContainer(parts, worker, container, grace);
    }
  } else if (grace === 0) for (const container of record.containers) runtime.stopContainer(container.id, 0);
  if (anyRunning(record)) return false;
  prober.stopAll(worker);
  const had = record.sandboxReady;
  runtime.stopSandbox(worker.uid);
  if (worker.gone) runtime.removePod(worker.uid);
  return had;
}

function stopContainer(parts: PodParts, worker: Worker, container: ContainerRecord, graceSeconds: number): void {
  const { runtime, clock, event, version } = parts;
  const name = container.config.name;
  const spec = specOf(worker.pod, name);
  const preStop = spec?.lifecycle?.preStop;
  const grace = graceSeconds * 1000;
  let hook = 0;
  if (spec && preStop && grace > 0) {
    const { took, failed } = runHook(parts, worker, { container: spec, record: container, hook: preStop });
    hook = Math.min(took, grace);
    if (failed) event(worker, name, 'Warning', 'FailedPreStopHook', version.has('back-off-names-container') ? 'PreStopHook failed' : failed);
  }
  const left = Math.max(grace - hook, minimumGrace);
  if (hook > 0) clock.after(hook, () => runtime.stopContainer(container.id, left));
  else runtime.stopContainer(container.id, left);
}

function specOf(pod: Pod, name: string): Container | undefined {
  return pod.spec.containers.find((c) => c.name === name) ?? pod.spec.initContainers?.find((c) => c.name === name);
}
