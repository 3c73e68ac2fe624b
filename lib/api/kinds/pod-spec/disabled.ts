// Fields of features that a release has not switched on are dropped without a word (pkg/api/pod/util.go).
import type { PodSpec } from '../../types.ts';
import type { Version } from '../../version.ts';

/**
 * Differs from Kubernetes: of the feature gates only those are modelled whose fields a manifest of the time could carry.
 */
export function dropDisabledFields(spec: PodSpec, version: Version): void {
  if (spec.ephemeralContainers && !version.has('ephemeral-containers')) delete spec.ephemeralContainers;
  if (spec.initContainers && !version.has('sidecar-containers')) for (const container of spec.initContainers) if (container.restartPolicy !== undefined) delete container.restartPolicy;
  if (!version.has('proc-mount')) resetProcMount(spec);
  if (spec.overhead && !version.has('pod-overhead')) delete spec.overhead;
  if (spec.volumes && !version.has('generic-ephemeral-volumes')) {
    for (const volume of spec.volumes) if (volume.ephemeral) delete volume.ephemeral;
  }
}

/** Whatever was asked for, it is the default. */
function resetProcMount({ containers, initContainers }: PodSpec): void {
  for (const list of [containers, initContainers]) {
    if (list) for (const { securityContext } of list) if (securityContext?.procMount !== undefined) securityContext.procMount = 'Default';
  }
}
