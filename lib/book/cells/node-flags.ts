// How Node is started for the processes in which cells run.
import { availableParallelism } from 'node:os';
import fixed from './node-flags.json';

/**
 * V8 compiles and collects garbage beside the cell's own thread, with four threads unless told otherwise. Where there are
 * fewer cores they get in the cell's way: with two cores a Deployment of 1,000 pods takes a sixth longer.
 */
export const helpingThreads = `--v8-pool-size=${Math.min(4, Math.max(1, availableParallelism() - 1))}`;

export const cellFlags: readonly string[] = [...fixed, helpingThreads];
