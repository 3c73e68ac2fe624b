// The pods of each replica set, counted by events, so that a reconcile looks at none of them.
import { isPodActive, isPodReady, type Pod } from '../../api/index.ts';
import type { Client, Group } from '../../client/index.ts';
import { controllerOf } from '../shared/owners.ts';

/** Active pods of one owner that carry the same labels. Nearly always an owner has one such group. */
export interface LabelledPods {
  labels: Readonly<Record<string, string>>;
  pods: Group<Pod>;
}

export interface OwnedPods {
  of(ownerUid: string): LabelledPods[];
  /** Pods without a controller that a selector with these labels may find. */
  orphans(namespace: string, matchLabels: Readonly<Record<string, string>> | undefined): Group<Pod>;
}

const none: readonly string[] = [];

/** Declares the indexes over pods; `kind` is the kind of owner that is asked for. */
export function ownedPods(client: Client, kind: string): OwnedPods {
  const cache = client.cache('Pod');
  const byLabels = `active pods of a ${kind} with the same labels`;
  const orphans = 'orphans';
  const labelSets = new Map<string, Map<string, Readonly<Record<string, string>>>>();

  cache.index(byLabels, (pod) => {
    const owner = controllerOf(pod);
    if (owner === undefined || owner.kind !== kind || !isPodActive(pod)) return none;
    const labels = pod.metadata.labels ?? {};
    let value = owner.uid;
    for (const label in labels) value += `,${label}=${labels[label]}`;
    remember(owner.uid, value, labels);
    return [value];
  }, { ready: (pod) => (isPodReady(pod) ? 1 : 0) });

  cache.index(orphans, (pod) => {
    if (controllerOf(pod) !== undefined || !isPodActive(pod)) return none;
    const namespace = pod.metadata.namespace!;
    const labels = Object.entries(pod.metadata.labels ?? {});
    return [namespace, ...labels.map(([label, value]) => `${namespace}/${label}=${value}`)];
  });

  function remember(uid: string, value: string, labels: Readonly<Record<string, string>>): void {
    let sets = labelSets.get(uid);
    if (sets === undefined) labelSets.set(uid, (sets = new Map()));
    if (!sets.has(value)) sets.set(value, labels);
  }

  return {
    of(uid) {
      const groups: LabelledPods[] = [];
      for (const [value, labels] of labelSets.get(uid) ?? []) {
        const pods = cache.by(byLabels, value);
        if (pods.size > 0) groups.push({ labels, pods });
        else labelSets.get(uid)!.delete(value);
      }
      return groups;
    },
    orphans(namespace, matchLabels) {
      for (const label in matchLabels) return cache.by(orphans, `${namespace}/${label}=${matchLabels[label]}`);
      return cache.by(orphans, namespace);
    },
  };
}
