export { PodRange } from './ipam.ts';
export { ClusterNetwork, createNetwork, type NetworkOptions } from './network.ts';
export * from './chain-names.ts';
export * from './kube-proxy/index.ts';
export { Tables } from './netfilter/tables.ts';
export { networkCommands, type CommandResult } from './commands/index.ts';
export { listChain } from './commands/list.ts';
export { HostNetwork } from './host-network.ts';
export type { ProxyMode } from './kube-proxy/node-proxy.ts';
