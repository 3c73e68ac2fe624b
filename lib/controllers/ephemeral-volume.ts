import type { Pod } from '../api/index.ts';
import type { CacheEvent, Client, Controller } from '../client/index.ts';
import { forMapped, keyOf, keyText } from '../client/index.ts';
import { controllerReference, isControlledBy } from './shared/owners.ts';

type Volume = NonNullable<Pod['spec']['volumes']>[number];

const byClaim = 'pods by the claims of their own volumes';
const claimOf = (pod: Pod, { name }: Volume) => `${pod.metadata.name}-${name}`;
const ownVolumes = ({ spec, metadata }: Pod) => (metadata.deletionTimestamp ? [] : (spec.volumes?.filter(({ ephemeral }) => ephemeral) ?? []));

/** Makes the claims that pods describe inside themselves; the garbage collector takes them with the pod (pkg/controller/volume/ephemeral). */
export function ephemeralVolumeController(client: Client): Controller {
  const pods = client.cache('Pod');
  pods.index(byClaim, (pod) => ownVolumes(pod).map((volume) => keyText({ namespace: pod.metadata.namespace, name: claimOf(pod, volume) })));
  return {
    name: 'ephemeral-volume',
    watches: [
      forMapped('Pod', ({ type, object }: CacheEvent<Pod>) => (type === 'ADDED' && ownVolumes(object).length > 0 ? [keyOf(object)] : [])),
      forMapped('PersistentVolumeClaim', ({ type, object }) => (type === 'DELETED' ? [...pods.by(byClaim, keyText(keyOf(object)))].map(keyOf) : [])),
    ],
    reconcile(request) {
      const pod = client.find('Pod', request);
      if (!pod) return;
      for (const volume of ownVolumes(pod)) {
        try {
          provide(client, pod, volume);
        } catch (error) {
          client.event(pod, 'Warning', 'FailedBinding', `ephemeral volume ${volume.name}: ${(error as Error).message}`);
          throw error;
        }
      }
    },
  };
}

function provide(client: Client, pod: Pod, volume: Volume): void {
  const { namespace } = pod.metadata;
  const name = claimOf(pod, volume);
  const present = client.find('PersistentVolumeClaim', { namespace, name });
  if (present && !isControlledBy(present, pod)) throw new Error(`PVC ${namespace}/${name} was not created for pod ${namespace}/${pod.metadata.name} (pod is not owner)`);
  if (present) return;
  const { metadata: { labels, annotations } = {}, spec } = volume.ephemeral!.volumeClaimTemplate!;
  try {
    client.create({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace, ownerReferences: [controllerReference(pod)], ...(labels && { labels }), ...(annotations && { annotations }) }, spec });
  } catch (error) {
    throw new Error(`create PVC ${name}: ${(error as Error).message}`);
  }
}
