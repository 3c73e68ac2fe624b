// How the pods of a job stand.
import { isPodReady, type Pod } from '../../api/index.ts';

export const count = (pods: readonly Pod[], phase: string) => pods.reduce((sum, { status }) => sum + (status.phase === phase ? 1 : 0), 0);
export const readyPods = (pods: readonly Pod[]) => pods.filter(isPodReady).length;

/** How often the containers of running pods have been restarted in place. */
export function restarts(pods: readonly Pod[]): number {
  let sum = 0;
  for (const { status } of pods) {
    if (status.phase !== 'Running' && status.phase !== 'Pending') continue;
    for (const { restartCount } of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]) sum += restartCount;
  }
  return sum;
}
