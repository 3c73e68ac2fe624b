// …/pods/NAME:PORT/proxy/PATH, …/services/NAME:PORT/proxy/PATH and …/nodes/NAME:PORT/proxy/PATH: what `kubectl proxy` and `kubectl get --raw` reach.
import type { IncomingMessage } from 'node:http';
import { attributesOf, authorize, type HttpResponse, type UserInfo } from '../apiserver/index.ts';
import { forwarded, nameAndPort, nodePage } from '../cluster/index.ts';
import type { Context } from './context.ts';
import { urlOf } from './sub-path.ts';

const pattern = /^\/api\/v1\/(?:namespaces\/([^/]+)\/(pods|services)|(nodes))\/([^/]+)\/proxy(\/.*)?$/;

/** Undefined for all other paths. */
export function proxied({ cluster }: Context, request: IncomingMessage, { user, body }: { user: UserInfo; body?: string | Uint8Array }): HttpResponse | undefined {
  if (!request.url?.includes('/proxy')) return undefined;
  const url = urlOf(request);
  const [, namespace = '', plural, nodes, named = '', path = '/'] = pattern.exec(url.pathname) ?? [];
  if (!plural && !nodes) return undefined;
  const prefix = path === '/' && !url.pathname.endsWith('/') ? url.pathname : url.pathname.slice(0, url.pathname.length - path.length);
  const { method = 'GET' } = request;
  authorize(attributesOf(user, method, url), cluster.server.authorizers);
  const to = nameAndPort(named);
  if (nodes) return nodePage(cluster, { ...to, path: path + url.search });
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const answer = forwarded(cluster, { ...to, plural: plural as 'pods' | 'services', namespace }, { method, path: path + url.search, headers, body: typeof body === 'string' ? body : '' });
  return answer.type?.startsWith('text/html') && typeof answer.body === 'string' ? { ...answer, body: rewritten(answer.body, prefix) } : answer;
}

/** Links of a page that begin at its root lead through the proxy again (apimachinery, pkg/util/proxy/transport.go). */
function rewritten(html: string, prefix: string): string {
  return html.replace(/(<[a-z][^<>]*?\s(?:href|src|action|formaction|poster|cite|background|data|manifest)\s*=\s*["']?)(\/(?!\/))/gi, `$1${prefix.replaceAll('$', '$$$$')}$2`);
}
