// What the phases of `kubeadm reset` work on, and what comes after them (cmd/kubeadm/app/cmd/reset.go).
import type { Client } from '../../../client/index.ts';
import { parseYaml } from '../../../kubectl/index.ts';
import { asked } from '../api/connection.ts';
import { detectCRISocket } from '../configuration/dynamic-defaults.ts';
import type { KubeadmCall, Steps } from '../frame/command.ts';
import { fail, KubeadmError, wrapped } from '../frame/errors.ts';
import { type KubeadmHost, log, type Login } from '../host.ts';
import type { Ignored } from '../preflight/check.ts';
import { ignoredChecks } from '../preflight/ignored.ts';
import { loginOf } from '../kubeconfig/read.ts';
import { paths } from '../release.ts';

export interface ResetData {
  host: KubeadmHost;
  certificatesFolder: string;
  criSocket: string;
  force: boolean;
  ignored: Ignored;
  /** What the cluster says of itself and of this node, while it answers; `client` is its administrator's. */
  client?: Client;
  cluster?: { nodeName: string; criSocket: string; etcd: string | undefined };
  /** What is emptied at the end. */
  folders: string[];
}

export function* resetData({ host, flags }: KubeadmCall): Steps<ResetData> {
  const login = loginOf(host, flags.string('kubeconfig') || paths.admin);
  const found = login && (yield* askCluster(host, login));
  return {
    host,
    ...found,
    certificatesFolder: flags.string('cert-dir') || paths.certificates,
    ignored: ignoredChecks(flags.list('ignore-preflight-errors')),
    criSocket: flags.string('cri-socket') || found?.cluster.criSocket || detectCRISocket(host),
    force: flags.bool('force'),
    folders: [],
  };
}

/** The cluster knows what belongs to this node; a cluster that is gone is no hindrance. */
function* askCluster(host: KubeadmHost, login: Login): Steps<Required<Pick<ResetData, 'client' | 'cluster'>> | undefined> {
  host.out("[reset] Reading configuration from the cluster...\n[reset] FYI: You can look at this config file with 'kubectl -n kube-system get cm kubeadm-config -o yaml'\n");
  const reached = yield* host.api(login);
  try {
    if ('error' in reached) fail(`failed to get config map: Get "${login.server}/api/v1/namespaces/kube-system/configmaps/kubeadm-config?timeout=10s": ${reached.error}`);
    else return { client: reached.client, cluster: readCluster(host, reached.client) };
  } catch (error) {
    if (!(error instanceof KubeadmError)) throw error;
    log(host, 'reset.go:99', `[reset] Unable to fetch the kubeadm-config ConfigMap from cluster: ${error.message}`);
  }
  return undefined;
}

function readCluster(host: KubeadmHost, client: Client): NonNullable<ResetData['cluster']> {
  const get = <T>(context: string, request: () => T): T => {
    try {
      return asked(request);
    } catch (error) {
      throw wrapped(error, context);
    }
  };
  const { data } = get('failed to get config map', () => client.get('ConfigMap', { namespace: 'kube-system', name: 'kubeadm-config' }));
  const { etcd } = (parseYaml(data?.['ClusterConfiguration'] ?? '') ?? {}) as { etcd?: { local?: { dataDir?: string } } };
  const path = `${paths.kubernetes}/kubelet.conf`;
  const user = loginOf(host, path)?.user ?? fail(`failed to get node registration: failed to get node name from kubelet config: open ${path}: no such file or directory`);
  const nodeName = user.replace(/^system:node:/, '');
  const { metadata } = get('failed to get node registration: failed to get corresponding node', () => client.get('Node', { name: nodeName }));
  const criSocket = metadata.annotations?.['kubeadm.alpha.kubernetes.io/cri-socket'] ?? fail(`failed to get node registration: node ${nodeName} doesn't have kubeadm.alpha.kubernetes.io/cri-socket annotation`);
  return { nodeName, criSocket, etcd: etcd?.local?.dataDir };
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
