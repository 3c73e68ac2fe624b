import type { Handle, Plugin } from '../framework.ts';
import { constraintsOf } from './spread-constraints.ts';
import { spreadFilter } from './spread-filter.ts';
import { spreadScoring } from './spread-scoring.ts';

/** Keeps the pods of a group evenly spread over zones, hosts or any other topology. */
export function podTopologySpread(handle: Handle): Plugin {
  const constraints = constraintsOf(handle);
  return {
    name: 'PodTopologySpread',
    retryOn: ['PodAdd', 'PodUpdate', 'PodDelete', 'NodeAdd', 'NodeDelete', 'NodeLabel', 'NodeTaint', 'OwnLabels', 'OwnTolerations'],
    ...spreadFilter(handle, constraints),
    ...spreadScoring(handle, constraints),
  };
}
