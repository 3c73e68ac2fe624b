// What lets machines join that know no more than a token (cmd/kubeadm/app/phases/bootstraptoken).
import type { Manifest } from '../../../api/index.ts';
import { parseYaml, printYaml } from '../../../kubectl/index.ts';
import type { InitConfiguration } from '../configuration/types.ts';
import { fail } from '../frame/errors.ts';
import type { KubeadmHost } from '../host.ts';
import { type ApiClient, createOrUpdate } from './connection.ts';
import { bootstrappers, clusterBinding, clusterRole, groupNamed, nodes, readerRole, systemNamespace } from './roles.ts';
import { createTokens } from './tokens.ts';

const csr = 'system:certificates.k8s.io:certificatesigningrequests';

/** What is said, whose binding, to which role, for which group. */
const bindings: readonly (readonly [text: string, name: string, role: string, group: string])[] = [
  ['allow Node Bootstrap tokens to get nodes', 'kubeadm:get-nodes', 'kubeadm:get-nodes', bootstrappers],
  ['allow Node Bootstrap tokens to post CSRs in order for nodes to get long term certificate credentials', 'kubeadm:kubelet-bootstrap', 'system:node-bootstrapper', bootstrappers],
  ['allow the csrapprover controller automatically approve CSRs from a Node Bootstrap Token', 'kubeadm:node-autoapprove-bootstrap', `${csr}:nodeclient`, bootstrappers],
  ['allow certificate rotation for all node client certificates in the cluster', 'kubeadm:node-autoapprove-certificate-rotation', `${csr}:selfnodeclient`, nodes],
];

export function setUpTokens(client: ApiClient, host: KubeadmHost, { init, kubeconfig, quiet }: { init: InitConfiguration; kubeconfig: string; quiet: boolean }): void {
  const { out } = host;
  const tokens = init.bootstrapTokens.map(({ token }) => token!);
  if (!quiet) out(tokens.length === 1 ? `[bootstrap-token] Using token: ${tokens[0]}\n` : `[bootstrap-token] Using tokens: [${tokens.join(' ')}]\n`);
  out('[bootstrap-token] Configuring bootstrap tokens, cluster-info ConfigMap, RBAC Roles\n');
  createTokens(client, init.bootstrapTokens, { onlyNew: false });
  for (const [text, name, role, group] of bindings) {
    out(`[bootstrap-token] configured RBAC rules to ${text}\n`);
    const own = name === role;
    if (own) clusterRole(client, name, { rules: [{ verbs: ['get'], apiGroups: [''], resources: ['nodes'] }], namespace: systemNamespace });
    clusterBinding(client, name, { role, subject: groupNamed(group), ...(own && { namespace: systemNamespace }) });
  }
  shareClusterInfo(client, host, kubeconfig);
}

interface Kubeconfig {
  clusters: { name: string; cluster: object }[];
  contexts: { name: string; context: { cluster: string } }[];
  'current-context': string;
}

/** Everybody may read where the API server is, and its authority. */
function shareClusterInfo(client: ApiClient, { files, out }: KubeadmHost, path: string): void {
  const name = 'cluster-info';
  const namespace = 'kube-public';
  out(`[bootstrap-token] Creating the ${JSON.stringify(name)} ConfigMap in the ${JSON.stringify(namespace)} namespace\n`);
  const text = files.read(path) ?? fail(`error creating bootstrap ConfigMap: failed to load admin kubeconfig: open ${path}: no such file or directory`);
  const { clusters, contexts, 'current-context': current } = parseYaml(text) as Kubeconfig;
  const wanted = contexts.find((one) => one.name === current)?.context.cluster;
  const cluster = clusters.find((one) => one.name === wanted)!.cluster;
  const kubeconfig = printYaml({ apiVersion: 'v1', clusters: [{ cluster, name: '' }], contexts: null, 'current-context': '', kind: 'Config', preferences: {}, users: null });
  createOrUpdate(client, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { kubeconfig } } as Manifest);
  readerRole(client, 'kubeadm:bootstrap-signer-clusterinfo', { resource: 'configmaps', object: name, namespace, subjects: [{ kind: 'User', name: 'system:anonymous' }] });
}
