import { csiDrivers, type KubeObject, type PersistentVolume, type PersistentVolumeClaim, storageClassOf, type StorageClass, volumeAnnotations } from '../../api/index.ts';
import type { CacheEvent, Client, Controller, Key } from '../../client/index.ts';
import { forMapped, forObject } from '../../client/index.ts';
import { csiVolume, NetworkStorage } from '../../machine/index.ts';
import type { CsiDriver } from '../csi/driver.ts';
import { type Asked, NoSource, sourceOf } from './data-source.ts';
import { deleteDisk, diskSource } from './disk.ts';
import { install } from './example-driver.ts';
import { nameFor, selectedNode } from './provisioned.ts';

/** The names that small clusters know: kind and k3s, minikube, Docker Desktop, the CSI example. */
const knownProvisioners: readonly string[] = ['rancher.io/local-path', 'k8s.io/minikube-hostpath', 'docker.io/hostpath', ...csiDrivers];

const creation = 2000;

/** The first and the longest wait after a failure. */
const [firstRetry, lastRetry] = [1000, 300_000];

/**
 * Makes volumes for claims whose class names it, and deletes them when they are released. Those of a CSI driver lie where all
 * machines reach them, and can begin with the files of a snapshot or of another volume.
 * Differs from Kubernetes: one program stands for the provisioners of several projects; other volumes are folders of a node, and
 * the example driver's are not bound to one.
 */
export function storageProvisioner(client: Client, { storage = new NetworkStorage(), driver }: { storage?: NetworkStorage; driver?: CsiDriver } = {}): Controller {
  const serves = driver ? [driver.name] : knownProvisioners;
  const since = new Map<string, number>();
  const failures = new Map<string, number>();
  const say = (asked: Asked, type: 'Normal' | 'Warning', reason: string, message: string) => client.event(asked.claim, type, reason, message, { component: asked.class.provisioner });

  /** Begins to make a volume, or says that it is made. */
  function provision(asked: Asked): { requeueAfter: number } | undefined {
    const { uid, namespace, name } = asked.claim.metadata;
    const began = since.get(uid!);
    if (began === undefined) say(asked, 'Normal', 'Provisioning', `External provisioner is provisioning volume for claim "${namespace}/${name}"`);
    const left = (began ?? client.clock.now) + creation - client.clock.now;
    if (csiDrivers.includes(asked.class.provisioner)) install(client, asked.class.provisioner);
    const files = isCsi(asked.class) ? sourceOf(client, asked, storage) : undefined;
    since.set(uid!, began ?? client.clock.now);
    if (left > 0) return { requeueAfter: left };
    since.delete(uid!);
    const volume = volumeFor(client, asked, driver);
    if (files) storage.fill(csiVolume(volume.spec.csi.driver, volume.spec.csi.volumeHandle), files);
    client.create(volume);
    say(asked, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${volume.metadata.name}`);
    failures.delete(uid!);
    return undefined;
  }

  return {
    name: 'storage-provisioner',
    watches: [forObject('PersistentVolumeClaim'), forObject('PersistentVolume'), forMapped('StorageClass', claimsOf)],
    reconcile(request) {
      if (!request.namespace) return removeReleased(client, client.find('PersistentVolume', request), { serves, storage, driver });
      const claim = client.find('PersistentVolumeClaim', request);
      const found = claim && classToServe(client, claim, serves);
      if (!found) return;
      const asked = { claim, class: found };
      try {
        return provision(asked);
      } catch (error) {
        if (!(error instanceof NoSource)) throw error;
        const { uid } = claim.metadata;
        since.delete(uid!);
        say(asked, 'Warning', 'ProvisioningFailed', error.message);
        const before = failures.get(uid!) ?? 0;
        failures.set(uid!, before + 1);
        return { requeueAfter: Math.min(firstRetry * 2 ** before, lastRetry) };
      }
    },
  };
}

/** A claim may be seen before its class. */
function claimsOf({ object: { metadata } }: CacheEvent<KubeObject>, client: Client): Key[] {
  const waiting = [...client.cache('PersistentVolumeClaim')].filter((claim) => !claim.spec.volumeName && storageClassOf(claim) === metadata.name);
  return waiting.map(({ metadata: { namespace, name } }) => ({ namespace: namespace!, name }));
}

/** The class of a claim that waits for this provisioner. */
function classToServe(client: Client, claim: PersistentVolumeClaim, serves: readonly string[]): StorageClass | undefined {
  const asked = claim.metadata.annotations?.[volumeAnnotations.oldProvisioner];
  if (claim.spec.volumeName || claim.metadata.deletionTimestamp || !asked || !serves.includes(asked)) return undefined;
  const found = client.find('StorageClass', { name: storageClassOf(claim) });
  if (found?.provisioner !== asked || client.find('PersistentVolume', { name: nameFor(claim) })) return undefined;
  return found.volumeBindingMode === 'WaitForFirstConsumer' && !selectedNode(claim) ? undefined : found;
}


const isCsi = ({ provisioner }: StorageClass) => csiDrivers.includes(provisioner);

function volumeFor(client: Client, { claim, class: found }: Asked, driver: CsiDriver | undefined): KubeObject {
  const { namespace, name: claimName, uid, resourceVersion } = claim.metadata;
  const name = nameFor(claim);
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
      ...(found.mountOptions && { mountOptions: found.mountOptions }),
      ...(driver ? diskSource(client, claim, driver) : isCsi(found) ? csiSource(client, claim, found) : folder(claim)),
    },
  } as unknown as KubeObject;
}

/** A folder of the node that the pod's scheduler chose. */
function folder(claim: PersistentVolumeClaim): object {
  const { namespace, name } = claim.metadata;
  const node = selectedNode(claim);
  const onNode = { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] }] } };
  return { hostPath: { path: `/opt/local-path-provisioner/${nameFor(claim)}_${namespace}_${name}`, type: 'DirectoryOrCreate' }, ...(node && { nodeAffinity: onNode }) };
}

/** A driver answers a second request of one name with the volume of the first one. */
function csiSource({ random }: Client, claim: PersistentVolumeClaim, { provisioner }: StorageClass): object {
  const handle = random.fork(nameFor(claim)).uuid();
  return { csi: { driver: provisioner, volumeHandle: handle, volumeAttributes: { 'storage.kubernetes.io/csiProvisionerIdentity': `csi-provisioner-${provisioner}` } } };
}

interface Remover {
  serves: readonly string[];
  storage: NetworkStorage;
  driver: CsiDriver | undefined;
}

function removeReleased(client: Client, volume: PersistentVolume | undefined, { serves, storage, driver }: Remover): { requeueAfter: number } | undefined {
  if (volume?.spec.csi && csiDrivers.includes(volume.spec.csi.driver)) install(client, volume.spec.csi.driver);
  const by = volume?.metadata.annotations?.[volumeAnnotations.provisionedBy];
  if (!volume || !by || !serves.includes(by) || volume.metadata.deletionTimestamp) return undefined;
  if (volume.status.phase !== 'Released' || volume.spec.persistentVolumeReclaimPolicy !== 'Delete') return undefined;
  if (driver) return deleteDisk(client, volume, driver);
  const { csi } = volume.spec;
  if (csi) storage.remove(csiVolume(csi.driver, csi.volumeHandle));
  client.delete(volume);
  return undefined;
}
