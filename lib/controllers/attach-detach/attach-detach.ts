// The attach/detach controller: a disk stands at the machine whose pods need it (pkg/controller/volume/attachdetach).
import type { KubeObject, Node, PersistentVolume } from '../../api/index.ts';
import type { CacheEvent, Client, Controller, Key } from '../../client/index.ts';
import { forMapped } from '../../client/index.ts';
import { attachWanted } from './attach.ts';
import { detachUnwanted } from './detach.ts';
import { indexPods, podsByNode, volumesOfNode, volumesOfPod } from './wanted.ts';
import { byNode, byVolume, isOwn, newWorld, volumeOf, type World } from './world.ts';

/**
 * Knows attachments by their objects and by what nodes report, so that it can begin anew at any time. Follows pods and nodes only
 * once there is a volume that can be attached.
 * Differs from Kubernetes: only volumes of CSI drivers are attached, not those of the plug-ins that it had inside.
 */
export function attachDetachController(client: Client): Controller {
  const world = newWorld(client);
  let following = false;

  return {
    name: 'attachdetach',
    watches: [],
    start(follow) {
      follow(
        forMapped('PersistentVolume', ({ object }: CacheEvent<PersistentVolume>) => {
          if (!object.spec.csi) return [];
          if (!following) {
            following = true;
            followAll(client, world, follow);
          }
          return [{ name: object.metadata.name }];
        }),
      );
    },
    reconcile({ name }) {
      const volume = client.find('PersistentVolume', { name });
      const attachments = [...client.cache('VolumeAttachment').by(byVolume, name)].filter(isOwn);
      const wanted = podsByNode(client, volume);
      const waits = [...detachUnwanted(world, attachments, wanted), ...attachWanted(world, { volume, attachments, wanted })];
      return waits.length > 0 ? { requeueAfter: Math.max(1, Math.min(...waits)) } : undefined;
    },
  };
}

type Follow = Parameters<NonNullable<Controller['start']>>[0];

function followAll(client: Client, world: World, follow: Follow): void {
  indexPods(client);
  const attachments = client.cache('VolumeAttachment');
  attachments.index(byVolume, (one) => [volumeOf(one)]);
  attachments.index(byNode, (one) => [one.spec.nodeName]);
  follow(forMapped('VolumeAttachment', ({ object }) => [{ name: volumeOf(object) }]));
  follow(forMapped('Pod', ({ object }) => volumesOfPod(client, object)));
  follow(forMapped('PersistentVolumeClaim', ({ object }) => (object.spec.volumeName ? [{ name: object.spec.volumeName }] : [])));
  follow(forMapped('CSIDriver', ({ object }) => [...client.cache('PersistentVolume')].filter(({ spec }) => spec.csi?.driver === object.metadata.name).map(({ metadata }) => ({ name: metadata.name }))));
  follow(forMapped('Node', (event) => nodeChanged(world, event)));
}

/** A heartbeat is no news. */
function nodeChanged({ client, lastInUse }: World, { type, object, old }: CacheEvent<Node>): Key[] {
  const { name } = object.metadata;
  lastInUse.set(name, object.status.volumesInUse ?? []);
  if (type === 'MODIFIED' && old && old.spec.taints === object.spec.taints && sameVolumes(old, object) && old.metadata.annotations === object.metadata.annotations && ready(old) === ready(object)) return [];
  const attached = [...client.cache('VolumeAttachment').by(byNode, name)].map((one: KubeObject) => ({ name: volumeOf(one) }));
  return [...attached, ...volumesOfNode(client, name)];
}

const sameVolumes = (a: Node, b: Node) => a.status.volumesInUse === b.status.volumesInUse && a.status.volumesAttached === b.status.volumesAttached;
const ready = ({ status }: Node) => status.conditions?.find(({ type }) => type === 'Ready')?.status;
