// Caches that ought to hold what the store holds, once nothing is on its way any more.
import type { KubeObject } from '../../lib/api/index.ts';
import { controllerOf } from '../../lib/controllers/shared/owners.ts';
import type { World } from './world.ts';

const kinds = ['Pod', 'Node', 'ReplicaSet', 'ReplicationController', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'ControllerRevision', 'PodDisruptionBudget'];

const versions = (objects: Iterable<KubeObject>) => [...objects].map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`).sort().join('\n');

export function sameCaches({ cluster, controllers }: World): string[] {
  const problems: string[] = [];
  for (const kind of kinds) {
    const stored = cluster.server.storage.every(cluster.server.resourceOf(kind)) as KubeObject[];
    const cache = controllers.cache(kind);
    const views: Record<string, Iterable<KubeObject>> = { 'the API server lists': cluster.client.list(kind).items as KubeObject[], 'the cache of the controllers holds': cache as Iterable<KubeObject> };
    for (const [who, objects] of Object.entries(views)) if (versions(objects) !== versions(stored)) problems.push(`${kind}: ${who} something else than the store`);
    const owners = new Set(stored.flatMap((object) => controllerOf(object)?.uid ?? []));
    for (const uid of owners) if (versions(cache.ownedBy(uid) as Iterable<KubeObject>) !== versions(stored.filter((object) => controllerOf(object)?.uid === uid))) problems.push(`${kind}: the index of owners has something else than the store`);
  }
  return problems;
}
