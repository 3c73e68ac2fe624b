import { podCondition, type Pod } from '../../api/index.ts';
import { type Diagnosis, histogram } from '../fit-error.ts';
import type { Handle, Plugin } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodInfo } from '../pod-info.ts';
import { pickNode } from '../preemption/pick.ts';
import type { Candidate, PostFilterResult } from '../preemption/result.ts';
import { hasLowerPriority, priorityOf, selectVictims } from '../preemption/victims.ts';

const notHelpful = 'Preemption is not helpful for scheduling';
/** So many candidates are enough, or a tenth of the nodes. */
const minCandidates = 100;

/** A pod that fits nowhere takes the place of pods of lower priority: it finds the node where that does the least harm. */
export function defaultPreemption(handle: Handle): Plugin {
  const { version, snapshot, random } = handle;
  return {
    name: 'DefaultPreemption',
    retryOn: [],
    postFilter(pod, diagnosis) {
      const ineligible = whyNot(pod, diagnosis);
      if (ineligible) return { victims: [], message: `preemption: ${ineligible}`, preemption: { ineligible, refusals: new Map(), best: [], losers: [] } };
      const potential = diagnosis.preFilter ? [] : snapshot.nodes.filter((node) => diagnosis.refusals.get(node)?.code !== 'UnschedulableAndUnresolvable');
      const { candidates, refusals } = findCandidates(pod, potential);
      const { best, losers } = pickNode(candidates);
      const preemption = { refusals: new Map(snapshot.nodes.filter(({ name }) => !candidates.some(({ node }) => node === name)).map(({ name }) => [name, refusals.get(name) ?? [notHelpful]])), best, losers };
      const chosen = best[0];
      if (chosen) return { nominatedNodeName: chosen.node, victims: chosen.victims.map((victim) => victim.pod), preemption };
      return { victims: [], ...nothingFound(preemption.refusals, potential.length), preemption };
    },
  };

  /** Why the pod may not send others away. */
  function whyNot({ pod }: PodInfo, { preFilter, refusals }: Diagnosis): string | undefined {
    if (pod.spec.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
    const { nominatedNodeName = '' } = pod.status ?? {};
    const node = nominatedNodeName ? snapshot.node(nominatedNodeName) : undefined;
    if (!node || (preFilter ?? refusals.get(node))?.code === 'UnschedulableAndUnresolvable') return undefined;
    for (const { pod: other } of node.pods.values()) {
      if (priorityOf(other) < priorityOf(pod) && isLeaving(other)) return 'not eligible due to a terminating pod on the nominated node.';
    }
    return undefined;
  }

  function isLeaving(pod: Pod): boolean {
    if (!pod.metadata.deletionTimestamp) return false;
    if (!version.has('disruption-target')) return true;
    const condition = podCondition(pod, 'DisruptionTarget');
    return condition?.status === 'True' && condition.reason === 'PreemptionByScheduler';
  }

  /** Looks at node after node from a random one on, until there are enough. */
  function findCandidates(pod: PodInfo, potential: readonly NodeInfo[]): { candidates: readonly Candidate[]; refusals: ReadonlyMap<string, readonly string[]> } {
    const wanted = Math.min(potential.length, Math.max(minCandidates, Math.trunc(potential.length / 10)));
    const [sparing, violating]: [Candidate[], Candidate[]] = [[], []];
    const refusals = new Map<string, readonly string[]>();
    const choices = potential.filter((node) => hasLowerPriority(node, pod)).length;
    const offset = choices > 1 && random ? random.int(potential.length) : 0;
    for (let i = 0; i < potential.length; i++) {
      const node = potential[(offset + i) % potential.length]!;
      const found = selectVictims(handle, pod, node);
      if ('node' in found) (found.numPDBViolations === 0 ? sparing : violating).push(found);
      else refusals.set(node.name, found);
      if (sparing.length > 0 && sparing.length + violating.length >= wanted) break;
    }
    return { candidates: [...sparing, ...violating], refusals };
  }

  function nothingFound(refusals: ReadonlyMap<string, readonly string[]>, potential: number): Pick<PostFilterResult, 'nominatedNodeName' | 'message'> {
    const reasons = [...refusals.values()].map((each) => ({ reasons: each }));
    const message = `preemption: 0/${refusals.size} nodes are available: ${histogram(reasons)}.`;
    return { message, ...((potential === 0 || version.has('preemption-clears-nomination')) && { nominatedNodeName: '' }) };
  }
}
