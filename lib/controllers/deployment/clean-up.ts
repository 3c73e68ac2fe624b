import type { Client } from '../../client/index.ts';
import { ignoreNotFound } from '../shared/not-found.ts';
import type { Rollout } from './rollout.ts';

/** MaxInt32 means: keep them all. */
const unlimited = 2 ** 31 - 1;

/** Deletes the oldest empty replica sets beyond revisionHistoryLimit; the others stay for a rollback. */
export function cleanUp(client: Client, { d, oldRSs }: Rollout): void {
  const limit = d.spec.revisionHistoryLimit ?? unlimited;
  if (limit === unlimited) return;
  const alive = oldRSs.filter(({ metadata }) => !metadata.deletionTimestamp);
  for (const rs of alive.slice(0, Math.max(0, alive.length - limit))) {
    const observed = (rs.metadata.generation ?? 0) <= (rs.status.observedGeneration ?? 0);
    if (rs.status.replicas !== 0 || rs.spec.replicas !== 0 || !observed) continue;
    ignoreNotFound(() => client.delete(rs));
  }
}
