// Topology spread constraints, compiled once for all pods of a shape.
import type { TopologySpreadConstraint } from 'kubernetes-types/core/v1';
import { type Selector, selectorFromLabelSelector } from '../../api/index.ts';
import type { NodeSet, PodCounter } from '../counts.ts';
import type { Handle } from '../framework.ts';
import type { PodInfo, PodShape } from '../pod-info.ts';
import { untolerated } from '../tolerations.ts';
import { defaultSelector } from './default-selector.ts';

export const hostname = 'kubernetes.io/hostname';

export interface SpreadConstraint {
  readonly key: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly selector: Selector;
  /** The same text for the same selector. */
  readonly selectorKey: string;
  readonly selectsItself: boolean;
  readonly honorAffinity: boolean;
  readonly honorTaints: boolean;
  /** Its counter of the present era, by which nodes are counted. */
  counter: { era: number; within: NodeSet | undefined; counter: PodCounter } | undefined;
}

export interface Constraints {
  readonly hard: readonly SpreadConstraint[];
  readonly soft: readonly SpreadConstraint[];
  /** The soft ones are the cluster's, not the pod's own. */
  readonly byDefault: boolean;
}

/** What every pod of a service or workload gets that has no constraints of its own. */
const systemDefaults = [
  { topologyKey: hostname, maxSkew: 3, whenUnsatisfiable: 'ScheduleAnyway' },
  { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 5, whenUnsatisfiable: 'ScheduleAnyway' },
] satisfies TopologySpreadConstraint[];

/** The constraints of a pod; remembered by shape until a selector in the cluster changes. */
export function constraintsOf(handle: Handle): (pod: PodInfo) => Constraints {
  const known = new WeakMap<PodShape, { constraints: Constraints; selectors: number }>();
  return (pod) => {
    const { selectors } = handle.snapshot;
    const remembered = known.get(pod.shape);
    if (remembered && (!remembered.constraints.byDefault || remembered.selectors === selectors)) return remembered.constraints;
    const constraints = compileAll(pod, handle);
    known.set(pod.shape, { constraints, selectors });
    return constraints;
  };
}

function compileAll(pod: PodInfo, handle: Handle): Constraints {
  const own = pod.pod.spec.topologySpreadConstraints ?? [];
  if (own.length > 0) {
    const compiled = (action: string) => own.filter((c) => c.whenUnsatisfiable === action).map((c) => compile(pod.shape, c, selectorOf(c, pod.shape)));
    return { hard: compiled('DoNotSchedule'), soft: compiled('ScheduleAnyway'), byDefault: false };
  }
  const selector = defaultSelector(pod, handle);
  return { hard: [], soft: selector ? systemDefaults.map((c) => compile(pod.shape, c, selector)) : [], byDefault: true };
}

function compile(shape: PodShape, constraint: TopologySpreadConstraint, selector: Selector): SpreadConstraint {
  return {
    key: constraint.topologyKey,
    maxSkew: constraint.maxSkew,
    minDomains: constraint.minDomains ?? 1,
    selector,
    selectorKey: selector.empty ? 'all' : selector.requirements.length === 0 ? 'none' : `(${selector})`,
    selectsItself: selector.matches(shape.labels),
    honorAffinity: constraint.nodeAffinityPolicy !== 'Ignore',
    honorTaints: constraint.nodeTaintsPolicy === 'Honor',
    counter: undefined,
  };
}

function selectorOf({ labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint, { labels }: PodShape): Selector {
  const keys = matchLabelKeys.filter((key) => labels[key] !== undefined);
  if (keys.length === 0) return selectorFromLabelSelector(labelSelector);
  const more = keys.map((key) => ({ key, operator: 'In', values: [labels[key]!] }));
  return selectorFromLabelSelector({ ...labelSelector, matchExpressions: [...(labelSelector?.matchExpressions ?? []), ...more] });
}

/** The nodes over which pods are spread: those the pod may run on, with all `keys` as labels. */
export function eligibleNodes({ snapshot }: Handle, { pod, shape }: PodInfo, { honorAffinity, honorTaints }: SpreadConstraint, keys: readonly string[]): NodeSet {
  const { tolerations } = pod.spec;
  const name = `${honorAffinity ? shape.required.key : ''}|${honorTaints ? JSON.stringify(tolerations ?? []) : ''}|${keys.join()}`;
  return snapshot.nodeSet(name, ({ node }) => {
    if (!keys.every((key) => node.metadata.labels?.[key] !== undefined)) return false;
    return (!honorAffinity || shape.required.matches(node)) && (!honorTaints || !untolerated(node.spec.taints, tolerations));
  });
}

/** Counts the pods that a constraint selects, by the label `key` ('' = on each node). */
export function matchingPods({ snapshot }: Handle, { namespace }: PodShape, constraint: SpreadConstraint, key: string, within?: NodeSet): PodCounter {
  const { selector, selectorKey, counter: last } = constraint;
  if (last?.era === snapshot.era && last.within === within) return last.counter;
  const counter = snapshot.counter(`spread|${selectorKey}|${namespace}|${key}|${within?.key ?? '*'}`, () => ({
    matches: (shape) => shape.namespace === namespace && !shape.terminating && selector.matches(shape.labels),
    domains: snapshot.domains(key),
    within,
  }));
  constraint.counter = { era: snapshot.era, within, counter };
  return counter;
}
