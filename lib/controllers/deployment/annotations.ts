// What a Deployment writes down on its replica sets: revision, history, and the sizes it had in mind.
import type { Deployment, ReplicaSet } from '../../api/index.ts';
import { maxSurge } from './fenceposts.ts';

export const revisionAnnotation = 'deployment.kubernetes.io/revision';
const historyAnnotation = 'deployment.kubernetes.io/revision-history';
const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas';
const maxAnnotation = 'deployment.kubernetes.io/max-replicas';
export const rollbackAnnotation = 'deprecated.deployment.rollback.to';

/** About a hundred revisions. */
const historyLimit = 2000;

type Annotations = Record<string, string>;

const notCopied = new Set(['kubectl.kubernetes.io/last-applied-configuration', revisionAnnotation, historyAnnotation, desiredAnnotation, maxAnnotation, rollbackAnnotation]);
export const isCopied = (annotation: string) => !notCopied.has(annotation);

export const desiredReplicas = (rs: ReplicaSet) => number(rs.metadata.annotations?.[desiredAnnotation]);
export const maxReplicas = (rs: ReplicaSet) => number(rs.metadata.annotations?.[maxAnnotation]);
/** 0 where there is none. A revision has 64 bits, more than a number holds. */
export const revisionOf = (rs: ReplicaSet) => revisionFrom(rs.metadata.annotations?.[revisionAnnotation]) ?? 0n;
export const lastRevision = (sets: readonly ReplicaSet[]) => sets.map(revisionOf).reduce((last, revision) => (revision > last ? revision : last), 0n);
export const revisionFrom = (text: string | undefined) => (isInteger(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text) ? BigInt(text) : undefined);

/** Notes of the sizes, by which a later scaling is told apart from a rollout. */
export function sizeAnnotations(d: Deployment): Annotations {
  return { [desiredAnnotation]: String(d.spec.replicas), [maxAnnotation]: String(d.spec.replicas + maxSurge(d)) };
}

/** The annotations the new replica set should carry; the same object when it does already. */
export function newReplicaSetAnnotations(d: Deployment, present: Annotations | undefined, revision: bigint): Annotations {
  const annotations: Annotations = { ...present };
  for (const [name, value] of Object.entries(d.metadata.annotations ?? {})) if (isCopied(name)) annotations[name] = value;
  const old = revisionFrom(present?.[revisionAnnotation] ?? '0');
  if (old !== undefined && old < revision) {
    annotations[revisionAnnotation] = String(revision);
    // A replica set that had a revision before is being rolled back to: keep its old numbers.
    if (present?.[revisionAnnotation]) annotations[historyAnnotation] = history(present[historyAnnotation], old);
  }
  return present && sameAnnotations(annotations, present) ? present : annotations;
}

function history(present: string | undefined, revision: bigint): string {
  const revisions = [...(present ? present.split(',') : []), String(revision)];
  while (revisions.join(',').length > historyLimit) revisions.shift();
  return revisions.join(',');
}

export function sameAnnotations(a: Annotations, b: Annotations | undefined): boolean {
  for (const name in a) if (b?.[name] !== a[name]) return false;
  return true;
}

function number(text: string | undefined): number | undefined {
  return isInteger(text) ? Number(text) : undefined;
}

const isInteger = (text: string | undefined): text is string => text !== undefined && /^[+-]?\d+$/.test(text);
