// What a kubeconfig file says of its cluster, and of who is to use it.
import { parseYaml } from '../../../kubectl/index.ts';
import { readCertificate } from '../certificates/certificate.ts';
import type { KubeadmHost, Login } from '../host.ts';
import { pemBlocks } from '../../../api/index.ts';

interface Kubeconfig {
  clusters?: { name: string; cluster: { server?: string; 'certificate-authority-data'?: string } }[];
  contexts?: { name: string; context: { cluster: string; user: string } }[];
  users?: { name: string; user: Record<string, string> }[];
  'current-context'?: string;
}

interface Words {
  subject: { CN?: string[]; O?: string[] };
}

/** Whom a client certificate names: one that kubeadm has made, or one that the cluster has signed. */
export function identityOf(pem: string): { user: string; groups: string[] } | undefined {
  const own = readCertificate(pem);
  if (typeof own?.subject === 'string') return { user: own.subject, groups: own.organization ? [own.organization] : [] };
  const block = pemBlocks(pem).find(({ type }) => type === 'CERTIFICATE');
  const { CN: [user] = [], O: groups = [] } = block ? (JSON.parse(new TextDecoder().decode(block.bytes)) as Words).subject : {};
  return user === undefined ? undefined : { user, groups };
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
  const authority = cluster?.['certificate-authority-data'];
  return { server: cluster?.server ?? '', authority: authority && atob(authority), token, ...((certificate ? identityOf(certificate) : undefined) ?? { user: 'system:anonymous', groups: [] }) };
}

/** The URL of the API server of the current context; undefined when there is no such file. */
export function kubeconfigServer({ files }: KubeadmHost, path: string): string | undefined {
  const text = files.read(path);
  if (text === undefined) return undefined;
  const { clusters = [], contexts = [], 'current-context': current } = (parseYaml(text) ?? {}) as Kubeconfig;
  const wanted = contexts.find(({ name }) => name === current)?.context.cluster;
  return (clusters.find(({ name }) => name === wanted) ?? clusters[0])?.cluster.server ?? '';
}
