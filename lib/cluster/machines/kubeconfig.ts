// A kubeconfig file as components of a machine read it.
import { parseYaml } from '../../kubectl/index.ts';
import type { FileView } from '../../machine/index.ts';

export interface Access {
  /** `https://192.168.1.10:6443` */
  server: string;
  /** PEM of the authority that the server has to be known by. */
  authority: string | undefined;
  token: string | undefined;
  /** PEM of a client certificate. */
  certificate: string | undefined;
}

interface Config {
  clusters?: { name: string; cluster: Record<string, string> }[];
  users?: { name: string; user: Record<string, string> }[];
  contexts?: { name: string; context: { cluster: string; user: string } }[];
  'current-context'?: string;
}

const named = <T extends { name: string }>(list: readonly T[] | undefined, name: string | undefined) => list?.find((one) => one.name === name);

/** What its current context leads to; undefined when there is no such file, or nothing in it. */
export function readAccess(files: FileView, path: string): Access | undefined {
  const config = parseYaml(files.read(path) ?? '') as Config | null;
  const context = named(config?.contexts, config?.['current-context'])?.context;
  const cluster = named(config?.clusters, context?.cluster)?.cluster;
  if (!cluster?.['server']) return undefined;
  const user = named(config?.users, context?.user)?.user ?? {};
  /** Of a field that is there as data or as the path of a file. */
  const pem = (of: Record<string, string>, field: string) => (of[`${field}-data`] ? atob(of[`${field}-data`]!) : of[field] && files.read(of[field]!)) || undefined;
  return { server: cluster['server'], authority: pem(cluster, 'certificate-authority'), token: user['token'], certificate: pem(user, 'client-certificate') };
}

/** Host and port of a server's URL. */
export function addressOf(server: string): { host: string; port: number } {
  const [, host = '', port = '443'] = /^https?:\/\/\[?([^/\]]+?)\]?(?::(\d+))?(?:\/|$)/.exec(server) ?? [];
  return { host, port: Number(port) };
}
