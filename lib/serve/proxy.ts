// …/pods/NAME:PORT/proxy/PATH, …/services/NAME:PORT/proxy/PATH and …/nodes/NAME:PORT/proxy/PATH: what `kubectl proxy` and `kubectl get --raw` reach.
import type { IncomingMessage } from 'node:http';
import { badRequest, notFound, type Pod, type Service, StatusError } from '../api/index.ts';
import { attributesOf, authorize, type HttpResponse, type UserInfo } from '../apiserver/index.ts';
import { nodePage } from '../cluster/index.ts';
import type { Context } from './context.ts';
import { urlOf } from './sub-path.ts';

const pattern = /^\/api\/v1\/(?:namespaces\/([^/]+)\/(pods|services)|(nodes))\/([^/]+)\/proxy(\/.*)?$/;

/** Undefined for all other paths. */
export function proxied(context: Context, request: IncomingMessage, { user, body }: { user: UserInfo; body?: string | Uint8Array }): HttpResponse | undefined {
  if (!request.url?.includes('/proxy')) return undefined;
  const url = urlOf(request);
  const [, namespace = '', plural, nodes, named = '', path = '/'] = pattern.exec(url.pathname) ?? [];
  if (!plural && !nodes) return undefined;
  const prefix = path === '/' && !url.pathname.endsWith('/') ? url.pathname : url.pathname.slice(0, url.pathname.length - path.length);
  authorize(attributesOf(user, request.method ?? 'GET', url), context.cluster.server.authorizers);
  // [scheme:]name[:port]; all that runs here speaks plain HTTP.
  const parts = decodeURIComponent(named).split(':');
  const [name = '', port = ''] = parts.length === 3 ? parts.slice(1) : parts;
  if (nodes) return nodePage(context.cluster, { name, port, path: path + url.search });
  const target = (plural === 'pods' ? podTarget : serviceTarget)(context, { namespace, name, port });
  const answer = forward(context, request, { target, path: path + url.search, body });
  return answer.type?.startsWith('text/html') && typeof answer.body === 'string' ? { ...answer, body: rewritten(answer.body, prefix) } : answer;
}

/** Links of a page that begin at its root lead through the proxy again (apimachinery, pkg/util/proxy/transport.go). */
function rewritten(html: string, prefix: string): string {
  return html.replace(/(<[a-z][^<>]*?\s(?:href|src|action|formaction|poster|cite|background|data|manifest)\s*=\s*["']?)(\/(?!\/))/gi, `$1${prefix.replaceAll('$', '$$$$')}$2`);
}

interface Target {
  pod: Pod;
  port: number;
}
interface Named {
  namespace: string;
  name: string;
  port: string;
}

function podTarget({ cluster: { server } }: Context, { namespace, name, port }: Named): Target {
  const pod = server.storage.get(server.resourceOf('Pod'), namespace, name) as Pod;
  const ports = pod.spec.containers.flatMap((container) => container.ports ?? []);
  const number = port === '' ? (ports[0]?.containerPort ?? 80) : (ports.find((one) => one.name === port)?.containerPort ?? Number(port));
  if (!(number > 0)) throw badRequest(`address not allowed: ${port}`);
  return { pod, port: number };
}

/** One of the pods behind the service that are ready. */
function serviceTarget({ cluster: { server, client } }: Context, { namespace, name, port }: Named): Target {
  const service = server.storage.get(server.resourceOf('Service'), namespace, name) as Service;
  const unavailable = new StatusError('ServiceUnavailable', 503, `no endpoints available for service ${JSON.stringify(port ? `${name}:${port}` : name)}`);
  const wanted = (service.spec.ports ?? []).find((one) => port === '' || one.name === port || String(one.port) === port);
  if (!wanted) throw new StatusError('ServiceUnavailable', 503, `no service port ${JSON.stringify(port)} found for service ${JSON.stringify(name)}`);
  const slices = client.list('EndpointSlice', { namespace, labelSelector: `kubernetes.io/service-name=${name}` }).items;
  for (const slice of slices) {
    const number = slice.ports?.find((one) => (one.name ?? '') === (wanted.name ?? ''))?.port;
    const ready = (slice.endpoints ?? []).find(({ conditions, targetRef }) => conditions?.ready !== false && targetRef?.kind === 'Pod');
    if (!ready || !number) continue;
    const pod = server.storage.find(server.resourceOf('Pod'), namespace, ready.targetRef!.name!) as Pod | undefined;
    if (!pod) throw notFound(server.resourceOf('Pod'), ready.targetRef!.name!);
    return { pod, port: number };
  }
  throw unavailable;
}

function forward({ cluster }: Context, { method = 'GET', headers }: IncomingMessage, { target: { pod, port }, path, body }: { target: Target; path: string; body?: string | Uint8Array }): HttpResponse {
  const address = `${pod.status.podIP ?? ''}:${port}`;
  const reached = pod.status.podIP ? cluster.kubelets.dial(pod, port) : { error: 'timeout' as const };
  if (reached.error !== undefined) {
    const why = reached.error === 'refused' ? 'connect: connection refused' : 'i/o timeout';
    throw new StatusError('ServiceUnavailable', 503, `error trying to reach service: dial tcp ${address}: ${why}`);
  }
  const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const answer = reached.listener({ method, path, host: address, port, from: '10.0.0.10', headers: plain, body: typeof body === 'string' ? body : '' });
  const type = Object.entries(answer.headers ?? {}).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return { code: answer.status, body: answer.body, type };
}
