// Mounting before a pod's containers start, and the look at the sources every minute or so while they run.
import { ConnectionError } from '../../client/index.ts';
import type { PodParts } from '../pod-parts.ts';
import type { Worker } from '../worker.ts';
import { podDirectory } from './host-path.ts';
import { type FailedVolume, PodVolumes } from './pod-volumes.ts';

/** The kubelet syncs each pod after a minute and up to a half more (milliseconds). */
const syncPeriod = 60_000;
/** The first wait after a failed mount, and the longest. */
const [firstRetry, lastRetry] = [500, 122_000];
/** How long the sync of a pod waits for its volumes. */
const mountTimeout = 123_000;

/** True when all volumes are there; else it is tried again later. */
export function mountVolumes(parts: PodParts, worker: Worker): boolean {
  if (!PodVolumes.mayFail(worker.pod)) return true;
  const volumes = (worker.volumes ??= new PodVolumes(worker, parts));
  if (volumes.complete) return true;
  const failed = setUp(parts, worker, volumes);
  if (failed?.length === 0) {
    keepUp(parts, worker);
    return true;
  }
  if (failed) tellTimeout(parts, worker, { volumes, failed });
  parts.wakeAt(worker, parts.clock.now + Math.min(firstRetry * 2 ** Math.max(0, volumes.failures - 1), lastRetry));
  return false;
}

/** The sync of a pod gives up after a while, says so, and begins again. */
function tellTimeout({ clock, version, podEvent }: PodParts, worker: Worker, { volumes, failed }: { volumes: PodVolumes; failed: readonly FailedVolume[] }): void {
  volumes.waitingSince ??= clock.now;
  if (version.has('quiet-mount-timeout') || clock.now - volumes.waitingSince < mountTimeout) return;
  volumes.waitingSince = clock.now;
  const all = (worker.pod.spec.volumes ?? []).map(({ name }) => name).join(' ');
  podEvent(worker, 'Warning', 'FailedMount', `Unable to attach or mount volumes: unmounted volumes=[${failed.map(({ volume }) => volume).join(' ')}], unattached volumes=[${all}]: timed out waiting for the condition`);
}

/** Looks again now and then at what the files are made of. */
export function keepUp(parts: PodParts, worker: Worker): void {
  const { clock, random } = parts;
  if (!PodVolumes.mayFail(worker.pod) || (worker.refresh && !worker.refresh.cancelled && worker.refresh.at > clock.now)) return;
  worker.refresh = clock.after(syncPeriod + random.fork(`sync/${worker.uid}/${clock.now}`).int(syncPeriod / 2), () => {
    worker.refresh = undefined;
    if (worker.gone || worker.stopping) return;
    refreshVolumes(parts, worker);
    keepUp(parts, worker);
  });
}

/** Brings the files to what their sources say now. */
export function refreshVolumes(parts: PodParts, worker: Worker): void {
  if (PodVolumes.mayFail(worker.pod)) setUp(parts, worker, (worker.volumes ??= new PodVolumes(worker, parts)));
}

function setUp(parts: PodParts, worker: Worker, volumes: PodVolumes): FailedVolume[] | undefined {
  try {
    const failed = volumes.setUp();
    for (const { message } of failed) if (message !== undefined) parts.podEvent(worker, 'Warning', 'FailedMount', message);
    return failed;
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    return undefined;
  }
}

/** Nothing of the pod stays on the node's disk. */
export function removeVolumes({ machine, disks }: Pick<PodParts, 'machine' | 'disks'>, { uid }: Worker): void {
  disks.forget(uid);
  if (!machine.filesUsed) return;
  const pods = machine.files.find('/var/lib/kubelet/pods');
  if (pods?.kind === 'directory') pods.entries.delete(podDirectory(uid).split('/').at(-1)!);
}
