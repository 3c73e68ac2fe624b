// Who a pod of a stateful set is: its ordinal gives its name, its host name, its claims.
import { type Manifest, type Pod, type StatefulSet, type Version } from '../../api/index.ts';
import { podFromTemplate } from '../shared/pod-from-template.ts';

const revisionLabel = 'controller-revision-hash';
const podNameLabel = 'statefulset.kubernetes.io/pod-name';
const indexLabel = 'apps.kubernetes.io/pod-index';

/** `web-2` is the pod 2 of `web`; a name without a number has ordinal -1. */
export function parentAndOrdinal(name: string): { parent: string; ordinal: number } {
  const at = name.lastIndexOf('-');
  const digits = name.slice(at + 1);
  if (at < 0 || !/^[0-9]+$/.test(digits)) return { parent: '', ordinal: -1 };
  const ordinal = Number(digits);
  return { parent: name.slice(0, at), ordinal: ordinal < 2 ** 31 ? ordinal : -1 };
}

export const isMemberOf = (set: StatefulSet, name: string) => parentAndOrdinal(name).parent === set.metadata.name;

export const podName = ({ metadata }: StatefulSet, ordinal: number) => `${metadata.name}-${ordinal}`;
export const claimName = (claim: string, set: StatefulSet, ordinal: number) => `${claim}-${podName(set, ordinal)}`;
export const revisionOf = (pod: Pod): string => pod.metadata.labels?.[revisionLabel] ?? '';

interface Claim {
  metadata?: { name?: string };
}

export const claimTemplates = ({ spec }: StatefulSet): Claim[] => spec.volumeClaimTemplates ?? [];

/** The pod's volumes: those of the claims first, in whose place the template's own have no say. */
function volumesOf(set: StatefulSet, volumes: { name: string }[], ordinal: number): object[] {
  const claims = claimTemplates(set).map(({ metadata }) => metadata!.name!);
  const own = claims.map((name) => ({ name, persistentVolumeClaim: { claimName: claimName(name, set, ordinal) } }));
  return [...own, ...volumes.filter(({ name }) => !claims.includes(name))];
}

/** A new pod with this ordinal; `set` carries the template of its revision. */
export function newPod(set: StatefulSet, ordinal: number, { revision, version }: { revision: string; version: Version }): Manifest {
  const { metadata = {}, spec, ...pod } = podFromTemplate(set.spec.template, set);
  const name = podName(set, ordinal);
  const volumes = volumesOf(set, spec.volumes ?? [], ordinal);
  const labels = { ...metadata.labels, [podNameLabel]: name, ...(version.has('pod-index-label') && { [indexLabel]: String(ordinal) }), [revisionLabel]: revision };
  return { ...pod, metadata: { ...metadata, name, labels }, spec: { ...spec, hostname: name, ...(set.spec.serviceName && { subdomain: set.spec.serviceName }), ...(volumes.length > 0 && { volumes }) } };
}

/** Labels and volumes are still those of its ordinal. */
export function identityMatches(set: StatefulSet, pod: Pod): boolean {
  const { name, labels } = pod.metadata;
  return labels?.[podNameLabel] === name && isMemberOf(set, name) && storageMatches(set, pod);
}

export function storageMatches(set: StatefulSet, { spec, metadata }: Pod): boolean {
  const { ordinal } = parentAndOrdinal(metadata.name);
  return claimTemplates(set).every(({ metadata: claim }) => spec.volumes?.find(({ name }) => name === claim!.name)?.persistentVolumeClaim?.claimName === claimName(claim!.name!, set, ordinal));
}

/** The pod with the identity that it has lost. (Volumes cannot be given back: the API server says so.) */
export function withIdentity(set: StatefulSet, pod: Pod): Pod {
  const { name, labels } = pod.metadata;
  const metadata = { ...pod.metadata, labels: { ...labels, [podNameLabel]: name } };
  if (storageMatches(set, pod)) return { ...pod, metadata };
  return { ...pod, metadata, spec: { ...pod.spec, volumes: volumesOf(set, pod.spec.volumes ?? [], parentAndOrdinal(name).ordinal) as Pod['spec']['volumes'] } };
}
