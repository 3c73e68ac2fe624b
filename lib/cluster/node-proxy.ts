// …/nodes/NAME:PORT/proxy/PATH: what a kubelet answers through the API server, or whatever else listens on a node.
import { StatusError } from '../api/index.ts';
import type { ApiServer, HttpResponse } from '../apiserver/index.ts';
import type { Kubelets } from './kubelets.ts';

export function nodePage({ server, kubelets }: { server: ApiServer; kubelets: Kubelets }, { name, port, path }: { name: string; port: string; path: string }): HttpResponse {
  server.storage.get(server.resourceOf('Node'), '', name);
  const { status, body, headers } = kubelets.page(name, path, port === '' ? undefined : Number(port));
  return { code: status, body, type: headers?.['Content-Type'] };
}

/** The same for a GET by its whole path, as `kubectl get --raw` sends it; undefined for all others. */
export function rawNodePage(parts: { server: ApiServer; kubelets: Kubelets }, path: string): HttpResponse | undefined {
  const [whole, named = '', rest = '/'] = /^\/api\/v1\/nodes\/([^/]+)\/proxy(\/.*)?$/.exec(path) ?? [];
  if (whole === undefined) return undefined;
  const words = decodeURIComponent(named).split(':');
  const [name = '', port = ''] = words.length === 3 ? words.slice(1) : words;
  try {
    return nodePage(parts, { name, port, path: rest });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { code: error.code, body: error.toStatus() };
  }
}
