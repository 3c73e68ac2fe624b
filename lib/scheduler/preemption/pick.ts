// Which of several nodes gives up its pods.
import { priorityOf, startOf } from './victims.ts';
import type { Candidate, Criterion, Loser } from './result.ts';

/** Smaller is better. Every victim counts, also one of negative priority. */
const criteria: readonly [Criterion, (candidate: Candidate) => number][] = [
  ['numPDBViolations', ({ numPDBViolations }) => numPDBViolations],
  ['highestPriority', ({ victims }) => priorityOf(victims[0]!.pod)],
  ['sumOfPriorities', ({ victims }) => victims.reduce((sum, { pod }) => sum + priorityOf(pod) + 2 ** 31, 0)],
  ['numberOfVictims', ({ victims }) => victims.length],
  ['latestStart', (candidate) => -earliestStart(candidate)],
];

/** The candidates that are best by the first criterion on which they differ, and so on. */
export function pickNode(candidates: readonly Candidate[]): { best: readonly Candidate[]; losers: readonly Loser[] } {
  let best = candidates;
  const losers: Loser[] = [];
  for (const [by, value] of criteria) {
    if (best.length < 2) break;
    const values = new Map(best.map((candidate) => [candidate, value(candidate)]));
    const least = Math.min(...values.values());
    for (const candidate of best) if (values.get(candidate) !== least) losers.push({ candidate, by });
    best = best.filter((candidate) => values.get(candidate) === least);
  }
  return { best, losers };
}

/** When the first of the most important victims started. */
export function earliestStart({ victims }: Candidate): number {
  const highest = Math.max(...victims.map(({ pod }) => priorityOf(pod)));
  return Math.min(...victims.filter(({ pod }) => priorityOf(pod) === highest).map(({ pod }) => startOf(pod)));
}
