// What a kubeconfig file says of its cluster, and of who is to use it.
import { parseYaml } from '../../../kubectl/index.ts';
import { readCertificate } from '../certificates/certificate.ts';
import type { KubeadmHost, Login } from '../host.ts';

interface Kubeconfig {
  clusters?: { name: string; cluster: { server?: string; 'certificate-authority-data'?: string } }[];
  contexts?: { name: string; context: { cluster: string; user: string } }[];
  users?: { name: string; user: Record<string, string> }[];
  'current-context'?: string;
}

/** How the current context reaches its cluster; undefined when there is no such file. */
export function loginOf({ files }: KubeadmHost, path: string): Login | undefined {
  const text = files.read(path);
  if (text === undefined) return undefined;
  const { clusters = [], contexts = [], users = [], 'current-context': current } = (parseYaml(text) ?? {}) as Kubeconfig;
  const context = contexts.find(({ name }) => name === current)?.context;
  const cluster = (clusters.find(({ name }) => name === context?.cluster) ?? clusters[0])?.cluster;
  const { 'client-certificate-data': data, 'client-certificate': file, token } = (users.find(({ name }) => name === context?.user) ?? users[0])?.user ?? {};
  const certificate = data ? atob(data) : file === undefined ? undefined : files.read(file);
  const named = readCertificate(certificate);
  const authority = cluster?.['certificate-authority-data'];
  return { server: cluster?.server ?? '', authority: authority && atob(authority), token, user: named?.subject ?? 'system:anonymous', groups: named?.organization ? [named.organization] : [] };
}

/** The URL of the API server of the current context; undefined when there is no such file. */
export function kubeconfigServer({ files }: KubeadmHost, path: string): string | undefined {
  const text = files.read(path);
  if (text === undefined) return undefined;
  const { clusters = [], contexts = [], 'current-context': current } = (parseYaml(text) ?? {}) as Kubeconfig;
  const wanted = contexts.find(({ name }) => name === current)?.context.cluster;
  return (clusters.find(({ name }) => name === wanted) ?? clusters[0])?.cluster.server ?? '';
}
