// Recorded preemptions: the candidates with their victims, and the nodes of which one is nominated.
import type { ChangeName, Version } from '../../../lib/api/index.ts';
import type { Explanation } from '../../../lib/scheduler/index.ts';
import type { RecordedPreemption } from './scenario.ts';

export interface PreemptionFacts {
  eligible: boolean;
  unresolvable: string[];
  candidates: Record<string, { victims: string[]; numPDBViolations: number }>;
  nominated: string[];
}

export function recordedPreemption({ eligible, unresolvableNodes, candidates, nominated }: RecordedPreemption): PreemptionFacts {
  return {
    eligible,
    unresolvable: [...(unresolvableNodes ?? [])].sort(),
    candidates: Object.fromEntries((candidates ?? []).map(({ node, victims, numPDBViolations }) => [node, { victims, numPDBViolations }])),
    nominated: [...(nominated ?? [])].sort(),
  };
}

export function preemptionOf({ preemption, preFilter, nodes }: Explanation): PreemptionFacts | undefined {
  if (!preemption) return undefined;
  const isFinal = ({ filters }: Explanation['nodes'][number]) => (preFilter ?? filters.find(({ code }) => code !== 'Success'))?.code === 'UnschedulableAndUnresolvable';
  return {
    eligible: !preemption.ineligible,
    unresolvable: preemption.ineligible ? [] : nodes.filter(isFinal).map(({ node }) => node).sort(),
    candidates: Object.fromEntries(preemption.candidates.map(({ node, victims, numPDBViolations }) => [node, { victims: victims.map(({ pod }) => pod), numPDBViolations }])),
    nominated: [...preemption.chosen].sort(),
  };
}

/** Victims that budgets protect came first once, and with them another node may have been the best. */
export function hideOrder(want: PreemptionFacts | undefined, got: PreemptionFacts | undefined, version: Version): ChangeName[] {
  if (!want || !got || !version.has('victims-by-importance')) return [];
  if (Object.values(want.candidates).every(({ victims, numPDBViolations }) => numPDBViolations === 0 || numPDBViolations === victims.length)) return [];
  for (const facts of [want, got]) {
    facts.nominated = [];
    for (const candidate of Object.values(facts.candidates)) candidate.victims.sort();
  }
  return ['victims-by-importance'];
}
