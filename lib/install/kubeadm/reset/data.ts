// What the phases of `kubeadm reset` work on, and what comes after them (cmd/kubeadm/app/cmd/reset.go).
import { detectCRISocket } from '../configuration/dynamic-defaults.ts';
import type { KubeadmCall, Steps } from '../frame/command.ts';
import { notBuilt } from '../frame/not-built.ts';
import { type KubeadmHost, log } from '../host.ts';
import type { Ignored } from '../preflight/check.ts';
import { ignoredChecks } from '../preflight/ignored.ts';
import { kubeconfigServer } from '../kubeconfig/read.ts';
import { paths } from '../release.ts';

export interface ResetData {
  host: KubeadmHost;
  certificatesFolder: string;
  criSocket: string;
  force: boolean;
  ignored: Ignored;
  /** What is emptied at the end. */
  folders: string[];
}

export function* resetData({ host, flags }: KubeadmCall): Steps<ResetData> {
  const server = kubeconfigServer(host, flags.string('kubeconfig') || paths.admin);
  if (server !== undefined) yield* askCluster(host, server);
  return {
    host,
    certificatesFolder: flags.string('cert-dir') || paths.certificates,
    ignored: ignoredChecks(flags.list('ignore-preflight-errors')),
    criSocket: flags.string('cri-socket') || detectCRISocket(host),
    force: flags.bool('force'),
    folders: [],
  };
}

/** The cluster would know what belongs to this node; a cluster that is gone is no hindrance. */
function* askCluster(host: KubeadmHost, server: string): Steps {
  host.out("[reset] Reading configuration from the cluster...\n[reset] FYI: You can look at this config file with 'kubectl -n kube-system get cm kubeadm-config -o yaml'\n");
  const { error } = yield* host.connect(server);
  if (!error) return void notBuilt('reset of a node whose cluster answers');
  log(host, 'reset.go:99', `[reset] Unable to fetch the kubeadm-config ConfigMap from cluster: failed to get config map: Get "${server}/api/v1/namespaces/kube-system/configmaps/kubeadm-config?timeout=10s": ${error}`);
}

/** Everything in a folder, but not the folder itself. */
export function emptyFolder({ files }: KubeadmHost, folder: string): void {
  if (files.isDirectory(folder)) for (const name of files.list(folder)) removeAll(files, `${folder}/${name}`);
}

export function removeAll(files: KubeadmHost['files'], path: string): void {
  const node = files.findLink(path);
  if (!node) return;
  if (node.kind === 'directory') for (const name of files.list(path)) removeAll(files, `${path}/${name}`);
  files.remove(path);
}

const farewell = `
The reset process does not clean CNI configuration. To do so, you must remove /etc/cni/net.d

The reset process does not reset or clean up iptables rules or IPVS tables.
If you wish to reset iptables, you must do so manually by using the "iptables" command.

If your cluster was setup to utilize IPVS, run ipvsadm --clear (or similar)
to reset your system's IPVS tables.

The reset process does not clean your kubeconfig files and you must remove them manually.
Please, check the contents of the $HOME/.kube/config file.
`;

export function finishReset({ host, folders }: ResetData): void {
  host.out(`[reset] Deleting contents of stateful directories: [${folders.join(' ')}]\n`);
  for (const folder of folders) emptyFolder(host, folder);
  host.out(farewell);
}
