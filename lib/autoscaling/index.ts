// What changes the number of pods, or of nodes, with the load.
export { type AutoscalerOptions, clusterAutoscaler } from './cluster-autoscaler/autoscaler.ts';
export { parseFlags } from './cluster-autoscaler/flags.ts';
export type { NodeGroup, NodeGroups, Simulate, Simulation } from './cluster-autoscaler/types.ts';
export * from './horizontal/index.ts';
export * from './vertical/index.ts';
