export { BackOff, crashLoopBackOff, goDuration, type Restart } from './back-off.ts';
export { type Candidate, evictionOrder } from './eviction/ranking.ts';
export type { Handlers, PodLogOptions } from './handlers.ts';
export { createKubelet, type Kubelet, type KubeletClient, type KubeletOptions } from './kubelet.ts';
export { podPhase } from './pod-phase.ts';
export { podStatus, type StatusContext } from './pod-status.ts';
export { hostnameOf, hostsFile, resolverFile } from './pod-files.ts';
