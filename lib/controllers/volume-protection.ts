// Volumes and claims in use are not taken away under their users: a finalizer holds them until nobody uses them.
import { isPodTerminal, type KubeObject, type PersistentVolume, type PersistentVolumeClaim, type Pod } from '../api/index.ts';
import type { CacheEvent, Client, Controller, Key } from '../client/index.ts';
import { forMapped, forObject, keyText } from '../client/index.ts';

const claimFinalizer = 'kubernetes.io/pvc-protection';
const volumeFinalizer = 'kubernetes.io/pv-protection';
const byClaim = 'pods that use a claim';

/** Holds a claim while a pod uses it (pkg/controller/volume/pvcprotection). */
export function pvcProtectionController(client: Client): Controller {
  const pods = client.cache('Pod');
  pods.index(byClaim, (pod) => (isPodTerminal(pod) ? [] : claimsOf(pod).map(keyText)));
  return {
    name: 'pvc-protection',
    watches: [forObject('PersistentVolumeClaim'), forMapped('Pod', ({ type, object }: CacheEvent<Pod>) => (type === 'ADDED' ? [] : claimsOf(object)))],
    reconcile(request) {
      const claim = client.find('PersistentVolumeClaim', request);
      if (claim) protect(client, claim, claimFinalizer, pods.by(byClaim, keyText(request)).size > 0);
    },
  };
}

/** Holds a volume while it is bound (pkg/controller/volume/pvprotection). */
export function pvProtectionController(client: Client): Controller {
  return {
    name: 'pv-protection',
    watches: [forObject('PersistentVolume')],
    reconcile(request) {
      const volume = client.find('PersistentVolume', request);
      if (volume) protect(client, volume, volumeFinalizer, volume.status.phase === 'Bound');
    },
  };
}

function protect(client: Client, object: PersistentVolume | PersistentVolumeClaim, finalizer: string, inUse: boolean): void {
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  const held = finalizers.includes(finalizer);
  if (deletionTimestamp && held && !inUse) write(client, object, finalizers.filter((other) => other !== finalizer));
  if (!deletionTimestamp && !held) write(client, object, [...finalizers, finalizer]);
}

function write<T extends KubeObject>(client: Client, object: T, finalizers: string[]): void {
  client.update({ ...object, metadata: { ...object.metadata, finalizers } });
}

const noClaims: Key[] = [];
function claimsOf({ spec, metadata: { name: pod, namespace } }: Pod): Key[] {
  if (!spec.volumes?.some(({ persistentVolumeClaim, ephemeral }) => persistentVolumeClaim ?? ephemeral)) return noClaims;
  return spec.volumes.flatMap(({ name, persistentVolumeClaim, ephemeral }) => (persistentVolumeClaim ? [{ namespace, name: persistentVolumeClaim.claimName }] : ephemeral ? [{ namespace, name: `${pod}-${name}` }] : []));
}
