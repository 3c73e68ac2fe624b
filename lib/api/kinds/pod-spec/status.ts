// The status of a pod as it is stored: both forms of its addresses, and the fields that are always printed.
import type { ContainerStatus, PodStatus } from '../../types.ts';

type Mutable<T> = { -readonly [K in keyof T]?: T[K] };

export function completePodStatus(status: Mutable<PodStatus>): void {
  syncAddresses(status);
  if (status.conditions) for (const condition of status.conditions as unknown as Record<string, unknown>[]) {
    nullIfMissing(condition, 'lastProbeTime');
    nullIfMissing(condition, 'lastTransitionTime');
  }
  completeContainers(status.initContainerStatuses);
  completeContainers(status.containerStatuses);
  completeContainers(status.ephemeralContainerStatuses);
}

function completeContainers(list: readonly ContainerStatus[] | undefined): void {
  if (list) for (let i = 0; i < list.length; i++) completeContainer(list[i]!);
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
  completeState(status.state);
  completeState(status.lastState);
}

function completeState({ running, terminated }: NonNullable<ContainerStatus['state']>): void {
  if (running) nullIfMissing(running, 'startedAt');
  if (!terminated) return;
  terminated.exitCode ??= 0;
  nullIfMissing(terminated, 'startedAt');
  nullIfMissing(terminated, 'finishedAt');
}

/** Parts that a writer shares with the stored object are frozen and complete already: nothing is assigned there, not even null. */
function nullIfMissing(object: object, field: string): void {
  const fields = object as Record<string, unknown>;
  if (fields[field] === undefined) fields[field] = null;
}
