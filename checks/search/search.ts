// Searches for a history that ends in a problem, and makes the smallest of it.
import fc from 'fast-check';
import { history } from './history.ts';
import { play } from './play.ts';

export interface Found {
  /** Repeats it: `--seed SEED --path PATH`. */
  seed: number;
  path: string;
  /** How many histories were played before it was found. */
  runs: number;
  history: string;
  problems: string;
}

export interface SearchOptions {
  seed: number;
  runs: number;
  /** Begins at a failure that was found before. */
  path?: string;
  /** False: the first failure is taken as it is. Default true: it is made smaller. */
  shrink?: boolean;
}

export function search({ seed, runs, path, shrink = true }: SearchOptions): Found | undefined {
  const property = fc.property(history, (one) => {
    const problems = play(one);
    if (problems.length > 0) throw new Error(problems.join('\n'));
  });
  const result = fc.check(property, { seed, numRuns: runs, path, endOnFailure: !shrink });
  if (!result.failed) return undefined;
  const [counterexample] = result.counterexample!;
  return { seed, path: result.counterexamplePath!, runs: result.numRuns, history: JSON.stringify(counterexample), problems: (result.errorInstance as Error).message };
}

export function report({ seed, path, history: found, problems }: Found): string {
  return `${problems}\nin ${found}\nagain: node --import tsx checks/search/run.ts --seed ${seed} --path ${path}`;
}
