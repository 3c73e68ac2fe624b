// Writes whose echo has not come back yet. A controller that counts a cache which does not show its own last writes
// would make them again; so it waits until it has seen each of them, or until five minutes have passed.
import type { Clock } from '../../sim/index.ts';

interface Expectation {
  creations: number;
  deletions: Set<string>;
  since: number;
}

export const expectationsTimeout = 5 * 60_000;

export interface Expectations {
  expectCreations(key: string, count: number): void;
  expectDeletions(key: string, pods: string[]): void;
  expectBoth(key: string, count: number, pods: string[]): void;
  creationObserved(key: string, count?: number): void;
  deletionObserved(key: string, pod: string): void;
  satisfied(key: string): boolean;
  forget(key: string): void;
}

export function createExpectations(clock: Clock): Expectations {
  const expected = new Map<string, Expectation>();
  const expect = (key: string, creations: number, pods: string[]) =>
    void expected.set(key, { creations, deletions: new Set(pods), since: clock.now });
  return {
    expectCreations: (key, creations) => expect(key, creations, []),
    expectDeletions: (key, pods) => expect(key, 0, pods),
    expectBoth: expect,
    creationObserved(key, count = 1) {
      const expectation = expected.get(key);
      if (expectation) expectation.creations -= count;
    },
    deletionObserved: (key, pod) => void expected.get(key)?.deletions.delete(pod),
    satisfied(key) {
      const expectation = expected.get(key);
      if (expectation === undefined) return true;
      const fulfilled = expectation.creations <= 0 && expectation.deletions.size === 0;
      return fulfilled || clock.now - expectation.since > expectationsTimeout;
    },
    forget: (key) => void expected.delete(key),
  };
}
