export { PodRange } from './ipam.ts';
export { ClusterNetwork, createNetwork, type NetworkOptions } from './network.ts';
export * from './chain-names.ts';
