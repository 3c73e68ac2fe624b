// The arithmetic of a rollout: how many pods should each replica set have next? Pure functions.
import { type Deployment, type ReplicaSet, scaledValue } from '../../api/index.ts';
import { desiredReplicas, maxReplicas } from './annotations.ts';
import { isRollingUpdate, maxSurge, maxUnavailable } from './fenceposts.ts';

export interface Resize {
  name: string;
  size: number;
  /** What the Deployment as a whole does while its parts may do the opposite. */
  direction?: 'up' | 'down';
}

export const totalReplicas = (sets: readonly ReplicaSet[]) => sets.reduce((sum, rs) => sum + rs.spec.replicas, 0);
export const totalActual = (sets: readonly ReplicaSet[]) => sets.reduce((sum, rs) => sum + rs.status.replicas, 0);
export const totalReady = (sets: readonly ReplicaSet[]) => sets.reduce((sum, rs) => sum + (rs.status.readyReplicas ?? 0), 0);
export const totalAvailable = (sets: readonly ReplicaSet[]) => sets.reduce((sum, rs) => sum + (rs.status.availableReplicas ?? 0), 0);
export const active = (sets: readonly ReplicaSet[]) => sets.filter((rs) => rs.spec.replicas > 0);

/** Oldest first; by name where they are of the same second. */
export function byAge(a: ReplicaSet, b: ReplicaSet): number {
  const [x, y] = [a.metadata, b.metadata];
  if (x.creationTimestamp !== y.creationTimestamp) return x.creationTimestamp < y.creationTimestamp ? -1 : 1;
  return x.name < y.name ? -1 : x.name > y.name ? 1 : 0;
}

/** How many pods the new replica set should have, as far as surge allows. */
export function newReplicaCount(d: Deployment, all: readonly ReplicaSet[], current: number): number {
  if (!isRollingUpdate(d)) return d.spec.replicas;
  const room = d.spec.replicas + scaledValue(d.spec.strategy.rollingUpdate?.maxSurge, d.spec.replicas, true) - totalReplicas(all);
  return room <= 0 ? current : current + Math.min(room, d.spec.replicas - current);
}

/** What the next step of a rolling update takes from old replica sets, in order; one may be named twice. */
export function shrinkOld(d: Deployment, newRS: ReplicaSet, old: readonly ReplicaSet[]): Resize[] {
  const sets = active(old).sort(byAge);
  if (sets.length === 0) return [];
  const least = d.spec.replicas - maxUnavailable(d);
  // New pods that are not available yet count as missing, so that they do not cost old ones their place.
  const newMissing = newRS.spec.replicas - (newRS.status.availableReplicas ?? 0);
  const room = totalReplicas([...sets, newRS]) - least - newMissing;
  if (room <= 0) return [];
  // Unhealthy pods first: they serve nobody and would otherwise block the rollout.
  const unhealthy = shrink(sets, room, unhealthyPods);
  // More available than wanted: the replica set has not caught up with its last size, so its numbers are not to be used.
  if (sets.some((rs) => unhealthyPods(rs) < 0)) return unhealthy;
  const left = sets.map((rs) => resized(rs, unhealthy));
  return [...unhealthy, ...shrink(left, totalAvailable([...sets, newRS]) - least, (rs) => rs.spec.replicas)];
}

const unhealthyPods = ({ spec, status }: ReplicaSet) => spec.replicas - (status.availableReplicas ?? 0);

/** Takes `count` pods, from the oldest replica set on, at most `most` from each. */
function shrink(sets: readonly ReplicaSet[], count: number, most: (rs: ReplicaSet) => number): Resize[] {
  const resizes: Resize[] = [];
  for (const rs of sets) {
    const taken = Math.min(count, most(rs));
    if (taken <= 0) continue;
    resizes.push({ name: rs.metadata.name, size: rs.spec.replicas - taken });
    count -= taken;
  }
  return resizes;
}

function resized(rs: ReplicaSet, resizes: readonly Resize[]): ReplicaSet {
  const resize = resizes.find(({ name }) => name === rs.metadata.name);
  return resize ? { ...rs, spec: { ...rs.spec, replicas: resize.size } } : rs;
}

/** The new sizes after `spec.replicas` has changed (or while the Deployment is paused). */
export function rescale(d: Deployment, newRS: ReplicaSet | undefined, old: readonly ReplicaSet[]): Resize[] {
  const sets = active(newRS ? [...old, newRS] : old);
  if (sets.length <= 1) {
    const target = sets[0] ?? newRS ?? [...old].sort(byAge).at(-1);
    return target && target.spec.replicas !== d.spec.replicas ? [{ name: target.metadata.name, size: d.spec.replicas }] : [];
  }
  if (isSaturated(d, newRS)) return active(old).map(({ metadata }) => ({ name: metadata.name, size: 0 }));
  return isRollingUpdate(d) ? proportional(d, sets) : [];
}

/** When a Deployment is scaled in the middle of a rollout, each active replica set gets its share. */
function proportional(d: Deployment, sets: readonly ReplicaSet[]): Resize[] {
  const allowed = d.spec.replicas > 0 ? d.spec.replicas + maxSurge(d) : 0;
  const toAdd = allowed - totalReplicas(sets);
  const direction = toAdd > 0 ? 'up' : 'down';
  let added = 0;
  const resizes: Resize[] = bySize(sets, toAdd > 0 ? 'newer' : 'older').map((rs) => {
    const share = proportion(d, rs, toAdd, added);
    added += share;
    return { name: rs.metadata.name, size: rs.spec.replicas + share, direction };
  });
  // What rounding has left over goes to the largest.
  resizes[0]!.size = Math.max(0, resizes[0]!.size + toAdd - added);
  return resizes;
}

/** Largest first; of two of one size the newer (or the older) first. */
function bySize(sets: readonly ReplicaSet[], tie: 'newer' | 'older'): ReplicaSet[] {
  return [...sets].sort((a, b) => b.spec.replicas - a.spec.replicas || (tie === 'newer' ? byAge(b, a) : byAge(a, b)));
}

function proportion(d: Deployment, rs: ReplicaSet, toAdd: number, added: number): number {
  if (rs.spec.replicas === 0 || toAdd === 0 || toAdd === added) return 0;
  const share = d.spec.replicas === 0 ? -rs.spec.replicas : sizeAtNewScale(d, rs) - rs.spec.replicas;
  return toAdd > 0 ? Math.min(share, toAdd - added) : Math.max(share, toAdd - added);
}

function sizeAtNewScale(d: Deployment, rs: ReplicaSet): number {
  const formerMost = maxReplicas(rs) ?? d.status.replicas ?? 0;
  return roundHalfAway((rs.spec.replicas * (d.spec.replicas + maxSurge(d))) / formerMost);
}

const roundHalfAway = (x: number) => (x < 0 ? Math.ceil(x - 0.5) : Math.floor(x + 0.5));

/** True when one replica set has all the pods the Deployment wants, and all of them are available. */
function isSaturated(d: Deployment, rs: ReplicaSet | undefined): boolean {
  return rs !== undefined && rs.spec.replicas === d.spec.replicas && desiredReplicas(rs) === d.spec.replicas && (rs.status.availableReplicas ?? 0) === d.spec.replicas;
}
