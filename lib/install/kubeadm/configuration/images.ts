// The images of a control plane (cmd/kubeadm/app/images).
import { type KubeadmHost, log } from '../host.ts';
import { v1_20 } from '../release.ts';
import { parseSemver } from '../semver.ts';
import type { ClusterConfiguration } from './types.ts';

const tagOf = (version: string) => version.replace(/[^-a-zA-Z0-9_.]/g, '_');
/** Builds of the continuous integration lie elsewhere. */
const repositoryOf = ({ imageRepository = v1_20.imageRepository }: ClusterConfiguration) => imageRepository;

export const kubernetesImage = (name: string, cluster: ClusterConfiguration): string => `${repositoryOf(cluster)}/${name}:${tagOf(cluster.kubernetesVersion!)}`;
export const pauseImage = (cluster: ClusterConfiguration, release = v1_20): string => `${cluster.imageRepository}/pause:${release.pause}`;
export const coreDNSImage = ({ dns, imageRepository }: ClusterConfiguration, release = v1_20): string => `${dns.imageRepository || imageRepository}${release.version.has('kubeadm-coredns-folder') ? '/coredns' : ''}/coredns:${dns.imageTag || release.coreDNS}`;

export function etcdImage(host: KubeadmHost, { etcd: { local }, imageRepository, kubernetesVersion = '' }: ClusterConfiguration): string {
  const version = etcdVersionOf(host, kubernetesVersion);
  return `${local?.imageRepository || imageRepository}/etcd:${local?.imageTag || version}`;
}

/** That of the nearest release that is known. */
function etcdVersionOf(host: KubeadmHost, kubernetesVersion: string): string {
  const minor = parseSemver(kubernetesVersion).components[1]!;
  const known = Object.keys(host.release.etcd).map(Number);
  const nearest = host.release.etcd[Math.min(Math.max(minor, Math.min(...known)), Math.max(...known))]!;
  if (!known.includes(minor)) log(host, 'images.go:81', `could not find officially supported version of etcd for Kubernetes ${kubernetesVersion}, falling back to the nearest etcd version (${nearest})`);
  return nearest;
}

/** Differs from Kubernetes: kube-dns and the hyperkube image are not known. */
export function controlPlaneImages(host: KubeadmHost, cluster: ClusterConfiguration): string[] {
  const core = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'].map((name) => kubernetesImage(name, cluster));
  const { release } = host;
  const [pause, dns] = [pauseImage(cluster, release), coreDNSImage(cluster, release)];
  const etcd = cluster.etcd.local ? [etcdImage(host, cluster)] : [];
  return [...core, pause, ...etcd, dns];
}
