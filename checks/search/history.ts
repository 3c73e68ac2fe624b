// A history: workloads that somebody applies, and what people and the weather do to them.
import type { Budget } from './profiles.ts';
import type { Setting } from './shapes.ts';
import type { Action } from './steps.ts';
import type { Workload } from './workloads.ts';

export interface History {
  seed: number;
  version: string;
  setting?: Setting | undefined;
  workloads: Workload[];
  budgets: Budget[];
  steps: { wait: number; what: Action }[];
}
