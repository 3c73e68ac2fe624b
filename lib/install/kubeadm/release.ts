// Which kubeadm it is, and what is built into it (cmd/kubeadm/app/constants).
import { createVersion, type Version } from '../../api/index.ts';

export interface Release {
  /** What it does otherwise than others. */
  version: Version;
  /** As `kubeadm version -o short` says it. */
  gitVersion: string;
  gitCommit: string;
  buildDate: string;
  goVersion: string;
  /** The release it was made for; where nobody says which Kubernetes is wanted. */
  kubernetes: string;
  minControlPlane: string;
  minKubelet: string;
  coreDNS: string;
  pause: string;
  /** Minor release of Kubernetes → its etcd. */
  etcd: Readonly<Record<number, string>>;
  defaultEtcd: string;
  imageRepository: string;
}

export const v1_20: Release = {
  version: createVersion('v1.20'),
  gitVersion: 'v1.20.2',
  gitCommit: 'faecb196815e248d3ecfb03c680a4507229c2a56',
  buildDate: '2021-01-13T13:25:59Z',
  goVersion: 'go1.15.5',
  kubernetes: 'v1.20.0',
  minControlPlane: '1.19.0',
  minKubelet: '1.19.0',
  coreDNS: '1.7.0',
  pause: '3.2',
  etcd: { 13: '3.2.24', 14: '3.3.10', 15: '3.3.10', 16: '3.3.17-0', 17: '3.4.3-0', 18: '3.4.3-0', 19: '3.4.13-0', 20: '3.4.13-0', 21: '3.4.13-0' },
  defaultEtcd: '3.4.13-0',
  imageRepository: 'k8s.gcr.io',
};

/** Differs from Kubernetes: of today's kubeadm only its checks are here; it does not say which commit it was built of. */
export const v1_33: Release = {
  version: createVersion('v1.33'),
  gitVersion: 'v1.33.4',
  gitCommit: '',
  buildDate: '',
  goVersion: '',
  kubernetes: 'v1.33.0',
  minControlPlane: '1.32.0',
  minKubelet: '1.30.0',
  coreDNS: 'v1.12.0',
  pause: '3.10',
  etcd: { 32: '3.5.16-0', 33: '3.5.21-0' },
  defaultEtcd: '3.5.21-0',
  imageRepository: 'registry.k8s.io',
};

export const paths = {
  kubernetes: '/etc/kubernetes',
  manifests: '/etc/kubernetes/manifests',
  certificates: '/etc/kubernetes/pki',
  caCertificate: '/etc/kubernetes/pki/ca.crt',
  admin: '/etc/kubernetes/admin.conf',
  kubelet: '/var/lib/kubelet',
  etcd: '/var/lib/etcd',
  dockershim: '/var/run/dockershim.sock',
} as const;

export const ports = { apiserver: 6443, kubelet: 10250, kubeletHealthz: 10248, scheduler: 10259, controllerManager: 10257, etcdClient: 2379, etcdPeer: 2380, etcdMetrics: 2381 } as const;
