export type { NodeDriver } from './volumes/csi-node.ts';
export { crashLoopBackOff, goDuration, type Restart } from './back-off.ts';
export { type Candidate, evictionOrder } from './eviction/ranking.ts';
export type { Handlers, PodLogOptions } from './handlers.ts';
export { createKubelet, type Kubelet } from './kubelet.ts';
export type { KubeletClient, KubeletOptions } from './options.ts';
export type { StatusContext } from './pod-status.ts';
export { hostnameOf, hostsFile, resolverFile } from './pod-files.ts';
export { controlPlaneUse, type SystemUse, workerUse } from './stats/index.ts';
