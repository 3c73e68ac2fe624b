import { type Kind, type Pod, storageClassOf } from '../../api/index.ts';
import { type Handle, type Plugin, skip, unschedulable } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import { claimsOf, hasClaims, volumeOf } from '../volumes.ts';

const limitKey = (driver: string) => `attachable-volumes-csi-${driver}`;

/** No more CSI volumes on a node than its driver can attach. */
export function nodeVolumeLimits(handle: Handle): Plugin {
  return {
    name: 'NodeVolumeLimits',
    retryOn: ['CsiNode', 'PodDelete', 'Pvc', 'NodeAdd'],
    preFilter: ({ pod }) => (hasClaims(pod) ? undefined : skip),
    filter({ pod }, node) {
      const wanted = csiVolumes(handle, pod);
      if (wanted.size === 0) return undefined;
      const limits = limitsOf(handle, node);
      const attached = new Map<string, string>();
      for (const other of node.pods.values()) if (hasClaims(other.pod)) for (const [id, driver] of csiVolumes(handle, other.pod)) attached.set(id, driver);
      for (const id of attached.keys()) wanted.delete(id);
      for (const driver of new Set(wanted.values())) {
        const limit = limits[limitKey(driver)];
        const count = (volumes: Map<string, string>) => [...volumes.values()].filter((other) => other === driver).length;
        if (limit !== undefined && count(attached) + count(wanted) > limit) return unschedulable('node(s) exceed max volume count');
      }
      return undefined;
    },
  };
}

/** The driver of each CSI volume of a pod, by volume; a claim without a volume counts under its own name. */
function csiVolumes(handle: Handle, pod: Pod): Map<string, string> {
  const out = new Map<string, string>();
  for (const claim of claimsOf(handle, pod)) {
    const volume = volumeOf(handle, claim);
    if (volume?.spec.csi) out.set(`${volume.spec.csi.driver}/${volume.spec.csi.volumeHandle}`, volume.spec.csi.driver);
    if (volume) continue;
    const provisioner = handle.find('StorageClass', { name: storageClassOf(claim) })?.provisioner;
    if (provisioner && !provisioner.startsWith('kubernetes.io/')) out.set(`${claim.metadata.namespace}/${claim.metadata.name}`, provisioner);
  }
  return out;
}

interface CsiNode {
  spec?: { drivers?: { name: string; allocatable?: { count?: number } }[] };
}

function limitsOf({ find, version }: Handle, { name, allocatable }: NodeInfo): Record<string, number> {
  const limits: Record<string, number> = version.has('csi-volume-limits-only') ? {} : { ...allocatable.scalars };
  const csiNode = find('CSINode' as Kind, { name }) as CsiNode | undefined;
  for (const driver of csiNode?.spec?.drivers ?? []) if (driver.allocatable?.count !== undefined) limits[limitKey(driver.name)] = driver.allocatable.count;
  return limits;
}
