import { type KubeObject, type PersistentVolume, type PersistentVolumeClaim, storageClassOf, type StorageClass, volumeAnnotations } from '../../api/index.ts';
import type { CacheEvent, Client, Controller, Key } from '../../client/index.ts';
import { forMapped, forObject } from '../../client/index.ts';

/** The names that small clusters know: kind and k3s, minikube, Docker Desktop, the CSI example. */
const knownProvisioners: readonly string[] = ['rancher.io/local-path', 'k8s.io/minikube-hostpath', 'docker.io/hostpath', 'hostpath.csi.k8s.io'];

const creation = 2000;

/**
 * Makes volumes for claims whose class names it, and deletes them when they are released.
 * Differs from Kubernetes: one program stands for the provisioners of several projects; a volume is a folder of a node.
 */
export function storageProvisioner(client: Client): Controller {
  const since = new Map<string, number>();
  return {
    name: 'storage-provisioner',
    watches: [forObject('PersistentVolumeClaim'), forObject('PersistentVolume'), forMapped('StorageClass', claimsOf)],
    reconcile(request) {
      if (!request.namespace) return removeReleased(client, client.find('PersistentVolume', request));
      const claim = client.find('PersistentVolumeClaim', request);
      const found = claim && classToServe(client, claim);
      if (!found) return;
      const component = found.provisioner;
      const began = since.get(claim.metadata.uid!);
      if (began === undefined) {
        since.set(claim.metadata.uid!, client.clock.now);
        client.event(claim, 'Normal', 'Provisioning', `External provisioner is provisioning volume for claim "${claim.metadata.namespace}/${claim.metadata.name}"`, { component });
        return { requeueAfter: creation };
      }
      const left = began + creation - client.clock.now;
      if (left > 0) return { requeueAfter: left };
      since.delete(claim.metadata.uid!);
      const volume = client.create(volumeFor(claim, found));
      client.event(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${volume.metadata.name}`, { component });
    },
  };
}

/** A claim may be seen before its class. */
function claimsOf({ object: { metadata } }: CacheEvent<KubeObject>, client: Client): Key[] {
  const waiting = [...client.cache('PersistentVolumeClaim')].filter((claim) => !claim.spec.volumeName && storageClassOf(claim) === metadata.name);
  return waiting.map(({ metadata: { namespace, name } }) => ({ namespace: namespace!, name }));
}

/** The class of a claim that waits for this provisioner. */
function classToServe(client: Client, claim: PersistentVolumeClaim): StorageClass | undefined {
  const asked = claim.metadata.annotations?.[volumeAnnotations.oldProvisioner];
  if (claim.spec.volumeName || claim.metadata.deletionTimestamp || !asked || !knownProvisioners.includes(asked)) return undefined;
  const found = client.find('StorageClass', { name: storageClassOf(claim) });
  if (found?.provisioner !== asked || client.find('PersistentVolume', { name: nameFor(claim) })) return undefined;
  return found.volumeBindingMode === 'WaitForFirstConsumer' && !selectedNode(claim) ? undefined : found;
}

const nameFor = ({ metadata }: PersistentVolumeClaim) => `pvc-${metadata.uid}`;
const selectedNode = ({ metadata }: PersistentVolumeClaim) => metadata.annotations?.[volumeAnnotations.selectedNode];

function volumeFor(claim: PersistentVolumeClaim, found: StorageClass): KubeObject {
  const { namespace, name: claimName, uid, resourceVersion } = claim.metadata;
  const [name, node] = [nameFor(claim), selectedNode(claim)];
  const onNode = { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] }] } };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, annotations: { [volumeAnnotations.provisionedBy]: found.provisioner } },
    spec: {
      capacity: { storage: claim.spec.resources?.requests?.['storage'] },
      accessModes: claim.spec.accessModes,
      volumeMode: claim.spec.volumeMode,
      storageClassName: storageClassOf(claim),
      persistentVolumeReclaimPolicy: found.reclaimPolicy,
      claimRef: { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace, name: claimName, uid, resourceVersion },
      hostPath: { path: `/opt/local-path-provisioner/${name}_${namespace}_${claimName}`, type: 'DirectoryOrCreate' },
      ...(found.mountOptions && { mountOptions: found.mountOptions }),
      ...(node && { nodeAffinity: onNode }),
    },
  } as unknown as KubeObject;
}

function removeReleased(client: Client, volume: PersistentVolume | undefined): void {
  const by = volume?.metadata.annotations?.[volumeAnnotations.provisionedBy];
  if (!volume || !by || !knownProvisioners.includes(by) || volume.metadata.deletionTimestamp) return;
  if (volume.status.phase === 'Released' && volume.spec.persistentVolumeReclaimPolicy === 'Delete') client.delete(volume);
}
