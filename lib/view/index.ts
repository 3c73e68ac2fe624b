import { clusterSvg } from './cluster-svg.ts';
import { clusterText } from './cluster-text.ts';
import { type Drawing, drawing } from './drawing.ts';
import { type ClusterObjects, modelOf } from './model.ts';

/** A cluster as a drawing: nodes, their pods by state, the Services in front of them. */
export function drawCluster(objects: ClusterObjects): Drawing {
  const model = modelOf(objects);
  return drawing(() => clusterText(model), () => clusterSvg(model));
}

export type { ClusterObjects } from './model.ts';
export type { Drawing } from './drawing.ts';
export { drawPath, type Path, type PathHop } from './path.ts';
export { podState, type PodState } from './pod-state.ts';
export { drawExplanation, type Explained } from './explanation.ts';
export { timeline } from './timeline.ts';
