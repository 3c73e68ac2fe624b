// The phases of `kubeadm init`, in their order.
import { addon, bootstrapToken, kubeletFinalize, markControlPlane, uploadCerts, uploadConfig, waitControlPlane } from './cluster-phases.ts';
import { certs, controlPlane, etcd, type InitPhase, kubeconfig, kubeletStart, preflight } from './machine-phases.ts';

export const initPhases: readonly InitPhase[] = [preflight, certs, kubeconfig, kubeletStart, controlPlane, etcd, waitControlPlane, uploadConfig, uploadCerts, markControlPlane, bootstrapToken, kubeletFinalize, addon];
