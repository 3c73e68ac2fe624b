// A running container whose image the pod has changed: it is ended and made anew, whatever the restart policy says.
import type { Container } from '../api/index.ts';
import type { ContainerRecord } from '../machine/index.ts';
import { PodContainer } from './container-config.ts';
import type { PodParts } from './pod-parts.ts';
import { stopContainer } from './stopping.ts';
import type { Worker } from './worker.ts';

/** Follows kubelet's `containerChanged`: of what its hash covers only the image can change in a running pod (resources are a resize). Differs from Kubernetes: a sidecar among the init containers is not made anew. */
export function endRedefined(parts: PodParts, worker: Worker, container: Container, newest: ContainerRecord | undefined): void {
  if (newest?.state !== 'running' || !(newest.config instanceof PodContainer) || newest.config.container.image === container.image) return;
  const { name } = container;
  if (worker.redefined?.has(name)) return;
  (worker.redefined ??= new Set()).add(name);
  parts.event(worker, name, 'Normal', 'Killing', `Container ${name} definition changed, will be restarted`);
  parts.prober.stop(worker, name);
  stopContainer(parts, worker, newest, worker.pod.spec.terminationGracePeriodSeconds ?? 30);
}

/** It ended for that, and is due again. */
export function isDueAnew({ redefined }: Worker, { name }: Container, newest: ContainerRecord | undefined): boolean {
  return redefined !== undefined && redefined.has(name) && newest?.state === 'exited';
}

/** It runs as it is defined now. */
export function madeAnew(worker: Worker, name: string): void {
  worker.redefined?.delete(name);
  if (worker.redefined?.size === 0) worker.redefined = undefined;
}
