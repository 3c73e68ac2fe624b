// The certificates of a control plane: each authority before those that it signs (cmd/kubeadm/app/phases/certs/certlist.go).
export interface CertificateSpec {
  name: string;
  /** What it is for. */
  longName: string;
  /** Its file, without the ending, in the folder of certificates. */
  file: string;
  /** Name of the authority that signs it; missing: it is one. */
  ca?: string;
  /** Missing: the name of the node. */
  commonName?: string;
  organization?: string;
  usages?: readonly ('server auth' | 'client auth')[];
  /** Whose names and addresses it is for. */
  names?: 'apiserver' | 'etcd';
}

const masters = 'system:masters';

export const certificates: readonly CertificateSpec[] = [
  { name: 'ca', longName: 'self-signed Kubernetes CA to provision identities for other Kubernetes components', file: 'ca', commonName: 'kubernetes' },
  { name: 'apiserver', longName: 'certificate for serving the Kubernetes API', file: 'apiserver', ca: 'ca', commonName: 'kube-apiserver', usages: ['server auth'], names: 'apiserver' },
  { name: 'apiserver-kubelet-client', longName: 'certificate for the API server to connect to kubelet', file: 'apiserver-kubelet-client', ca: 'ca', commonName: 'kube-apiserver-kubelet-client', organization: masters, usages: ['client auth'] },
  { name: 'front-proxy-ca', longName: 'self-signed CA to provision identities for front proxy', file: 'front-proxy-ca', commonName: 'front-proxy-ca' },
  { name: 'front-proxy-client', longName: 'certificate for the front proxy client', file: 'front-proxy-client', ca: 'front-proxy-ca', commonName: 'front-proxy-client', usages: ['client auth'] },
  { name: 'etcd-ca', longName: 'self-signed CA to provision identities for etcd', file: 'etcd/ca', commonName: 'etcd-ca' },
  { name: 'etcd-server', longName: 'certificate for serving etcd', file: 'etcd/server', ca: 'etcd-ca', usages: ['server auth', 'client auth'], names: 'etcd' },
  { name: 'etcd-peer', longName: 'certificate for etcd nodes to communicate with each other', file: 'etcd/peer', ca: 'etcd-ca', usages: ['server auth', 'client auth'], names: 'etcd' },
  { name: 'etcd-healthcheck-client', longName: 'certificate for liveness probes to healthcheck etcd', file: 'etcd/healthcheck-client', ca: 'etcd-ca', commonName: 'kube-etcd-healthcheck-client', organization: masters, usages: ['client auth'] },
  { name: 'apiserver-etcd-client', longName: 'certificate the apiserver uses to access etcd', file: 'apiserver-etcd-client', ca: 'etcd-ca', commonName: 'kube-apiserver-etcd-client', organization: masters, usages: ['client auth'] },
];
