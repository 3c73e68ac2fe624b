import { failure, type Handle, type Plugin, skip, type Status, unresolvable } from '../framework.ts';
import { type PersistentVolumeClaim, type Pod, storageClassOf } from '../../api/index.ts';
import { claimsOf, volumeOf, waitsForPod } from '../volumes.ts';

const topologyLabels = ['failure-domain.beta.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

/** A volume of one zone cannot be attached to a node of another. */
export function volumeZone(handle: Handle): Plugin {
  const uses = ({ spec }: Pod) => !!spec.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim);
  return {
    name: 'VolumeZone',
    retryOn: ['Pv', 'Pvc', 'StorageClass', 'NodeAdd', 'NodeLabel'],
    preFilter: ({ pod }) => (uses(pod) ? undefined : skip),
    filter({ pod }, { node }) {
      const labels = node.metadata.labels ?? {};
      if (!topologyLabels.some((label) => labels[label] !== undefined)) return undefined;
      for (const claim of claimsOf(handle, pod)) {
        const volume = volumeOf(handle, claim);
        if (!volume) {
          const problem = unbound(handle, claim);
          if (problem) return problem;
          continue;
        }
        for (const label of topologyLabels) {
          // A volume of several zones names them with `__` between.
          const zones = volume.metadata.labels?.[label]?.split('__');
          if (zones && !zones.includes(labels[label] ?? '')) return unresolvable('node(s) had no available volume zone');
        }
      }
      return undefined;
    },
  };
}

function unbound(handle: Handle, claim: PersistentVolumeClaim): Status | undefined {
  if (claim.spec.volumeName) return failure(`persistentvolume ${JSON.stringify(claim.spec.volumeName)} not found`);
  if (waitsForPod(handle, claim)) return undefined;
  return failure(storageClassOf(claim) ? 'PersistentVolume had no name' : 'PersistentVolumeClaim had no pv name and storageClass name');
}
