// A Deployment together with its replica sets, as one reconcile sees and changes them.
import { type Deployment, equal, type PodTemplateSpec, type ReplicaSet } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { adopt, controllerOf, release } from '../shared/owners.ts';
import { labelSelector } from '../shared/selectors.ts';
import { byAge } from './sizes.ts';

export interface Rollout {
  d: Deployment;
  /** The replica set with the Deployment's present template. */
  newRS: ReplicaSet | undefined;
  /** The others, oldest first. */
  oldRSs: ReplicaSet[];
}

export const allSets = ({ newRS, oldRSs }: Rollout): ReplicaSet[] => (newRS ? [...oldRSs, newRS] : oldRSs);

const orphans = 'replica sets without a controller';

export function indexOrphans(client: Client): void {
  client.cache('ReplicaSet').index(orphans, (rs) => (controllerOf(rs) ? [] : [rs.metadata.namespace!]));
}

/** Finds the replica sets that belong to the Deployment; adopts and releases where their labels say so. */
export function findReplicaSets(client: Client, d: Deployment): Rollout {
  const cache = client.cache('ReplicaSet');
  const selector = labelSelector(d.spec.selector);
  const owned = [...cache.ownedBy(d.metadata.uid)];
  const sets = owned.filter(({ metadata }) => selector.matches(metadata.labels));
  if (!d.metadata.deletionTimestamp) {
    if (sets.length < owned.length) release(client, d, owned.filter((rs) => !sets.includes(rs)));
    const lost = [...cache.by(orphans, d.metadata.namespace!)].filter(({ metadata }) => !metadata.deletionTimestamp && selector.matches(metadata.labels));
    sets.push(...adopt(client, d, lost));
  }
  sets.sort(byAge);
  const newRS = sets.find((rs) => sameTemplate(rs.spec.template, d.spec.template));
  return { d, newRS, oldRSs: sets.filter((rs) => rs !== newRS) };
}

export const hashLabel = 'pod-template-hash';

/** Equal but for the label pod-template-hash, which the Deployment itself adds. */
export function sameTemplate(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  // Templates are frozen: two that were compared once need no second look.
  const known = compared.get(a);
  if (known?.with === b) return known.same;
  const same = equal(a.spec, b.spec) && equal(withoutHash(a), withoutHash(b));
  compared.set(a, { with: b, same });
  return same;
}

const compared = new WeakMap<PodTemplateSpec, { with: PodTemplateSpec; same: boolean }>();

export function withoutHash({ metadata = {} }: PodTemplateSpec): NonNullable<PodTemplateSpec['metadata']> {
  const { [hashLabel]: _, ...labels } = metadata.labels ?? {};
  return { ...metadata, labels };
}
