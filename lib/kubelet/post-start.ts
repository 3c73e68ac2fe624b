// The hook after a container's start: the kubelet waits for it (startContainer of pkg/kubelet/kuberuntime).
import type { Container } from '../api/index.ts';
import type { ContainerRecord } from '../machine/index.ts';
import { runHook } from './hooks.ts';
import type { PodParts } from './pod-parts.ts';
import { minimumGrace } from './stopping.ts';
import type { Worker } from './worker.ts';

/** Until its hook is over a container is not shown as running, and nothing else of the pod starts. */
export function postStart(parts: PodParts, worker: Worker, container: Container, record: ContainerRecord): void {
  const { took, failed } = runHook(parts, worker, { container, record, hook: container.lifecycle!.postStart! });
  worker.hook = { until: parts.clock.now + took, container, record, failed };
  if (took === 0) endHook(parts, worker);
}

/** True while a hook holds the pod back. One that is deleted or has to end does not wait for it. */
export function heldByHook(parts: PodParts, worker: Worker): boolean {
  if (!worker.hook) return false;
  if (worker.gone || worker.failed || worker.pod.metadata.deletionTimestamp) worker.hook = undefined;
  else if (parts.clock.now < worker.hook.until) parts.wakeAt(worker, worker.hook.until);
  else {
    endHook(parts, worker);
    worker.changed = true;
  }
  return worker.hook !== undefined;
}

function endHook(parts: PodParts, worker: Worker): void {
  const { container, record, failed } = worker.hook!;
  worker.hook = undefined;
  if (!failed) return parts.prober.start(worker, container, record);
  const { version } = parts;
  const why = /- error: (.*), message: /s.exec(failed)?.[1] ?? failed;
  (worker.waiting ??= new Map()).set(container.name, { reason: version.has('post-start-reason') ? 'PostStartHookError' : `PostStartHookError: ${why}`, message: failed });
  parts.event(worker, container.name, 'Warning', 'FailedPostStartHook', version.has('quiet-hook-events') ? 'PostStartHook failed' : failed);
  parts.event(worker, container.name, 'Normal', 'Killing', 'FailedPostStartHook');
  parts.runtime.stopContainer(record.id, minimumGrace);
}
