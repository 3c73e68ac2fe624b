export { createMachines } from './create-machines.ts';
export { createHost, type KubeadmHost, type KubeadmHostOptions } from './host/index.ts';
export type { RuntimeName } from './host/services.ts';
export { kubeadmCommand, type KubeadmOptions, NotBuilt } from './kubeadm/index.ts';
