// …/pods/NAME:PORT/proxy/PATH and …/services/NAME:PORT/proxy/PATH: what a pod answers through the API server.
import { badRequest, notFound, type Pod, type Service, StatusError } from '../api/index.ts';
import type { ApiServer, HttpResponse } from '../apiserver/index.ts';
import type { Client } from '../client/index.ts';
import type { Kubelets } from './kubelets.ts';

interface Parts {
  server: ApiServer;
  client: Client;
  kubelets: Kubelets;
}

export interface Proxied {
  plural: 'pods' | 'services';
  namespace: string;
  name: string;
  port: string;
}

export interface ProxiedRequest {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Throws a StatusError. */
export function forwarded(parts: Parts, what: Proxied, request: ProxiedRequest): HttpResponse {
  const { pod, port } = (what.plural === 'pods' ? podTarget : serviceTarget)(parts, what);
  const address = `${pod.status.podIP ?? ''}:${port}`;
  const reached = pod.status.podIP ? parts.kubelets.dial(pod, port) : { error: 'timeout' as const };
  if (reached.error !== undefined) {
    const why = reached.error === 'refused' ? 'connect: connection refused' : 'i/o timeout';
    throw new StatusError('ServiceUnavailable', 503, `error trying to reach service: dial tcp ${address}: ${why}`);
  }
  const answer = reached.listener({ ...request, host: address, port, from: '10.0.0.10' });
  const type = Object.entries(answer.headers ?? {}).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return { code: answer.status, body: answer.body, type };
}

/** For a GET by its whole path, as `kubectl get --raw` sends it; undefined for all others. */
export function rawObjectPage(parts: Parts, path: string): HttpResponse | undefined {
  const [whole, namespace = '', plural = '', named = '', rest = '/'] = /^\/api\/v1\/namespaces\/([^/]+)\/(pods|services)\/([^/]+)\/proxy(\/.*)?$/.exec(path) ?? [];
  if (whole === undefined) return undefined;
  try {
    return forwarded(parts, { ...nameAndPort(named), plural: plural as Proxied['plural'], namespace }, { method: 'GET', path: rest });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { code: error.code, body: error.toStatus() };
  }
}

/** `[scheme:]name[:port]`; all that runs here speaks plain HTTP. */
export function nameAndPort(text: string): { name: string; port: string } {
  const parts = decodeURIComponent(text).split(':');
  const [name = '', port = ''] = parts.length === 3 ? parts.slice(1) : parts;
  return { name, port };
}

interface Target {
  pod: Pod;
  port: number;
}

function podTarget({ server }: Parts, { namespace, name, port }: Proxied): Target {
  const pod = server.storage.get(server.resourceOf('Pod'), namespace, name) as Pod;
  const ports = pod.spec.containers.flatMap((container) => container.ports ?? []);
  const number = port === '' ? (ports[0]?.containerPort ?? 80) : (ports.find((one) => one.name === port)?.containerPort ?? Number(port));
  if (!(number > 0)) throw badRequest(`address not allowed: ${port}`);
  return { pod, port: number };
}

/** One of the pods behind the service that are ready. */
function serviceTarget({ server, client }: Parts, { namespace, name, port }: Proxied): Target {
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
