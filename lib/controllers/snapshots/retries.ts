import type { Key } from '../../client/index.ts';
import { keyText } from '../../client/index.ts';
import { NotYet } from './names.ts';

/** The first and the longest wait (milliseconds), by default of --retry-interval-start and --retry-interval-max. */
const [first, longest] = [1000, 300_000];

/** Calls `sync`; what is missing is looked for again after one second, two, four …, at most five minutes. */
export function withRetries(sync: (request: Key) => void): (request: Key) => void | { requeueAfter: number } {
  const failures = new Map<string, number>();
  return (request) => {
    const key = keyText(request);
    try {
      sync(request);
      failures.delete(key);
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
      const before = failures.get(key) ?? 0;
      failures.set(key, before + 1);
      return { requeueAfter: Math.min(first * 2 ** before, longest) };
    }
  };
}
