import type { PersistentVolumeSpec, Volume } from 'kubernetes-types/core/v1';
import { type Node, type Pod, storageClassOf } from '../../api/index.ts';
import { type Handle, type PluginFactory, skip, unschedulable } from '../framework.ts';
import { claimsOf, volumeOf } from '../volumes.ts';

type Source = Volume | PersistentVolumeSpec;

interface Cloud {
  limitKey: string;
  provisioner: string;
  limit(node: Node): number;
  id(source: Source): string | undefined;
}

const nitro = /^[cmr]5.*|t3|z1d/;
const instanceType = ({ metadata: { labels } }: Node) => labels?.['node.kubernetes.io/instance-type'] ?? labels?.['beta.kubernetes.io/instance-type'] ?? '';

const clouds: Record<'EBSLimits' | 'GCEPDLimits' | 'AzureDiskLimits' | 'CinderLimits', Cloud> = {
  EBSLimits: {
    limitKey: 'attachable-volumes-aws-ebs',
    provisioner: 'kubernetes.io/aws-ebs',
    limit: (node) => (nitro.test(instanceType(node)) ? 25 : 39),
    id: ({ awsElasticBlockStore }) => awsElasticBlockStore?.volumeID,
  },
  GCEPDLimits: { limitKey: 'attachable-volumes-gce-pd', provisioner: 'kubernetes.io/gce-pd', limit: () => 16, id: ({ gcePersistentDisk }) => gcePersistentDisk?.pdName },
  AzureDiskLimits: { limitKey: 'attachable-volumes-azure-disk', provisioner: 'kubernetes.io/azure-disk', limit: () => 16, id: ({ azureDisk }) => azureDisk?.diskName },
  CinderLimits: { limitKey: 'attachable-volumes-cinder', provisioner: 'kubernetes.io/cinder', limit: () => 256, id: ({ cinder }) => cinder?.volumeID },
};

/** No more disks of a cloud on a node than the cloud attaches. Later all clouds have CSI drivers. */
export function cloudVolumeLimits(name: keyof typeof clouds): PluginFactory {
  const cloud = clouds[name];
  return (handle) => ({
    name,
    retryOn: ['PodDelete', 'Pvc', 'NodeAdd'],
    preFilter: ({ pod }) => (disks(handle, cloud, pod).size > 0 ? undefined : skip),
    filter({ pod }, { node, pods, allocatable }) {
      const wanted = disks(handle, cloud, pod);
      const attached = new Set<string>();
      for (const other of pods.values()) for (const id of disks(handle, cloud, other.pod)) attached.add(id);
      for (const id of attached) wanted.delete(id);
      const limit = allocatable.scalars?.[cloud.limitKey] ?? cloud.limit(node);
      return attached.size + wanted.size > limit ? unschedulable('node(s) exceed max volume count') : undefined;
    },
  });
}

/** The disks of a pod; a claim that has no volume yet counts under its own name. */
function disks(handle: Handle, { id, provisioner }: Cloud, pod: Pod): Set<string> {
  const out = new Set<string>();
  if (!pod.spec.volumes) return out;
  for (const volume of pod.spec.volumes) {
    const found = id(volume);
    if (found) out.add(found);
  }
  for (const claim of claimsOf(handle, pod)) {
    const volume = volumeOf(handle, claim);
    const found = volume && id(volume.spec);
    if (found) out.add(found);
    if (!volume && handle.find('StorageClass', { name: storageClassOf(claim) })?.provisioner === provisioner) out.add(`${claim.metadata.namespace}/${claim.metadata.name}`);
  }
  return out;
}
