// One pod, one step: compare what the API wants with what the runtime has, do the next thing, tell how it is now.
import { isConflict, isNotFound, type Pod } from '../api/index.ts';
import { ConnectionError } from '../client/index.ts';
import type { PodRecord } from '../machine/index.ts';
import { startContainers, wakeForBackOff } from './containers.ts';
import { type PodParts, podParts, type PodPartsOptions } from './pod-parts.ts';
import { anyRunning, podStatus, statusContext, type StatusContext } from './pod-status.ts';
import { heldByHook } from './post-start.ts';
import { takeResize } from './resize.ts';
import { startSandbox } from './sandbox.ts';
import { killDead, onlySidecarsLeft, stopPod } from './stopping.ts';
import { keepUp, refreshVolumes, removeVolumes } from './volumes/keep-up.ts';
import { watchSizes } from './volumes/size-limits.ts';
import type { Worker } from './worker.ts';

/** How often the kubelet asks the runtime how the containers are (milliseconds). */
const relistPeriod = 1000;

export class PodSync {
  #parts: PodParts;
  #context: StatusContext;

  constructor(options: PodPartsOptions) {
    const { runtime, version, machine, clock } = options;
    this.#parts = podParts(options);
    this.#context = statusContext({ version, clock, hostIPs: machine.ips, runtime: runtime.name });
  }

  sync(worker: Worker): void {
    const { clock, runtime, wakeAt } = this.#parts;
    if (runtime.silentSince !== undefined) return wakeAt(worker, clock.now + relistPeriod);
    const record = this.#parts.runtime.pods.get(worker.uid);
    const first = worker.status === undefined;
    if (worker.isStatic && !worker.gone && this.#parts.mirrors.ensure(worker.pod)) worker.unsent = true;
    if (heldByHook(this.#parts, worker)) return;
    // What happened on its own is told before anything is done about it.
    if (worker.changed && !worker.redefined && record && record.containers.length > 0 && !worker.pod.metadata.deletionTimestamp) this.publish(worker);
    worker.changed = false;
    if (worker.quiet) {
      worker.quiet = false;
      this.publish(worker);
      return wakeForBackOff(this.#parts, worker);
    }
    const acted = this.#act(worker, record);
    if (worker.pod.metadata.deletionTimestamp && !worker.gone && this.#finishDeletion(worker)) return;
    if ((acted || first || worker.unsent) && !heldByHook(this.#parts, worker)) this.publish(worker);
  }

  forget(worker: Worker): void {
    this.#parts.backOff.forget(worker.uid);
    this.#parts.images.forget(worker);
    this.#parts.prober.stopAll(worker);
    this.#parts.clock.cancel(worker.timer);
    this.#parts.clock.cancel(worker.refresh);
    this.#parts.clock.cancel(worker.measure);
  }

  /** Nothing of the pod is left here: neither are its volumes. */
  cleanUp(worker: Worker): void {
    removeVolumes(this.#parts, worker);
  }

  /** Its files may have to change: the pod did, or this kubelet found it running. */
  refresh(worker: Worker): void {
    const record = this.#parts.runtime.pods.get(worker.uid);
    if (!record?.sandboxReady || worker.stopping) return;
    refreshVolumes(this.#parts, worker);
    keepUp(this.#parts, worker);
    watchSizes(this.#parts, worker);
  }

  /** Writes the status if it is not the one that was written last. */
  publish(worker: Worker): void {
    if (worker.gone && !worker.isStatic) return;
    const { client, runtime } = this.#parts;
    const status = podStatus(worker, runtime.pods.get(worker.uid), this.#context);
    try {
      if (worker.isStatic) return this.#tellMirror(worker, status);
      const written = client.updateStatus(worker.pod, status);
      // What others wrote meanwhile, a deletion above all, must still be news when the watch brings it.
      worker.pod = tellsNews(worker.pod, written) ? { ...worker.pod, status: written.status } : written;
      worker.status = written.status;
      worker.unsent = false;
    } catch (error) {
      if (error instanceof ConnectionError) {
        worker.unsent = true;
        worker.status = status;
      } else if (!isNotFound(error)) throw error;
    }
  }

  /** Without a mirror pod nobody can be told yet. */
  #tellMirror(worker: Worker, status: Pod['status']): void {
    const { client, mirrors } = this.#parts;
    const mirror = mirrors.of(worker.pod);
    worker.unsent = mirror === undefined;
    worker.status = status;
    if (!mirror) return;
    const written = client.updateStatus(mirror, status);
    mirrors.set(written);
    worker.status = written.status;
  }

  /** True when something was done that the status shows. */
  #act(worker: Worker, record: PodRecord | undefined): boolean {
    const { pod } = worker;
    if (worker.gone || pod.metadata.deletionTimestamp || worker.failed) return stopPod(this.#parts, worker, record);
    const phase = (worker.status ?? pod.status).phase;
    if (phase === 'Succeeded' || phase === 'Failed') return stopPod(this.#parts, worker, record);
    if (this.#pastDeadline(worker)) return stopPod(this.#parts, worker, record), true;
    if (worker.sandboxing && !(record?.sandboxReady || record?.sandboxError)) return false;
    if (!record?.sandboxReady) return startSandbox(this.#parts, worker, record);
    worker.sandboxing = false;
    if (onlySidecarsLeft(worker, record)) return stopPod(this.#parts, worker, record);
    killDead(this.#parts, worker, record);
    const resized = worker.resize !== undefined && takeResize(this.#parts, worker, record);
    return startContainers(this.#parts, worker, record) || resized;
  }

  #pastDeadline(worker: Worker): boolean {
    const { clock, podEvent } = this.#parts;
    const { pod } = worker;
    const seconds = pod.spec.activeDeadlineSeconds;
    const startTime = (worker.status ?? pod.status).startTime;
    if (seconds === undefined) return false;
    const end = (startTime ? Date.parse(startTime) : clock.now) + seconds * 1000;
    if (clock.now < end) {
      this.#parts.wakeAt(worker, end);
      return false;
    }
    const message = 'Pod was active on the node longer than the specified deadline';
    podEvent(worker, 'Normal', 'DeadlineExceeded', message);
    worker.failed = { reason: 'DeadlineExceeded', message };
    return true;
  }

  /** When nothing runs any more: the last status, and the object may go. False while something still runs. */
  #finishDeletion(worker: Worker): boolean {
    const { client, runtime, clock, wakeAt } = this.#parts;
    const record = runtime.pods.get(worker.uid);
    if (anyRunning(record) || record?.sandboxReady) return false;
    this.publish(worker);
    const { uid } = worker.pod.metadata;
    try {
      client.delete(worker.pod, { gracePeriodSeconds: 0, preconditions: { uid } });
      runtime.removePod(worker.uid);
    } catch (error) {
      if (error instanceof ConnectionError) wakeAt(worker, clock.now + 10_000);
      else if (!isNotFound(error) && !isConflict(error)) throw error;
    }
    return true;
  }
}

function tellsNews(pod: Pod, { spec, metadata }: Pod): boolean {
  const { labels, annotations, deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
  return pod.spec !== spec || labels !== metadata.labels || annotations !== metadata.annotations || deletionTimestamp !== metadata.deletionTimestamp || deletionGracePeriodSeconds !== metadata.deletionGracePeriodSeconds;
}
