// The bounded search that always runs: so many histories of each sort, with two seeds, for what one does not see the other may.
import fc from 'fast-check';
import type { History } from './history.ts';
import { type Profile, profiles } from './profiles.ts';

export const seeds = [1, 20_260_101];
/** So many that a sort that meets its bug in one of twenty histories misses it in one of ten searches. */
export const runs: Readonly<Record<Profile, number>> = { plain: 30, crowded: 30, contested: 25, unheard: 25, rollouts: 20, batch: 15, moving: 15, promises: 20 };

export const sample = (profile: Profile, seed: number, numRuns: number): History[] => fc.sample(profiles[profile], { seed, numRuns });

/** All of them, each by its name: `rollouts 1/17`. */
export function bounded(): Map<string, History> {
  const names = Object.keys(runs) as Profile[];
  return new Map(seeds.flatMap((seed) => names.flatMap((profile) => sample(profile, seed, runs[profile]).map((history, i) => [`${profile} ${seed}/${i}`, history] as const))));
}
