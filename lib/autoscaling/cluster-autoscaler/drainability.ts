// Which pods of a node have to move when it goes, and which of them forbid that (cluster-autoscaler/simulator/drainability).
import { isPodTerminal, type Pod, selectorFromLabelSelector } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import type { Flags } from './flags.ts';

export const safeToEvict = 'cluster-autoscaler.kubernetes.io/safe-to-evict';
const safeLocalVolumes = 'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes';
const mirror = 'kubernetes.io/config.mirror';

export type BlockingReason = 'NotReplicated' | 'LocalStorageRequested' | 'NotSafeToEvictAnnotation' | 'UnmovableKubeSystemPod' | 'NotEnoughPdb';

const controllerOf = ({ metadata }: Pod) => metadata.ownerReferences?.find(({ controller }) => controller);
export const isDaemonSetPod = (pod: Pod): boolean => controllerOf(pod)?.kind === 'DaemonSet' || pod.metadata.annotations?.['cluster-autoscaler.kubernetes.io/daemonset-pod'] === 'true';
export const isMirrorPod = ({ metadata }: Pod): boolean => metadata.annotations?.[mirror] !== undefined;

/** Its grace is over, and it is still there. */
function isLongTerminating({ metadata }: Pod, now: number): boolean {
  return metadata.deletionTimestamp !== undefined && now > Date.parse(metadata.deletionTimestamp) + 30_000;
}

/** The pods to move, or the first that forbids it. */
export function podsToMove(pods: readonly Pod[], { client, flags }: { client: Client; flags: Flags }): Pod[] | { pod: Pod; reason: BlockingReason } {
  const out: Pod[] = [];
  for (const pod of pods) {
    if (isMirrorPod(pod) || isDaemonSetPod(pod) || isPodTerminal(pod) || isLongTerminating(pod, client.clock.now)) continue;
    const reason = blockingReason(pod, { client, flags });
    if (reason) return { pod, reason };
    out.push(pod);
  }
  return overdrawn(out, client) ?? out;
}

function blockingReason(pod: Pod, { client, flags }: { client: Client; flags: Flags }): BlockingReason | undefined {
  const annotation = pod.metadata.annotations?.[safeToEvict];
  if (annotation === 'true') return undefined;
  if (!controllerOf(pod)) return 'NotReplicated';
  if (flags['skip-nodes-with-system-pods'] && pod.metadata.namespace === 'kube-system' && budgetsOf(pod, client).length === 0) return 'UnmovableKubeSystemPod';
  if (flags['skip-nodes-with-local-storage'] && hasLocalStorage(pod)) return 'LocalStorageRequested';
  return annotation === 'false' ? 'NotSafeToEvictAnnotation' : undefined;
}

/** emptyDir and hostPath; an emptyDir in memory counts too. */
function hasLocalStorage({ metadata, spec }: Pod): boolean {
  const safe = (metadata.annotations?.[safeLocalVolumes] ?? '').split(',');
  return (spec.volumes ?? []).some(({ name, emptyDir, hostPath }) => (emptyDir || hostPath) && !safe.includes(name));
}

function budgetsOf({ metadata }: Pod, client: Client) {
  return [...client.cache('PodDisruptionBudget').inNamespace(metadata.namespace!)].filter(({ spec }) => spec?.selector && selectorFromLabelSelector(spec.selector).matches(metadata.labels ?? {}));
}

/** The pod with which a budget is used up. */
function overdrawn(pods: readonly Pod[], client: Client): { pod: Pod; reason: BlockingReason } | undefined {
  const used = new Map<string, number>();
  for (const pod of pods) {
    for (const { metadata, status } of budgetsOf(pod, client)) {
      const count = (used.get(metadata.uid) ?? 0) + 1;
      used.set(metadata.uid, count);
      if ((status?.disruptionsAllowed ?? 0) < count) return { pod, reason: 'NotEnoughPdb' };
    }
  }
  return undefined;
}
