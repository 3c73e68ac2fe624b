// Searches for a history that ends in a problem, and makes the smallest of it.
import fc from 'fast-check';
import { play } from './play.ts';
import { type Profile, profiles } from './profiles.ts';

export interface Found {
  /** Repeats it: `--profile PROFILE --seed SEED --path PATH`. */
  profile: Profile;
  seed: number;
  path: string;
  /** How many histories were played before it was found. */
  runs: number;
  history: string;
  problems: string;
}

export interface SearchOptions {
  profile: Profile;
  seed: number;
  runs: number;
  /** Begins at a failure that was found before. */
  path?: string;
}

export function search({ profile, seed, runs, path }: SearchOptions): Found | undefined {
  const property = fc.property(profiles[profile], (one) => {
    const problems = play(one);
    if (problems.length > 0) throw new Error(problems.join('\n'));
  });
  const result = fc.check(property, { seed, numRuns: runs, path });
  if (!result.failed) return undefined;
  const [counterexample] = result.counterexample!;
  return { profile, seed, path: result.counterexamplePath!, runs: result.numRuns, history: JSON.stringify(counterexample), problems: (result.errorInstance as Error).message };
}

export function report({ profile, seed, path, history: found, problems }: Found): string {
  return `${problems}\nin ${found}\nagain: node --import tsx checks/search/run.ts --profile ${profile} --seed ${seed} --path ${path}`;
}
