// Which pods belong together with a pod: what selects it. Used to spread pods that have no constraints of their own.
import type { LabelSelector } from 'kubernetes-types/meta/v1';
import { type Kind, type KubeObject, type Selector, selectorFromLabelSelector, selectorFromSet } from '../../api/index.ts';
import type { Handle } from '../framework.ts';
import type { PodInfo } from '../pod-info.ts';

const workloads = ['ReplicaSet', 'StatefulSet'] as const;

/** All that the selectors of its services and controllers ask for; undefined when nothing selects the pod. */
export function defaultSelector({ pod, shape }: PodInfo, handle: Handle): Selector | undefined {
  const { namespace, labels } = shape;
  const merged: Record<string, string> = {};
  for (const { spec } of handle.list('Service', namespace)) {
    if (spec.selector && selectorFromSet(spec.selector).matches(labels)) Object.assign(merged, spec.selector);
  }
  const selectors: Selector[] = [];
  const owner = pod.metadata.ownerReferences?.find((o) => o.controller);
  const consider = (kind: string): Iterable<KubeObject> => {
    if (!handle.version.has('default-spread-by-owner')) return handle.list(kind as Kind, namespace);
    const found = owner?.kind === kind ? handle.find(kind as Kind, { namespace, name: owner.name }) : undefined;
    return found ? [found] : [];
  };
  for (const { spec } of consider('ReplicationController')) {
    if (spec.selector && selectorFromSet(spec.selector).matches(labels)) Object.assign(merged, spec.selector);
  }
  if (Object.keys(merged).length > 0) selectors.push(selectorFromSet(merged));
  for (const kind of workloads) {
    for (const { spec } of consider(kind)) {
      const selector = selectorFromLabelSelector(spec.selector as LabelSelector);
      if (!selector.empty && selector.matches(labels)) selectors.push(selector);
    }
  }
  return selectors.length > 0 ? allOf(selectors) : undefined;
}

function allOf(selectors: readonly Selector[]): Selector {
  if (selectors.length === 1) return selectors[0]!;
  return {
    requirements: selectors.flatMap(({ requirements }) => requirements),
    empty: false,
    matches: (labels) => selectors.every((selector) => selector.matches(labels)),
    toString: () => selectors.join(','),
  };
}
