import type { Job } from '../../api/index.ts';
import { parseIndexes } from './indexes.ts';

/** Which rule of successPolicy holds: the job has succeeded, though not all of it has run. */
export function metSuccessRule({ spec }: Job, succeeded: ReadonlySet<number>): string | undefined {
  for (const [i, { succeededIndexes, succeededCount }] of (spec.successPolicy?.rules ?? []).entries()) {
    const wanted = succeededIndexes === undefined ? undefined : parseIndexes(succeededIndexes, spec.completions!);
    const done = wanted ? [...wanted].filter((index) => succeeded.has(index)).length : succeeded.size;
    if (done >= (succeededCount ?? wanted?.size ?? Infinity)) return `Matched rules at index ${i}`;
  }
  return undefined;
}
