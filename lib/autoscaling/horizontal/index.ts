export { horizontalPodAutoscalerController } from './controller.ts';
export { type History, emptyHistory } from './history.ts';
export { normalize, type Wish } from './normalize.ts';
export { averageReplicas, utilizationReplicas } from './pod-replicas.ts';
export { reconcileAutoscaler, type World } from './reconcile.ts';
export { storeScaleEvent } from './history.ts';
export { withCondition } from './conditions.ts';
export type * from './types.ts';
export { sharedReplicas, valueReplicas } from './value-replicas.ts';
