import type { TopologySelectorTerm } from 'kubernetes-types/core/v1';
import { bytes, matchesNodeSelector, type Node, type PersistentVolume, type PersistentVolumeClaim, type Pod, selectorFromLabelSelector } from '../../api/index.ts';
import { type Handle, type Plugin, skip, type Status, unresolvable } from '../framework.ts';
import { claimName, classOf, hasClaims, isFullyBound, volumeOf, waitsForPod } from '../volumes.ts';

const noProvisioner = 'kubernetes.io/no-provisioner';
const selectedNode = 'volume.kubernetes.io/selected-node';

/**
 * Claims must be bound to volumes that the node can use, or be bindable there.
 *
 * Differs from Kubernetes: claims that wait for their first pod are not bound by the scheduler, only looked at.
 */
export function volumeBinding(handle: Handle): Plugin {
  const { version } = handle;
  const missingVolume = version.has('missing-volume-message') ? 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)' : 'pvc(s) bound to non-existent pv(s)';
  let bound: PersistentVolumeClaim[] = [];
  let toBind: PersistentVolumeClaim[] = [];
  return {
    name: 'VolumeBinding',
    retryOn: ['Pv', 'Pvc', 'StorageClass', 'NodeAdd', 'NodeLabel', 'CsiNode'],
    preFilter({ pod }) {
      if (!hasClaims(pod)) return skip;
      const claims = findClaims(handle, pod);
      if (!Array.isArray(claims)) return claims;
      bound = claims.filter(isFullyBound);
      toBind = claims.filter((claim) => !isFullyBound(claim));
      const waiting = toBind.every((claim) => !claim.spec.volumeName && waitsForPod(handle, claim));
      return waiting ? undefined : unresolvable('pod has unbound immediate PersistentVolumeClaims');
    },
    filter(_, { node }) {
      const volumes = bound.map((claim) => volumeOf(handle, claim));
      const reasons: string[] = [];
      const first = volumes.findIndex((volume) => !volume || !reachable(volume, node));
      if (first >= 0 && volumes[first]) reasons.push('node(s) had volume node affinity conflict');
      if (!bindable(handle, toBind, node)) reasons.push("node(s) didn't find available persistent volumes to bind");
      if (first >= 0 && !volumes[first]) reasons.push(missingVolume);
      return reasons.length > 0 ? unresolvable(...reasons) : undefined;
    },
  };
}

function findClaims({ find, version }: Handle, pod: Pod): PersistentVolumeClaim[] | Status {
  const out: PersistentVolumeClaim[] = [];
  for (const volume of pod.spec.volumes ?? []) {
    const name = claimName(pod, volume);
    if (name === undefined) continue;
    const claim = find('PersistentVolumeClaim', { namespace: pod.metadata.namespace!, name });
    const text = JSON.stringify(name);
    if (!claim) return unresolvable(volume.ephemeral ? `waiting for ephemeral volume controller to create the persistentvolumeclaim ${text}` : `persistentvolumeclaim ${text} not found`);
    if (claim.status.phase === 'Lost' && version.has('missing-volume-message')) {
      return unresolvable(`persistentvolumeclaim ${text} bound to non-existent persistentvolume ${JSON.stringify(claim.spec.volumeName)}`);
    }
    if (claim.metadata.deletionTimestamp) return unresolvable(`persistentvolumeclaim ${text} is being deleted`);
    out.push(claim);
  }
  return out;
}

const reachable = ({ spec }: PersistentVolume, node: Node) => !spec.nodeAffinity?.required || matchesNodeSelector(spec.nodeAffinity.required, node);

/** Each claim finds a volume of its own or a class that makes one; the smallest claims choose first. */
function bindable(handle: Handle, claims: readonly PersistentVolumeClaim[], node: Node): boolean {
  const taken = new Set<string>();
  for (const claim of [...claims].sort((a, b) => requested(a) - requested(b))) {
    const selected = claim.metadata.annotations?.[selectedNode];
    if (selected !== undefined && selected !== node.metadata.name) return false;
    const volume = selected === undefined ? smallestMatch(handle, claim, node, taken) : undefined;
    if (volume) taken.add(volume.metadata.name);
    else if (!provisionable(handle, claim, node)) return false;
  }
  return true;
}

const requested = ({ spec }: PersistentVolumeClaim) => bytes(spec.resources?.requests?.['storage']);
const capacity = ({ spec }: PersistentVolume) => bytes(spec.capacity?.['storage']);

function smallestMatch({ list }: Handle, claim: PersistentVolumeClaim, node: Node, taken: ReadonlySet<string>): PersistentVolume | undefined {
  let best: PersistentVolume | undefined;
  for (const volume of list('PersistentVolume')) {
    if (taken.has(volume.metadata.name) || !fits(volume, claim)) continue;
    if (isFor(volume, claim)) return reachable(volume, node) ? volume : undefined;
    if (volume.status.phase !== 'Available' || !reachable(volume, node)) continue;
    if (claim.spec.selector && !selectorFromLabelSelector(claim.spec.selector).matches(volume.metadata.labels ?? {})) continue;
    if (!claim.spec.accessModes?.every((mode) => volume.spec.accessModes?.includes(mode))) continue;
    if (!best || capacity(volume) < capacity(best)) best = volume;
  }
  return best;
}

function fits(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  if (classOf(volume) !== classOf(claim) || volume.metadata.deletionTimestamp) return false;
  if (volume.spec.claimRef && !isFor(volume, claim)) return false;
  return capacity(volume) >= requested(claim) && (volume.spec.volumeMode ?? 'Filesystem') === (claim.spec.volumeMode ?? 'Filesystem');
}

function isFor({ spec: { claimRef } }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  return !!claimRef && claimRef.name === metadata.name && claimRef.namespace === metadata.namespace && (!claimRef.uid || claimRef.uid === metadata.uid);
}

function provisionable({ find }: Handle, claim: PersistentVolumeClaim, node: Node): boolean {
  const found = find('StorageClass', { name: classOf(claim) });
  if (!found?.provisioner || found.provisioner === noProvisioner) return false;
  return inTopology(found.allowedTopologies as TopologySelectorTerm[] | undefined, node);
}

const inTopology = (terms: readonly TopologySelectorTerm[] | undefined, { metadata }: Node) =>
  !terms?.length || terms.some(({ matchLabelExpressions = [] }) => matchLabelExpressions.every(({ key, values }) => values.includes(metadata.labels?.[key] ?? '')));
