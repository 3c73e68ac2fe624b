// What preemption found out, as plain values.
import { timestamp } from '../../sim/index.ts';
import { earliestStart } from './pick.ts';
import type { Candidate, Criterion, Preemption } from './result.ts';
import { priorityOf } from './victims.ts';

export interface VictimExplanation {
  pod: string;
  priority: number;
  /** A PodDisruptionBudget does not allow it to go; preemption may go against that when nothing else helps. */
  violatesBudget: boolean;
}

export interface CandidateExplanation {
  node: string;
  victims: VictimExplanation[];
  numPDBViolations: number;
  highestPriority: number;
  sumOfPriorities: number;
  /** When the first of the most important victims started. */
  earliestStart?: string;
  /** The criterion by which another node was better; missing for the best. */
  lostBy?: Criterion;
}

export interface PreemptionExplanation {
  /** Why the pod may not take the place of others. */
  ineligible?: string;
  /** Nodes where it would fit without the victims, the best first. */
  candidates: CandidateExplanation[];
  /** The other nodes: why it would not help to remove pods. */
  refusals: Record<string, readonly string[]>;
  /** The best candidates: of several the first that is looked at is taken. */
  chosen: string[];
}

export function explainPreemption({ ineligible, best, losers, refusals }: Preemption): PreemptionExplanation {
  // Who lost by a later criterion came closer.
  const closest = [...losers].reverse();
  return {
    ...(ineligible && { ineligible }),
    candidates: [...best.map((candidate) => describe(candidate)), ...closest.map(({ candidate, by }) => describe(candidate, by))],
    refusals: Object.fromEntries(refusals),
    chosen: best.map(({ node }) => node),
  };
}

function describe(candidate: Candidate, lostBy?: Criterion): CandidateExplanation {
  const { node, victims, numPDBViolations } = candidate;
  const start = earliestStart(candidate);
  const priorities = victims.map(({ pod }) => priorityOf(pod));
  return {
    node,
    victims: victims.map(({ pod, violatesBudget }) => ({ pod: `${pod.metadata.namespace}/${pod.metadata.name}`, priority: priorityOf(pod), violatesBudget })),
    numPDBViolations,
    highestPriority: priorities[0]!,
    sumOfPriorities: priorities.reduce((sum, priority) => sum + priority, 0),
    ...(Number.isFinite(start) && { earliestStart: timestamp(start) }),
    ...(lostBy && { lostBy }),
  };
}
