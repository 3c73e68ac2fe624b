// Containers: which of a pod's are due, and what has to go well before one runs.
import { type Container, isSidecar } from '../api/index.ts';
import { ConnectionError } from '../client/index.ts';
import type { ContainerRecord, ImageStatus, PodRecord } from '../machine/index.ts';
import { goDuration } from './back-off.ts';
import { PodContainer } from './container-config.ts';
import type { PodParts } from './pod-parts.ts';
import { latest, shouldRestart } from './pod-status.ts';
import { postStart } from './post-start.ts';
import { endRedefined, isDueAnew, madeAnew } from './redefined.ts';
import { ConfigError } from './references.ts';
import { asAllocated, restarted } from './resize.ts';
import { stopPod } from './stopping.ts';
import type { Worker } from './worker.ts';

/** Starts what is due, in order; true when something was done that the status shows. */
export function startContainers(parts: PodParts, worker: Worker, record: PodRecord): boolean {
  const { pod } = worker;
  let acted = false;
  if (pod.spec.ephemeralContainers) {
    const result = startEphemeral(parts, worker, record);
    if (result === 'waiting') return false;
    acted = result === 'acted';
  }
  if (pod.spec.initContainers) {
    const result = startInit(parts, worker, record);
    acted ||= result.acted;
    if (result.holds) return acted;
  }
  for (const container of pod.spec.containers) {
    const newest = latest(record, container.name);
    if (!shouldRestart(container, pod, newest) && !isDueAnew(worker, container, newest)) {
      endRedefined(parts, worker, container, newest);
      continue;
    }
    const result = start(parts, worker, container, record, newest);
    if (result === 'waiting') return acted;
    acted ||= result !== 'backoff';
    if (worker.hook) return acted;
  }
  return acted;
}

/** Init containers one by one, each sidecar when those before it are done. `holds`: the others have to wait. */
function startInit(parts: PodParts, worker: Worker, record: PodRecord): { acted: boolean; holds: boolean } {
  const { spec } = worker.pod;
  const list = spec.initContainers!;
  let acted = false;
  for (let i = 0; i < list.length; i++) {
    const container = list[i]!;
    const newest = latest(record, container.name);
    const sidecar = isSidecar(container);
    if (newest && !sidecar && newest.state === 'exited' && newest.exitCode === 0) continue;
    // What comes after it runs already: a sidecar is started again and nobody waits, an init container is not run again.
    const passed = newest !== undefined && (spec.containers.some((c) => latest(record, c.name)) || list.some((c, at) => at > i && latest(record, c.name)));
    if (passed && !sidecar && newest.state === 'exited' && spec.containers.some((c) => latest(record, c.name))) continue;
    if (newest?.state !== 'running') {
      if (newest && spec.restartPolicy === 'Never' && !sidecar) return { acted: stopPod(parts, worker, record) || acted, holds: true };
      const result = start(parts, worker, container, record, newest);
      if (result === 'waiting') return { acted, holds: true };
      acted ||= result !== 'backoff';
      if (!sidecar || worker.hook || (!passed && result !== 'started')) return { acted, holds: true };
    } else if (!sidecar) return { acted, holds: true };
    if (!passed && !hasStarted(worker, container)) return { acted, holds: true };
  }
  return { acted, holds: false };
}

/** The next one waits until a sidecar has started. */
const hasStarted = (worker: Worker, { name, startupProbe }: Container) => !startupProbe || worker.probes?.get(name)?.started === true;

/** Those that were added to look into the pod: each is started once, whatever the others do. */
function startEphemeral(parts: PodParts, worker: Worker, record: PodRecord): 'acted' | 'waiting' | 'nothing' {
  let outcome: 'acted' | 'nothing' = 'nothing';
  for (const container of worker.pod.spec.ephemeralContainers! as Container[]) {
    if (latest(record, container.name)) continue;
    const result = start(parts, worker, container, record, undefined);
    if (result === 'waiting') return result;
    outcome = 'acted';
  }
  return outcome;
}

/** `waiting`: a pull is under way, and nothing else of this pod starts before it is over. */
function start(parts: PodParts, worker: Worker, container: Container, record: PodRecord, newest: ContainerRecord | undefined): 'started' | 'failed' | 'backoff' | 'waiting' {
  const { name } = container;
  const { pull } = worker;
  let image: ImageStatus | undefined;
  if (pull && pull.container === name) {
    if (pull.state === 'pulling') return 'waiting';
    worker.pull = undefined;
    if (pull.state === 'failed') return pullFailed(parts, worker, container, 'ErrImagePull', pull.error!, true);
    image = parts.runtime.image(container.image ?? '');
  } else if (!isDueAnew(worker, container, newest) && inBackOff(parts, worker, container, record, newest)) return 'backoff';
  if (!image) {
    const result = parts.images.ensure(worker, container);
    if ('pulling' in result) return 'waiting';
    if ('error' in result) return pullFailed(parts, worker, container, result.error, result.message, false);
    image = result.image;
  }
  return run(parts, worker, container, image, newest) ? 'started' : 'failed';
}

