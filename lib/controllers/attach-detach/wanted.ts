// Where a volume has to be: at the nodes of the pods that use its claim.
import { isPodTerminal, type PersistentVolume, type Pod } from '../../api/index.ts';
import type { Client, Key } from '../../client/index.ts';
import { keyText } from '../../client/index.ts';

const byClaim = 'assigned pods that use a claim';
const byNode = 'pods with claims of a node';
const managed = 'volumes.kubernetes.io/controller-managed-attach-detach';
const none: Key[] = [];

export function indexPods(client: Client): void {
  const pods = client.cache('Pod');
  pods.index(byClaim, (pod) => (pod.spec.nodeName ? claimsOf(pod).map(keyText) : []));
  pods.index(byNode, (pod) => (pod.spec.nodeName && claimsOf(pod).length > 0 ? [pod.spec.nodeName] : []));
}

function claimsOf({ spec, metadata: { name: pod, namespace } }: Pod): Key[] {
  if (!spec.volumes?.some(({ persistentVolumeClaim, ephemeral }) => persistentVolumeClaim ?? ephemeral)) return none;
  return spec.volumes.filter(({ persistentVolumeClaim, ephemeral }) => persistentVolumeClaim ?? ephemeral).map(({ name, persistentVolumeClaim }) => ({ namespace, name: persistentVolumeClaim?.claimName ?? `${pod}-${name}` }));
}

export function volumesOfPod(client: Client, pod: Pod): Key[] {
  if (!pod.spec.nodeName) return none;
  return claimsOf(pod).flatMap((key) => {
    const name = client.find('PersistentVolumeClaim', key)?.spec.volumeName;
    return name ? [{ name }] : [];
  });
}

export const volumesOfNode = (client: Client, node: string): Key[] => [...client.cache('Pod').by(byNode, node)].flatMap((pod) => volumesOfPod(client, pod));

/** The pods that need a volume, by the node that they were given; none when its driver attaches nothing. */
export function podsByNode(client: Client, volume: PersistentVolume | undefined): Map<string, Pod[]> {
  const wanted = new Map<string, Pod[]>();
  const { csi, claimRef } = volume?.spec ?? {};
  if (!csi || !claimRef || client.find('CSIDriver', { name: csi.driver })?.spec.attachRequired === false) return wanted;
  const key = { namespace: claimRef.namespace, name: claimRef.name! };
  const claim = client.find('PersistentVolumeClaim', key);
  if (claim?.metadata.uid !== claimRef.uid || claim?.status?.phase !== 'Bound') return wanted;
  for (const pod of client.cache('Pod').by(byClaim, keyText(key))) {
    const node = pod.spec.nodeName!;
    if (hasEnded(pod) || client.find('Node', { name: node })?.metadata.annotations?.[managed] === undefined) continue;
    wanted.set(node, [...(wanted.get(node) ?? []), pod]);
  }
  return wanted;
}

/** Its containers use nothing any more, whoever still holds the object. */
function hasEnded(pod: Pod): boolean {
  if (isPodTerminal(pod)) return true;
  return pod.metadata.deletionTimestamp !== undefined && (pod.status.containerStatuses ?? []).every(({ state }) => state?.terminated ?? state?.waiting);
}
