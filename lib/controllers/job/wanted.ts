import type { Job } from '../../api/index.ts';

/** How many pods a job wants at once: what is left to do, at most `parallelism`. */
export function wantedActive({ spec }: Job, { active, succeeded, lost = 0 }: { active: number; succeeded: number; lost?: number }): number {
  // Without completions the first success means that the work is done: whoever runs may finish.
  if (spec.completions === undefined) return succeeded > 0 ? active : spec.parallelism;
  return Math.max(0, Math.min(spec.completions - succeeded - lost, spec.parallelism));
}
