// On which machine a case was recorded: the recording tells it by the case's name only.
import { kubeletPrograms, type Machine, special, superuser, usualPrograms } from '../../../lib/machine/index.ts';
import type { Credentials } from '../../../lib/machine/index.ts';
import type { Answers } from './programs.ts';

export interface Situation {
  answers?: Answers;
  /** Not on the PATH. */
  missing?: readonly string[];
  hostname?: string;
  cpus?: number;
  swap?: number;
  sysctl?: Record<string, string>;
  modules?: readonly string[];
  ports?: readonly number[];
  files?: Readonly<Record<string, string>>;
  sockets?: readonly string[];
  env?: Readonly<Record<string, string>>;
  user?: Credentials;
  /** Command lines that were run before. */
  before?: readonly string[];
  /** Directories that are there. */
  folders?: readonly string[];
  /** In the file of configuration. */
  node?: Readonly<Record<string, string>>;
  endpoint?: Readonly<Record<string, unknown>>;
  cluster?: Readonly<Record<string, unknown>>;
  tokens?: readonly string[];
  /** Seconds. */
  stopAfter?: number;
}

export const allPrograms = [...usualPrograms, ...kubeletPrograms];
const bridge = 'net.bridge.bridge-nf-call-iptables';
const forward = 'net.ipv4.ip_forward';
export const usualSysctl = { [bridge]: '1', [forward]: '1' };
const manifests = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'];
const manifestFiles = Object.fromEntries(manifests.map((name) => [`/etc/kubernetes/manifests/${name}.yaml`, 'kind: Pod\n']));
const etcdData = { '/var/lib/etcd/member/snap/db': '' };
const containerd = '/run/containerd/containerd.sock';
const nobody: Credentials = { ...superuser, uid: 65534, gid: 65534 };
const allPorts = [6443, 10250, 10259, 10257, 2379, 2380];
const adminConf = 'apiVersion: v1\nkind: Config\nclusters:\n- cluster:\n    server: https://192.168.0.10:6443\n  name: kubernetes\n';
const etcdPod = 'apiVersion: v1\nkind: Pod\nspec:\n  volumes:\n  - hostPath:\n      path: /var/lib/etcd\n    name: etcd-data\n';
const optional = ['ebtables', 'ethtool', 'socat', 'tc', 'touch'];

const certs = (folder: string) => `kubeadm init phase certs all --cert-dir ${folder} --kubernetes-version v1.20.2`;
const caFolders = ['/etc/ca-certificates', '/usr/share/ca-certificates', '/usr/local/share/ca-certificates'];
const freshCluster = [certs('/etc/kubernetes/pki'), 'kubeadm init phase kubeconfig all --kubernetes-version v1.20.2', 'sleep 1'];

