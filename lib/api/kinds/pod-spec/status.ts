// The status of a pod as it is stored: both forms of its addresses, and the fields that are always printed.
import type { ContainerStatus, PodStatus } from '../../types.ts';

type Mutable<T> = { -readonly [K in keyof T]?: T[K] };

export function completePodStatus(status: Mutable<PodStatus>): void {
  syncAddresses(status);
  if (status.conditions) for (const condition of status.conditions as unknown as Record<string, unknown>[]) {
    nullIfMissing(condition, 'lastProbeTime');
    nullIfMissing(condition, 'lastTransitionTime');
  }
  for (const list of [status.initContainerStatuses, status.containerStatuses, status.ephemeralContainerStatuses]) {
    if (list) for (const entry of list) completeContainer(entry);
  }
}

/** podIP is the first of podIPs; where they differ podIP is right. */
function syncAddresses(status: Mutable<PodStatus>): void {
  const { podIP, podIPs } = status;
  if (podIP && podIPs?.[0]?.ip !== podIP) status.podIPs = [{ ip: podIP }];
  else if (!podIP && podIPs?.[0]?.ip) status.podIP = podIPs[0].ip;
}

function completeContainer(status: ContainerStatus): void {
  status.state ??= {};
  status.lastState ??= {};
  status.ready ??= false;
  status.restartCount ??= 0;
  status.image ??= '';
  status.imageID ??= '';
  for (const { running, terminated } of [status.state, status.lastState]) {
    if (running) nullIfMissing(running, 'startedAt');
    if (!terminated) continue;
    terminated.exitCode ??= 0;
    nullIfMissing(terminated, 'startedAt');
    nullIfMissing(terminated, 'finishedAt');
  }
}

/** Parts that a writer shares with the stored object are frozen and complete already: nothing is assigned there, not even null. */
function nullIfMissing(object: object, field: string): void {
  const fields = object as Record<string, unknown>;
  if (fields[field] === undefined) fields[field] = null;
}
