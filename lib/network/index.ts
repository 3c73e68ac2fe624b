export { PodRange } from './ipam.ts';
export { ClusterNetwork, createNetwork, type NetworkOptions } from './network.ts';
export * from './chain-names.ts';
export * from './kube-proxy/index.ts';
export { Tables } from './netfilter/tables.ts';
