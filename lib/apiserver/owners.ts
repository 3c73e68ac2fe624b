// An owner named twice counts once.
import { equal, type KubeObject } from '../api/index.ts';

type Owners = NonNullable<KubeObject['metadata']['ownerReferences']>;

const isRepeated = (owners: Owners, i: number) => owners.findIndex((other) => equal(other, owners[i])) < i;

/** Drops the repetitions from a draft. */
export function uniteOwners({ metadata }: KubeObject): void {
  const owners = metadata.ownerReferences;
  if (!owners || owners.length < 2 || !owners.some((_, i) => isRepeated(owners, i))) return;
  metadata.ownerReferences = owners.filter((_, i) => !isRepeated(owners, i));
}

/** The warning for a body that repeats an owner; none when nothing is repeated. */
export function repeatedOwnersWarning(owners: Owners = []): string[] {
  const uids = owners.filter((_, i) => isRepeated(owners, i)).map(({ uid }) => uid);
  if (uids.length === 0) return [];
  return [`.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${uids.join(', ')}`];
}
