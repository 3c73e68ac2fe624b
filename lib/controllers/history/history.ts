// Former templates of stateful sets and daemon sets, each kept as a ControllerRevision (pkg/controller/history).
import { type ControllerRevision, equal, isAlreadyExists, type KubeObject, type Manifest, type Selector } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { ignoreNotFound } from '../shared/not-found.ts';
import { adopt, controllerOf, controllerReference } from '../shared/owners.ts';

const hashLabel = 'controller.kubernetes.io/hash';
const longestPrefix = 223;

const revisionName = (owner: string, hash: string) => `${owner.slice(0, longestPrefix)}-${hash}`;

/** Oldest first: by number, then by age, then by name. */
function byRevision(a: ControllerRevision, b: ControllerRevision): number {
  if (a.revision !== b.revision) return a.revision - b.revision;
  const [x, y] = [a.metadata, b.metadata];
  if (x.creationTimestamp !== y.creationTimestamp) return x.creationTimestamp < y.creationTimestamp ? -1 : 1;
  return x.name < y.name ? -1 : 1;
}

const orphans = 'orphaned revisions';

export function indexRevisions(client: Client): void {
  client.cache('ControllerRevision').index(orphans, (revision) => (controllerOf(revision) ? [] : [revision.metadata.namespace!]));
}

/** The owner's revisions in order; those that nobody owns and that its selector finds become its own. */
export function revisionsOf(client: Client, owner: KubeObject, selector: Selector): ControllerRevision[] {
  const cache = client.cache('ControllerRevision');
  const owned = [...cache.ownedBy(owner.metadata.uid)].filter(({ metadata }) => selector.matches(metadata.labels));
  if (owner.metadata.deletionTimestamp) return owned.sort(byRevision);
  const found = [...cache.by(orphans, owner.metadata.namespace!)].filter(({ metadata }) => !metadata.deletionTimestamp && selector.matches(metadata.labels));
  return [...owned, ...adopt(client, owner, found)].sort(byRevision);
}

export interface NewRevision {
  owner: KubeObject;
  labels: Record<string, string> | undefined;
  annotations: Record<string, string> | undefined;
  data: unknown;
  revision: number;
}

/** Written with the first hash that no other data has taken; gives the collisions met on the way. */
export function createRevision(client: Client, { owner, labels, annotations, data, revision }: NewRevision, hashOf: (collisions: number) => string, collisions: number): { created: ControllerRevision; collisions: number } {
  const label = hashOf(collisions);
  for (; ; collisions++) {
    const { namespace, name } = owner.metadata;
    const metadata = {
      name: revisionName(name, hashOf(collisions)),
      namespace,
      labels: { ...labels, [hashLabel]: label },
      ...(annotations && { annotations }),
      ownerReferences: [controllerReference(owner)],
    };
    const manifest: Manifest = { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata, data, revision };
    try {
      return { created: client.create<ControllerRevision>(manifest), collisions };
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      const present = client.get('ControllerRevision', { namespace, name: metadata.name });
      if (equal(present.data, data)) return { created: present, collisions };
    }
  }
}

export function renumber(client: Client, revision: ControllerRevision, number: number): ControllerRevision {
  return revision.revision === number ? revision : client.update<ControllerRevision>({ ...revision, revision: number });
}

/** Deletes the oldest revisions that nothing lives by, but for the last `limit`. */
export function truncate(client: Client, revisions: readonly ControllerRevision[], { live, limit }: { live: ReadonlySet<string>; limit: number }): void {
  const history = revisions.filter(({ metadata }) => !live.has(metadata.name));
  for (const revision of history.slice(0, Math.max(0, history.length - limit))) {
    ignoreNotFound(() => client.delete(revision));
  }
}
