// What of the machine a component of the control plane sees (cmd/kubeadm/app/phases/controlplane/volumes.go).
import type { ClusterConfiguration, HostPathMount } from '../configuration/types.ts';
import type { KubeadmHost } from '../host.ts';
import { paths } from '../release.ts';
import type { Volume } from './static-pod.ts';

const authorities = '/etc/ssl/certs';
/** Where links in /etc/ssl/certs may lead: seen too where it is there. */
const extraAuthorities = ['/etc/pki', '/usr/share/ca-certificates', '/usr/local/share/ca-certificates', '/etc/ca-certificates'];

export type ControlPlaneName = 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler';

const same = (name: string, path: string, more: Partial<Volume> = {}): Volume => ({ name, hostPath: path, mountPath: path, readOnly: true, ...more });
const conf = (name: string) => same('kubeconfig', `${paths.kubernetes}/${name}.conf`, { type: 'FileOrCreate' });

function usual({ files }: KubeadmHost, cluster: ClusterConfiguration, component: ControlPlaneName): Volume[] {
  if (component === 'kube-scheduler') return [conf('scheduler')];
  const { certificatesDir = '', controllerManager, etcd } = cluster;
  const extra = extraAuthorities.filter((path) => files.find(path)).map((path) => same(path.slice(1).replaceAll('/', '-'), path));
  const both = [same('k8s-certs', certificatesDir), same('ca-certs', authorities), ...extra];
  if (component === 'kube-apiserver') return [...both, ...etcdFolders(etcd.external ? [etcd.external.caFile, etcd.external.certFile, etcd.external.keyFile] : [], certificatesDir)];
  const flex = controllerManager.extraArgs?.['flex-volume-plugin-dir'] ?? '/usr/libexec/kubernetes/kubelet-plugins/volume/exec';
  return [...both, conf('controller-manager'), same('flexvolume-dir', flex, { readOnly: false })];
}

/** Folders of an external etcd's certificates that are not seen anyway; of two within each other the outer one. */
function etcdFolders(files: readonly string[], certificatesDir: string): Volume[] {
  const folders = [...new Set(files.filter(Boolean).map((file) => file.replace(/\/[^/]*$/, '')))].filter((folder) => ![...extraAuthorities, authorities, certificatesDir].some((seen) => folder.startsWith(seen)));
  return folders.filter((folder) => !folders.some((other) => other !== folder && folder.startsWith(other))).sort().map((folder, i) => same(`etcd-certs-${i}`, folder));
}

/** A volume of the same name takes the place of a usual one. */
export function volumesOf(host: KubeadmHost, cluster: ClusterConfiguration, { component, extra = [] }: { component: ControlPlaneName; extra?: readonly HostPathMount[] | undefined }): Volume[] {
  const all = new Map(usual(host, cluster, component).map((volume) => [volume.name, volume]));
  for (const { pathType = '', readOnly = false, ...volume } of extra) all.set(volume.name, { ...volume, readOnly, type: pathType });
  return [...all.values()];
}
