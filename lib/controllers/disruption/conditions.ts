import type { PodDisruptionBudget } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { timestamp } from '../../sim/index.ts';

interface Condition {
  type: string;
  status: string;
  lastTransitionTime: string;
}

/** Whether a pod may go, as a condition of the budget's status. */
export function conditions(client: Client, { metadata, status }: PodDisruptionBudget, allowed: number, failure?: string) {
  if (!client.version.has('pdb-conditions')) return undefined;
  const present = (status as { conditions?: Condition[] } | undefined)?.conditions?.find(({ type }) => type === 'DisruptionAllowed');
  const value = allowed > 0 ? 'True' : 'False';
  const lastTransitionTime = present?.status === value ? present.lastTransitionTime : timestamp(client.clock.now);
  const condition = { type: 'DisruptionAllowed', status: value, observedGeneration: metadata.generation, lastTransitionTime, reason: failure ? 'SyncFailed' : allowed > 0 ? 'SufficientPods' : 'InsufficientPods', message: failure ?? '' };
  return { conditions: [condition] };
}
