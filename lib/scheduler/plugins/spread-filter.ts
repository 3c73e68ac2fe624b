// The hard constraints: no domain may get ahead of the emptiest by more than maxSkew.
import type { NodeSet, PodCounter } from '../counts.ts';
import { type Handle, type Plugin, skip, unresolvable, unschedulable } from '../framework.ts';
import type { PodInfo } from '../pod-info.ts';
import { type Constraints, eligibleNodes, matchingPods, type SpreadConstraint } from './spread-constraints.ts';

const mismatch = "node(s) didn't match pod topology spread constraints";

interface HardState {
  constraint: SpreadConstraint;
  counter: PodCounter;
  /** Domains in which the pod might run; the others count as empty. */
  present: Uint8Array;
  list: readonly number[];
  /** Matching pods in the emptiest of them. */
  min: number;
}

export function spreadFilter(handle: Handle, constraints: (pod: PodInfo) => Constraints): Pick<Plugin, 'preFilter' | 'filter' | 'addPod' | 'removePod'> {
  const { version } = handle;
  const countEligibleOnly = version.has('spread-counts-eligible-nodes');
  let hard: HardState[] = [];
  const recount = () => hard.forEach((state) => (state.min = emptiest(state)));

  return {
    preFilter(pod) {
      const all = constraints(pod).hard;
      const keys = all.map(({ key }) => key);
      hard = all.map((constraint) => hardState(pod, constraint, eligibleNodes(handle, pod, constraint, keys)));
      return hard.length > 0 ? undefined : skip;
    },
    filter(_, node) {
      for (const { constraint, counter, present, min } of hard) {
        const domain = counter.domains.ids[node.index]!;
        if (domain < 0) return unresolvable(`${mismatch} (missing required label)`);
        const matching = present[domain] ? counter.counts[domain]! : 0;
        const skew = matching + (constraint.selectsItself ? 1 : 0) - min;
        if (skew > constraint.maxSkew) return unschedulable(mismatch);
      }
      return undefined;
    },
    addPod: recount,
    removePod: recount,
  };

  function hardState({ shape }: PodInfo, constraint: SpreadConstraint, eligible: NodeSet): HardState {
    const counter = matchingPods(handle, shape, constraint, constraint.key, countEligibleOnly ? eligible : undefined);
    const { present, list } = eligible.domains(counter.domains);
    const state = { constraint, counter, present, list, min: 0 };
    state.min = emptiest(state);
    return state;
  }

  function emptiest({ constraint, counter, list }: HardState): number {
    if (version.has('spread-min-domains') && list.length < constraint.minDomains) return 0;
    let min = 2 ** 31 - 1;
    for (const domain of list) if (counter.counts[domain]! < min) min = counter.counts[domain]!;
    return min;
  }
}
