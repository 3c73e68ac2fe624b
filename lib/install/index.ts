export { kubeadmCommand, type KubeadmOptions, NotBuilt } from './kubeadm/index.ts';
