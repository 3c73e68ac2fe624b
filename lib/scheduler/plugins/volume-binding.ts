import { isFullyBound, type PersistentVolumeClaim, type Pod } from '../../api/index.ts';
import { failure, type Handle, type Plugin, skip, type Status, unresolvable, wait } from '../framework.ts';
import { podKey } from '../pod-info.ts';
import { claimName, hasClaims, volumeOf, waitsForPod } from '../volumes.ts';
import { bindableOn, type Binding, reachable, startBinding, stillAsked } from '../volume-matching.ts';

/**
 * Claims must be bound to volumes that the node can use, or be bindable there. Those that wait for their first pod are
 * bound once its node is chosen, before the pod itself.
 */
export function volumeBinding(handle: Handle): Plugin {
  const { version } = handle;
  const missingVolume = version.has('missing-volume-message') ? 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)' : 'pvc(s) bound to non-existent pv(s)';
  let bound: PersistentVolumeClaim[] = [];
  let toBind: PersistentVolumeClaim[] = [];
  /** What was chosen for pods that have a node, until all of it is bound: by pod. */
  const reserved = new Map<string, { bindings: readonly Binding[]; started: boolean }>();
  const taken = (claims: readonly PersistentVolumeClaim[]) => {
    const own = new Set(claims.map(({ metadata }) => metadata.uid));
    const others = [...reserved.values()].flatMap(({ bindings }) => bindings).filter(({ claim }) => !own.has(claim.metadata.uid));
    return new Set(others.flatMap(({ volume }) => volume?.metadata.name ?? []));
  };
  return {
    name: 'VolumeBinding',
    retryOn: ['Pv', 'Pvc', 'StorageClass', 'NodeAdd', 'NodeLabel', 'CsiNode'],
    preFilter({ pod }) {
      [bound, toBind] = [[], []];
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
      if (!bindableOn(handle, toBind, { node, taken: taken(toBind) })) reasons.push("node(s) didn't find available persistent volumes to bind");
      if (first >= 0 && !volumes[first]) reasons.push(missingVolume);
      return reasons.length > 0 ? unresolvable(...reasons) : undefined;
    },
    reserve({ pod }, { node }) {
      const bindings = toBind.length > 0 ? bindableOn(handle, toBind, { node, taken: taken(toBind) }) : undefined;
      if (bindings) reserved.set(podKey(pod), { bindings, started: false });
    },
    unreserve({ pod }) {
      reserved.delete(podKey(pod));
    },
    preBind({ pod }, { node }) {
      const mine = reserved.get(podKey(pod));
      if (!mine) return undefined;
      if (!mine.started) startBinding(handle, mine.bindings, node.metadata.name);
      else {
        const lost = mine.bindings.find(({ claim, volume }) => !volume && !stillAsked(handle, claim, node.metadata.name));
        if (lost) return failure(`binding volumes: provisioning failed for PVC ${JSON.stringify(lost.claim.metadata.name)}`);
      }
      mine.started = true;
      const done = mine.bindings.every(({ claim: { metadata } }) => {
        const now = handle.find('PersistentVolumeClaim', { namespace: metadata.namespace!, name: metadata.name });
        return now && isFullyBound(now);
      });
      if (!done) return wait;
      reserved.delete(podKey(pod));
      return undefined;
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
