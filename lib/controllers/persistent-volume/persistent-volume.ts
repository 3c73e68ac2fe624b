import type { Client, Controller } from '../../client/index.ts';
import { forMapped, forObject } from '../../client/index.ts';
import type { CacheEvent, Key } from '../../client/index.ts';
import type { KubeObject } from '../../api/index.ts';
import { syncClaim } from './claims.ts';
import { syncVolume } from './volumes.ts';

/** Claims that wait are looked at again so often: the events about them come again. */
const resync = 15_000;

/** Binds claims to volumes, asks for new volumes, and takes back those whose claim is gone (pkg/controller/volume/persistentvolume). */
export function persistentVolumeBinder(client: Client): Controller {
  return {
    name: 'persistentvolume-binder',
    watches: [forObject('PersistentVolumeClaim'), forObject('PersistentVolume'), forMapped('PersistentVolume', claimsOf), forMapped('PersistentVolumeClaim', volumesOf)],
    reconcile(request) {
      if (!request.namespace) {
        const volume = client.find('PersistentVolume', request);
        return volume ? syncVolume(client, volume) : undefined;
      }
      const claim = client.find('PersistentVolumeClaim', request);
      if (claim && !syncClaim(client, claim)) return { requeueAfter: resync };
    },
  };
}

/** A volume that appears or becomes free may be what a claim waits for. */
function claimsOf({ object: { metadata: { name: volume }, spec, status } }: CacheEvent<KubeObject>, client: Client): Key[] {
  if (spec.claimRef) return [{ namespace: spec.claimRef.namespace, name: spec.claimRef.name }];
  if (status?.phase !== 'Available') return [];
  const waiting = [...client.cache('PersistentVolumeClaim')].filter((claim) => !claim.spec.volumeName || (claim.spec.volumeName === volume && claim.status.phase === 'Pending'));
  return waiting.map(({ metadata: { namespace, name } }) => ({ namespace: namespace!, name }));
}

/** The volume that names a claim has to know what became of it. */
function volumesOf({ object: { metadata, spec } }: CacheEvent<KubeObject>, client: Client): Key[] {
  if (spec.volumeName) return [{ name: spec.volumeName }];
  return [...client.cache('PersistentVolume')].filter(({ spec: { claimRef } }) => claimRef?.name === metadata.name && claimRef.namespace === metadata.namespace).map((volume) => ({ name: volume.metadata.name }));
}
