// The phases of `kubeadm reset`, in their order (cmd/kubeadm/app/cmd/phases/reset).
import { parseYaml } from '../../../kubectl/index.ts';
import type { Steps } from '../frame/command.ts';
import { fail } from '../frame/errors.ts';
import type { Phase } from '../frame/phases.ts';
import { exitError, type KubeadmHost, log } from '../host.ts';
import { forgetEndpoint } from '../api/upload.ts';
import { rootCheck } from '../preflight/lists.ts';
import { paths } from '../release.ts';
import { containerRuntime } from '../runtime.ts';
import { emptyFolder, removeAll, type ResetData } from './data.ts';

type ResetPhase = Phase<ResetData>;

const preflight: ResetPhase = {
  name: 'preflight',
  aliases: ['pre-flight'],
  short: 'Run reset pre-flight checks',
  long: 'Run pre-flight checks for kubeadm reset.',
  inherits: ['ignore-preflight-errors', 'force'],
  *run({ host, force, ignored }) {
    if (!force) {
      host.out("[reset] WARNING: Changes made to this host by 'kubeadm init' or 'kubeadm join' will be reverted.\n[reset] Are you sure you want to proceed? [y/N]: ");
      if (host.stdin.split('\n')[0]!.toLowerCase() !== 'y') fail('aborted reset operation');
    }
    host.out('[preflight] Running pre-flight checks\n');
    yield* rootCheck(host, ignored);
  },
};

const updateClusterStatus: ResetPhase = {
  name: 'update-cluster-status',
  short: 'Remove this node from the ClusterStatus object.',
  long: 'Remove this node from the ClusterStatus object if the node is a control plane node.',
  run({ host, client, cluster }) {
    if (!client || !cluster || !host.files.find(`${paths.manifests}/kube-apiserver.yaml`)) return;
    host.out(`[reset] Removing info for node ${JSON.stringify(cluster.nodeName)} from the ConfigMap "kubeadm-config" in the "kube-system" Namespace\n`);
    forgetEndpoint(client, cluster.nodeName);
  },
};

/** Where a manifest says that etcd keeps its data. */
function etcdFolder({ files }: KubeadmHost): string | undefined {
  const text = files.read(`${paths.manifests}/etcd.yaml`);
  const pod = text === undefined ? undefined : (parseYaml(text) as { spec?: { volumes?: { name: string; hostPath?: { path: string } }[] } } | null);
  return pod?.spec?.volumes?.find(({ name }) => name === 'etcd-data')?.hostPath?.path;
}

const removeEtcdMember: ResetPhase = {
  name: 'remove-etcd-member',
  short: 'Remove a local etcd member.',
  long: 'Remove a local etcd member for a control plane node.',
  inherits: ['kubeconfig'],
  run({ host, folders, cluster }) {
    // Differs from Kubernetes: there is one member of etcd, which needs not be told.
    if (cluster?.etcd) return void folders.push(cluster.etcd);
    log(host, 'removeetcdmember.go:79', '[reset] No kubeadm config, using etcd pod spec to get data directory');
    const folder = etcdFolder(host);
    if (folder) folders.push(folder);
    else host.out('[reset] No etcd config found. Assuming external etcd\n[reset] Please, manually reset etcd to prevent further issues\n');
  },
};

function* stopKubelet(host: KubeadmHost): Steps {
  if (!host.has('systemctl')) {
    log(host, 'cleanupnode.go:69', '[reset] The kubelet service could not be stopped by kubeadm. Unable to detect a supported init system!');
    return log(host, 'cleanupnode.go:70', '[reset] Please ensure kubelet is stopped manually');
  }
  host.out('[reset] Stopping the kubelet service\n');
  const failed = exitError(yield* host.run('systemctl', 'stop', 'kubelet'));
  if (!failed) return;
  log(host, 'cleanupnode.go:74', `[reset] The kubelet service could not be stopped by kubeadm: [${failed}]\n`.trimEnd());
  log(host, 'cleanupnode.go:75', '[reset] Please ensure kubelet is stopped manually');
}

function* removeContainers(host: KubeadmHost, criSocket: string): Steps {
  const runtime = containerRuntime(host, criSocket);
  const failed = 'error' in runtime ? runtime.error : (yield* runtime.remove(yield* runtime.kubeContainers())).join(', ');
  if (failed) log(host, 'cleanupnode.go:94', `[reset] Failed to remove containers: ${failed}`);
}

function cleanConfig(host: KubeadmHost, certificatesFolder: string): void {
  const folders = [paths.manifests, certificatesFolder];
  host.out(`[reset] Deleting contents of config directories: [${folders.join(' ')}]\n`);
  for (const folder of folders) emptyFolder(host, folder);
  const files = ['admin', 'kubelet', 'bootstrap-kubelet', 'controller-manager', 'scheduler'].map((name) => `${paths.kubernetes}/${name}.conf`);
  host.out(`[reset] Deleting files: [${files.join(' ')}]\n`);
  for (const file of files) removeAll(host.files, file);
}

const cleanupNode: ResetPhase = {
  name: 'cleanup-node',
  aliases: ['cleanupnode'],
  short: 'Run cleanup node.',
  inherits: ['cert-dir', 'cri-socket'],
  *run({ host, certificatesFolder, criSocket, folders }) {
    yield* stopKubelet(host);
    host.out(`[reset] Unmounting mounted directories in ${JSON.stringify(paths.kubelet)}\n`);
    folders.push(paths.kubelet);
    yield* removeContainers(host, criSocket);
    folders.push('/var/lib/dockershim', '/var/run/kubernetes', '/var/lib/cni');
    if (certificatesFolder !== paths.certificates) log(host, 'cleanupnode.go:102', `[reset] WARNING: Cleaning a non-default certificates directory: ${JSON.stringify(certificatesFolder)}`);
    cleanConfig(host, certificatesFolder);
  },
};

export const resetPhases: readonly ResetPhase[] = [preflight, updateClusterStatus, removeEtcdMember, cleanupNode];
