import type { Handle, Plugin } from '../framework.ts';
import { leastAllocated, mostAllocated } from './allocation.ts';

/** Prefers nodes with more left. Later a strategy of NodeResourcesFit. */
export const nodeResourcesLeastAllocated = ({ version }: Handle): Plugin => ({ name: 'NodeResourcesLeastAllocated', local: true, score: leastAllocated(version) });

/** Prefers nodes with less left; not in the default profile. Later a strategy of NodeResourcesFit. */
export const nodeResourcesMostAllocated = ({ version }: Handle): Plugin => ({ name: 'NodeResourcesMostAllocated', local: true, score: mostAllocated(version) });
