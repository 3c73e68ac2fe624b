export { createMachines } from './create-machines.ts';
export { kubeadmCommand, type KubeadmOptions, NotBuilt } from './kubeadm/index.ts';
