export { podPatches, reviewVpa } from './admission.ts';
export { verticalDefinitions } from './definitions.ts';
export { vpaRecommender } from './recommender.ts';
export type { PodUsage, ReadUsage, VerticalPodAutoscaler } from './types.ts';
export { vpaUpdater } from './updater.ts';
