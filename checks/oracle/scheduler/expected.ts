// What a release must say where v1.20.2 said what was recorded. Each difference is an entry of the version table.
import type { ChangeName, Node, Pod, Version } from '../../../lib/api/index.ts';
import type { RuleName } from '../rules.ts';
import type { Recorded, Verdict } from './scenario.ts';

export type Facts = Pick<Recorded, 'used' | 'podRequest' | 'preFilter' | 'filters' | 'fitError' | 'feasible' | 'scores' | 'totals' | 'best'> & { mostAllocated: Record<string, number> | undefined };

export interface Expected {
  facts: Partial<Facts>;
  hidden: (RuleName | ChangeName)[];
  /** The same selection of what was got. */
  comparable(got: Facts): Partial<Facts>;
}

interface Subject {
  version: Version;
  pod: Pod;
  nodes: readonly Node[];
}

export function expected(recorded: Recorded, got: Facts, subject: Subject): Expected {
  const facts: Facts = {
    used: recorded.used,
    podRequest: recorded.podRequest,
    preFilter: recorded.preFilter,
    filters: recorded.filters ?? {},
    fitError: recorded.fitError,
    feasible: recorded.feasible && [...recorded.feasible].sort(),
    scores: recorded.scores,
    totals: recorded.totals,
    best: recorded.best && [...recorded.best].sort(),
    mostAllocated: recorded.extraScores?.['NodeResourcesMostAllocated'],
  };
  return { facts, hidden: [], comparable: (g) => g };
}
