// Files that say how to reach a control plane, and as whom (cmd/kubeadm/app/phases/kubeconfig).
import { parseYaml, printYaml } from '../../../kubectl/index.ts';
import { certificateText, isWhole, keyText, readPair, signed } from '../certificates/certificate.ts';
import { whyNot } from '../certificates/create.ts';
import { controlPlaneEndpoint, localEndpoint } from '../configuration/endpoint.ts';
import type { InitConfiguration } from '../configuration/types.ts';
import { fail } from '../frame/errors.ts';
import { type KubeadmHost, log } from '../host.ts';

export type KubeconfigName = 'admin' | 'kubelet' | 'controller-manager' | 'scheduler';

interface Person {
  user: string;
  organization?: string;
  /** Of the machine's own API server, whatever stands before it. */
  local?: boolean;
}

const people: Readonly<Record<KubeconfigName, (init: InitConfiguration) => Person>> = {
  admin: () => ({ user: 'kubernetes-admin', organization: 'system:masters' }),
  kubelet: ({ nodeRegistration }) => ({ user: `system:node:${nodeRegistration.name}`, organization: 'system:nodes' }),
  'controller-manager': () => ({ user: 'system:kube-controller-manager', local: true }),
  scheduler: () => ({ user: 'system:kube-scheduler', local: true }),
};

interface Kubeconfig {
  server: string;
  authority: string;
  cluster: string;
  user: string;
  credentials: Record<string, string>;
}

export function kubeconfigText({ server, authority, cluster, user, credentials }: Kubeconfig): string {
  const context = `${user}@${cluster}`;
  return printYaml({
    apiVersion: 'v1',
    clusters: [{ cluster: { 'certificate-authority-data': btoa(authority), server }, name: cluster }],
    contexts: [{ context: { cluster, user }, name: context }],
    'current-context': context,
    kind: 'Config',
    preferences: {},
    users: [{ name: user, user: credentials }],
  });
}

export function makeKubeconfig(host: KubeadmHost, init: InitConfiguration, { name, certificates, folder }: { name: KubeconfigName; certificates: string; folder: string }): void {
  const { files, random, machine } = host;
  const ca = readPair(files, certificates, 'ca');
  if (!isWhole(ca)) return void fail(`couldn't create a kubeconfig; the CA files couldn't be loaded: ${whyNot(host, `${certificates}/ca`)}`);
  const { user, organization, local } = people[name](init);
  const { cluster, localAPIEndpoint } = init;
  const shared = controlPlaneEndpoint(cluster.controlPlaneEndpoint, localAPIEndpoint, host.out);
  const server = local ? localEndpoint(localAPIEndpoint) : shared;
  const authority = certificateText(ca.certificate);
  const file = `${name}.conf`;
  const path = `${folder}/${file}`;
  const existing = files.read(path);
  if (existing !== undefined) return compare(host, { path, existing, authority, server });
  const { certificate, key } = signed({ subject: user, ...(organization && { organization }), usages: ['client auth'] }, { random, now: machine.clock.now, by: ca });
  host.out(`[kubeconfig] Writing ${JSON.stringify(file)} kubeconfig file\n`);
  files.makeDirectories(folder, 0o755);
  const credentials = { 'client-certificate-data': btoa(certificateText(certificate)), 'client-key-data': btoa(keyText(key)) };
  files.write(path, kubeconfigText({ server, authority, cluster: cluster.clusterName!, user, credentials }), 0o600);
}

/** One that is there already has to be of this cluster. */
function compare(host: KubeadmHost, { path, existing, authority, server }: { path: string; existing: string; authority: string; server: string }): void {
  const config = parseYaml(existing) as { clusters?: { name: string; cluster: Record<string, string> }[]; contexts?: { name: string; context: { cluster: string } }[]; 'current-context'?: string } | null;
  const context = config?.contexts?.find(({ name }) => name === config['current-context']);
  if (!context) return void fail(`failed to find CurrentContext in Contexts of the kubeconfig file ${path}`);
  const found = config?.clusters?.find(({ name }) => name === context.context.cluster)?.cluster;
  if (!found) return void fail(`failed to find the given CurrentContext Cluster in Clusters of the kubeconfig file ${path}`);
  if (atob(found['certificate-authority-data'] ?? '').trim() !== authority.trim()) fail(`a kubeconfig file ${JSON.stringify(path)} exists already but has got the wrong CA cert`);
  if (found['server'] !== server) log(host, 'kubeconfig.go:252', `a kubeconfig file ${JSON.stringify(path)} exists already but has an unexpected API Server URL: expected: ${server}, got: ${found['server']}`);
  host.out(`[kubeconfig] Using existing kubeconfig file: ${JSON.stringify(path)}\n`);
}