const named: Readonly<Record<string, Situation>> = {
  'init-preflight-ip-forward': { sysctl: { [forward]: '0' } },
  'init-preflight-bridge-nf': { sysctl: { [bridge]: '0' } },
  'init-preflight-bridge-nf-missing': { modules: [] },
  'init-preflight-missing-all-optional': { missing: optional },
  'init-preflight-ports-many': { ports: allPorts },
  'init-preflight-custom-port-6444': { ports: [6444], endpoint: { bindPort: 6444 } },
  'init-preflight-manifests-exist': { files: manifestFiles },
  'init-preflight-etcd-dir-not-empty': { files: etcdData },
  'init-preflight-rerun-after-init': { ports: allPorts, files: { ...manifestFiles, ...etcdData } },
  'init-preflight-cgroupfs': { answers: { docker: { driver: 'cgroupfs' } } },
  'init-preflight-docker-20.10': { answers: { docker: { version: '20.10.2' } } },
  'init-preflight-docker-old': { answers: { docker: { version: '18.09.9' } } },
  'init-preflight-docker-driver': { answers: { docker: { graph: 'vfs' } } },
  'init-preflight-docker-down': { answers: { docker: { down: true }, units: { docker: { inactive: true } } } },
  'init-preflight-docker-disabled': { answers: { units: { docker: { disabled: true } } } },
  'init-preflight-kubelet-disabled': { answers: { units: { kubelet: { disabled: true } } } },
  'init-preflight-kubelet-notfound': { answers: { units: { kubelet: { missing: true } } } },
  'init-preflight-firewalld': { answers: { units: { firewalld: {} } } },
  'init-preflight-kubelet-1.18': { answers: { kubelet: { version: 'v1.18.20' } } },
  'init-preflight-kubelet-1.19': { answers: { kubelet: { version: 'v1.19.0' } } },
  'init-preflight-kubelet-1.21': { answers: { kubelet: { version: 'v1.21.0' } } },
  'init-preflight-kubelet-1.20.9': { answers: { kubelet: { version: 'v1.20.9' } } },
  'init-preflight-hostname-unresolvable': { node: { name: 'unknown-host' } },
  'init-preflight-hostname-uppercase': { node: { name: 'CP1' } },
  'init-preflight-http-proxy': { env: { https_proxy: 'http://proxy.example.com:3128' } },
  'init-preflight-image-pull-fail': { answers: { docker: { pullFails: true } } },
  'config-images-pull-fail': { answers: { docker: { pullFails: true } } },
  'init-preflight-ignore-all': { sysctl: { [bridge]: '0', [forward]: '0' }, swap: 2 ** 30, missing: ['conntrack', 'kubelet'] },
  'init-preflight-not-root': { user: nobody, missing: ['docker'] },
  'init-preflight-one-cpu': { cpus: 1 },
  'init-preflight-containerd': { node: { criSocket: containerd } },
  'init-preflight-containerd-no-crictl': { node: { criSocket: containerd }, missing: ['crictl'] },
  'init-preflight-containerd-down': { node: { criSocket: containerd }, answers: { crictl: { down: true } } },
  'init-preflight-two-cri-sockets': { sockets: ['/var/run/docker.sock', '/var/run/crio/crio.sock'] },
  'join-preflight-used-node': { ports: [10250], files: { ...manifestFiles, '/etc/kubernetes/kubelet.conf': '', '/etc/kubernetes/bootstrap-kubelet.conf': '', '/etc/kubernetes/pki/ca.crt': '' } },
  'join-preflight-bad-node': { answers: { docker: { driver: 'cgroupfs' }, units: { kubelet: { disabled: true } } }, missing: ['tc', 'conntrack'], sysctl: { [bridge]: '0', [forward]: '0' }, swap: 2 ** 30 },
  'reset-force': { files: { '/etc/kubernetes/admin.conf': adminConf, '/etc/kubernetes/kubelet.conf': adminConf, ...manifestFiles, '/etc/kubernetes/manifests/etcd.yaml': etcdPod, '/etc/kubernetes/pki/ca.crt': '', '/var/lib/kubelet/config.yaml': '', ...etcdData } },
  'certs-rerun': { before: [certs('<tmp>/out')] },
  'kubeconfig-all': { before: [certs('<tmp>/out/pki')] },
  'etcd-local-config': { cluster: { etcd: { local: { dataDir: '/data/etcd', extraArgs: { 'quota-backend-bytes': '8589934592' } } } } },
  'certs-check-expiration': { before: freshCluster },
  'certs-renew-all': { before: freshCluster },
  'certs-renew-apiserver': { before: freshCluster },
  'join-api-unreachable': { stopAfter: 8 },
  'reset-not-root': { user: nobody },
};

/** Families of cases whose name says what is other than usual. */
const families: readonly (readonly [RegExp, (what: string) => Situation])[] = [
  [/^init-preflight-missing-([a-z]+)$/, (program) => ({ missing: [program] })],
  [/^init-preflight-port-(\d+)$/, (port) => ({ ports: [Number(port)] })],
  [/^(cluster)-/, () => ({ before: freshCluster, tokens: ['abcdef.0123456789abcdef'], cluster: { networking: { podSubnet: '10.244.0.0/16' } } })],
  [/^(control-plane|init-dry-run|init-version)/, () => ({ folders: caFolders })],
  [/^init-preflight-(swap)/, () => ({ swap: 2 ** 30 })],
];

export function situationOf(id: string): Situation {
  if (named[id]) return named[id];
  for (const [pattern, make] of families) {
    const [, what] = pattern.exec(id) ?? [];
    if (what) return make(what);
  }
  return {};
}

export function prepare(machine: Machine, { files = {}, sockets = [], ports = [], folders = [] }: Situation): void {
  for (const path of folders) machine.files.makeDirectories(path);
  const put = (path: string, write: () => void) => (machine.files.makeDirectories(path.replace(/\/[^/]*$/, '')), write());
  for (const [path, text] of Object.entries(files)) put(path, () => machine.files.write(path, text));
  for (const path of sockets) put(path, () => machine.files.makeSpecial(path, special('socket')));
  for (const port of ports) machine.listening.set(port, 'somebody');
}
