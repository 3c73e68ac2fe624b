// The history of a daemon set's templates (pkg/controller/daemon/update.go).
import { computeHash, type ControllerRevision, type DaemonSet, equal, isAlreadyExists, type Pod } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { revisionsOf } from '../history/history.ts';
import { templateData } from '../history/template-data.ts';
import { ignoreNotFound } from '../shared/not-found.ts';
import { controllerReference } from '../shared/owners.ts';
import { labelSelector } from '../shared/selectors.ts';
import { revisionLabel } from './daemon-pod.ts';

export interface Revisions {
  current: ControllerRevision;
  old: ControllerRevision[];
}

/** The revision of the present template, found or made, and the former ones, oldest first. */
export function syncRevisions(client: Client, set: DaemonSet): Revisions {
  const data = templateData(set);
  const all = revisionsOf(client, set, labelSelector(set.spec.selector));
  const old = all.filter((revision) => !equal(revision.data, data));
  const number = (old.at(-1)?.revision ?? 0) + 1;
  const found = all.findLast((revision) => equal(revision.data, data));
  if (!found) return { current: create(client, set, { data, number }), old };
  return { current: found.revision < number ? client.update<ControllerRevision>({ ...found, revision: number }) : found, old };
}

function create(client: Client, set: DaemonSet, { data, number }: { data: unknown; number: number }): ControllerRevision {
  const { namespace, name, annotations } = set.metadata;
  const hash = computeHash(set.spec.template, set.status.collisionCount);
  const metadata = {
    name: `${name}-${hash}`,
    namespace,
    labels: { ...set.spec.template.metadata?.labels, [revisionLabel]: hash },
    ...(annotations && { annotations }),
    ownerReferences: [controllerReference(set)],
  };
  try {
    return client.create<ControllerRevision>({ apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata, data, revision: number });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    const present = client.get('ControllerRevision', { namespace, name: metadata.name });
    if (equal(present.data, data)) return present;
    // Another template has this hash: the next try counts one more.
    const fresh = client.get('DaemonSet', { namespace, name });
    if (fresh.status.collisionCount === set.status.collisionCount) client.updateStatus(fresh, { collisionCount: (fresh.status.collisionCount ?? 0) + 1 });
    throw error;
  }
}

/** Deletes the oldest revisions beyond the limit, but none that a pod still has. */
export function cleanUp(client: Client, set: DaemonSet, old: readonly ControllerRevision[], pods: Iterable<Pod>): void {
  let surplus = old.length - set.spec.revisionHistoryLimit;
  if (surplus <= 0) return;
  const live = new Set<string | undefined>();
  for (const { metadata } of pods) live.add(metadata.labels?.[revisionLabel]);
  for (const revision of old) {
    if (surplus <= 0) return;
    if (live.has(revision.metadata.labels?.[revisionLabel])) continue;
    ignoreNotFound(() => client.delete(revision));
    surplus--;
  }
}
