// The pods of each replica set, counted by events, so that a reconcile looks at none of them.
import { isPodActive, isPodReady, type Pod } from '../../api/index.ts';
import type { Client, Group } from '../../client/index.ts';
import { controllerOf } from '../shared/owners.ts';

type Labels = Readonly<Record<string, string>>;

/** Active pods of one owner that carry the same labels. Nearly always an owner has one such group. */
export interface LabelledPods {
  labels: Labels;
  pods: Group<Pod>;
}

export interface OwnedPods {
  of(ownerUid: string): LabelledPods[];
  /** Pods without a controller that a selector with these labels may find. */
  orphans(namespace: string, matchLabels: Labels | undefined): Group<Pod>;
}

const none: readonly string[] = [];
const noLabels: Labels = {};

/** Declares the indexes over pods; `kind` is the kind of owner that is asked for. */
export function ownedPods(client: Client, kind: string): OwnedPods {
  const cache = client.cache('Pod');
  const byLabels = `active pods of a ${kind} with the same labels`;
  const orphans = 'orphans';
  const labelSets = new Map<string, Map<string, Labels>>();
  const groups = new WeakMap<Labels, { uid: string; value: readonly string[] }>();

  cache.index(byLabels, (pod) => {
    const owner = controllerOf(pod);
    if (owner === undefined || owner.kind !== kind || !isPodActive(pod)) return none;
    return groupOf(owner.uid, pod.metadata.labels ?? noLabels);
  }, { ready: (pod) => (isPodReady(pod) ? 1 : 0) });

  cache.index(orphans, (pod) => {
    if (controllerOf(pod) !== undefined || !isPodActive(pod)) return none;
    const namespace = pod.metadata.namespace!;
    const labels = Object.entries(pod.metadata.labels ?? {});
    return [namespace, ...labels.map(([label, value]) => `${namespace}/${label}=${value}`)];
  });

  /** The group's name. A pod's labels stay the same object while only its status changes. */
  function groupOf(uid: string, labels: Labels): readonly string[] {
    const known = groups.get(labels);
    if (known?.uid === uid) return known.value;
    let value = uid;
    for (const label in labels) value += `,${label}=${labels[label]}`;
    let sets = labelSets.get(uid);
    if (sets === undefined) labelSets.set(uid, (sets = new Map()));
    if (!sets.has(value)) sets.set(value, labels);
    const group = { uid, value: [value] };
    groups.set(labels, group);
    return group.value;
  }

  return {
    of(uid) {
      const found: LabelledPods[] = [];
      for (const [value, labels] of labelSets.get(uid) ?? []) {
        const pods = cache.by(byLabels, value);
        if (pods.size > 0) found.push({ labels, pods });
      }
      return found;
    },
    orphans(namespace, matchLabels) {
      for (const label in matchLabels) return cache.by(orphans, `${namespace}/${label}=${matchLabels[label]}`);
      return cache.by(orphans, namespace);
    },
  };
}
