// What a kubeconfig file says of its cluster.
import { parseYaml } from '../../../kubectl/index.ts';
import type { KubeadmHost } from '../host.ts';

interface Kubeconfig {
  clusters?: { name: string; cluster: { server?: string } }[];
  contexts?: { name: string; context: { cluster: string } }[];
  'current-context'?: string;
}

/** The URL of the API server of the current context; undefined when there is no such file. */
export function kubeconfigServer({ files }: KubeadmHost, path: string): string | undefined {
  const text = files.read(path);
  if (text === undefined) return undefined;
  const { clusters = [], contexts = [], 'current-context': current } = (parseYaml(text) ?? {}) as Kubeconfig;
  const wanted = contexts.find(({ name }) => name === current)?.context.cluster;
  return (clusters.find(({ name }) => name === wanted) ?? clusters[0])?.cluster.server ?? '';
}