function pullFailed(parts: PodParts, worker: Worker, container: Container, reason: string, message: string, soon: boolean): 'failed' {
  const { event, clock, random, images, wakeAt } = parts;
  event(worker, container.name, 'Warning', 'Failed', `Error: ${reason}`);
  (worker.waiting ??= new Map()).set(container.name, { reason, message });
  // After a failed pull the back-off begins to show a second later; then the kubelet looks every now and then.
  const retryAt = images.retryAt(worker, container.image ?? '') ?? Infinity;
  wakeAt(worker, soon ? clock.now + 1_000 : Math.min(Math.max(retryAt, clock.now + 1), clock.now + 10_000 + random.int(5_000)));
  return 'failed';
}

function inBackOff(parts: PodParts, worker: Worker, container: Container, record: PodRecord, newest: ContainerRecord | undefined): boolean {
  // A container that the kubelet killed to restart it starts at once; only what failed on its own counts.
  const exited = newest?.state === 'exited' ? newest : undefined;
  if (!exited) return false;
  const { clock, event, version } = parts;
  const key = `${worker.uid}/${container.name}`;
  const { pod } = worker;
  const until = parts.backOff.until(key, exited.finishedAt);
  if (until === undefined || until <= clock.now) {
    parts.backOff.next(key, exited.finishedAt, clock.now);
    return false;
  }
  const full = `${pod.metadata.name}_${pod.metadata.namespace}(${worker.uid})`;
  event(worker, container.name, 'Warning', 'BackOff', version.has('back-off-names-container') ? `Back-off restarting failed container ${container.name} in pod ${full}` : 'Back-off restarting failed container');
  const message = `back-off ${goDuration(parts.backOff.get(key))} restarting failed container=${container.name} pod=${full}`;
  const before = worker.waiting?.get(container.name);
  (worker.waiting ??= new Map()).set(container.name, { reason: 'CrashLoopBackOff', message });
  if (before?.reason !== 'CrashLoopBackOff' || before.message !== message) {
    // The status first shows how it ended, then that it waits.
    worker.quiet = true;
    parts.wakeAt(worker, Math.min(until, clock.now + 1_000));
  } else wakeForBackOff(parts, worker);
  return true;
}

export function wakeForBackOff(parts: PodParts, worker: Worker): void {
  const { clock, random, wakeAt, runtime } = parts;
  const record = runtime.pods.get(worker.uid);
  let next = Infinity;
  for (const [name] of worker.waiting ?? []) {
    const newest = latest(record, name);
    if (newest?.state === 'exited') next = Math.min(next, parts.backOff.until(`${worker.uid}/${name}`, newest.finishedAt) ?? clock.now);
  }
  if (next !== Infinity) wakeAt(worker, Math.min(next, clock.now + 10_000 + random.int(5_000)));
}

function run(parts: PodParts, worker: Worker, container: Container, image: ImageStatus, newest: ContainerRecord | undefined): boolean {
  const { runtime, event, version, clock, prober } = parts;
  const { name } = container;
  let record: ContainerRecord;
  try {
    record = runtime.createContainer(worker.uid, new PodContainer(worker, asAllocated(worker, container), image, newest ? newest.config.attempt + 1 : 0, parts));
  } catch (error) {
    if (error instanceof ConfigError) return waitFor(parts, worker, name, 'CreateContainerConfigError', error.message);
    if (!(error instanceof ConnectionError)) throw error;
    parts.wakeAt(worker, clock.now + 2_000);
    return false;
  }
  event(worker, name, 'Normal', 'Created', version.has('created-message-colon') ? `Created container: ${name}` : `Created container ${name}`);
  try {
    runtime.startContainer(record.id);
  } catch (error) {
    return waitFor(parts, worker, name, 'RunContainerError', (error as Error).message);
  }
  event(worker, name, 'Normal', 'Started', `Started container ${name}`);
  worker.waiting?.delete(name);
  if (worker.resize) restarted(worker, name);
  if (worker.redefined) madeAnew(worker, name);
  if (container.lifecycle?.postStart) postStart(parts, worker, container, record);
  else prober.start(worker, container, record);
  return true;
}

function waitFor(parts: PodParts, worker: Worker, name: string, reason: string, message: string): false {
  const { event, clock, random, wakeAt } = parts;
  event(worker, name, 'Warning', 'Failed', `Error: ${message}`);
  (worker.waiting ??= new Map()).set(name, { reason, message });
  wakeAt(worker, clock.now + 10_000 + random.int(5_000));
  return false;
}
