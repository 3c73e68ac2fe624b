// What is decided about a pod that fits nowhere.
import type { Pod } from '../../api/index.ts';

export interface Victim {
  readonly pod: Pod;
  /** A PodDisruptionBudget does not allow this one to go. */
  readonly violatesBudget: boolean;
}

/** A node where the pod would fit if the victims were gone. */
export interface Candidate {
  readonly node: string;
  /** In the order in which they were found to be in the way. */
  readonly victims: readonly Victim[];
  readonly numPDBViolations: number;
}

/** By what a candidate is better than another, in this order. */
export type Criterion = 'numPDBViolations' | 'highestPriority' | 'sumOfPriorities' | 'numberOfVictims' | 'latestStart';

/** A candidate that was not taken, and the first criterion by which another was better. */
export interface Loser {
  readonly candidate: Candidate;
  readonly by: Criterion;
}

export interface Preemption {
  /** Why the pod may not take the place of others now. */
  readonly ineligible?: string;
  /** Nodes on which it would not help to remove pods: why. */
  readonly refusals: ReadonlyMap<string, readonly string[]>;
  /** Equally good candidates, of which the first is taken. */
  readonly best: readonly Candidate[];
  readonly losers: readonly Loser[];
}

export interface PostFilterResult {
  /** Where the pod waits for its place; empty: nowhere any more; missing: where it waited before. */
  readonly nominatedNodeName?: string;
  /** Pods that have to go from there. */
  readonly victims: readonly Pod[];
  /** Ends the message of FailedScheduling. */
  readonly message?: string;
  /** How it was found. */
  readonly preemption?: Preemption;
}
