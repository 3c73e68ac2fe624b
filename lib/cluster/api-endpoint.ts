// The API server for whoever comes over the cluster's network: pods, which show a token.
import { type ApiServer, authenticate, unauthorized, type UserInfo } from '../apiserver/index.ts';
import { StatusError } from '../api/index.ts';
import type { Answering, HttpRequest, HttpResponse, ServerCertificate } from '../machine/index.ts';

const port = 6443;

const own = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'];

/** What listens on a port of the control plane's machine, `host` being its name and addresses. Differs from Kubernetes: a watch gets no answer. */
export function apiEndpoint(server: ApiServer, serves: () => boolean, host: readonly string[]): (asked: number) => Answering | undefined {
  const certificate: ServerCertificate = {
    subject: 'kube-apiserver',
    get names() {
      const { clusterIPs = [] } = server.storage.find(server.resourceOf('Service'), 'default', 'kubernetes')?.spec ?? {};
      return [...own, ...host, ...(clusterIPs as string[])];
    },
    trusted: true,
  };
  const listener = Object.assign((request: HttpRequest) => ({ ...answer(server, request), certificate }), { certificate });
  return (asked) => (asked === port && serves() ? listener : undefined);
}

function answer(server: ApiServer, request: HttpRequest): HttpResponse {
  const { headers = {} } = request;
  let user: UserInfo;
  try {
    user = authenticate({ bearerToken: /^Bearer +(\S+)/i.exec(headers['Authorization'] ?? '')?.[1] }, server.tokens.userOf);
  } catch (error) {
    return json(401, (error instanceof StatusError ? error : unauthorized()).toStatus());
  }
  return answerTo(user, server, request);
}

/** What the API server answers somebody whom it knows already. */
export function answerTo({ name, groups, uid, extra }: UserInfo, server: ApiServer, { method, path, headers = {}, body }: HttpRequest): HttpResponse {
  const { code, body: said, type } = server.http({
    method, path, groups,
    user: name,
    userAgent: headers['User-Agent'] ?? 'Go-http-client/2.0',
    ...(uid && { uid }),
    ...(extra && { extra }),
    ...(headers['Accept'] && { accept: headers['Accept'] }),
    ...(headers['Content-Type'] && { contentType: headers['Content-Type'] }),
    ...(body && { body }),
  });
  return typeof said === 'string' ? { status: code, body: said, headers: { 'Content-Type': type ?? 'text/plain; charset=utf-8' } } : json(code, said);
}

const json = (status: number, body: unknown): HttpResponse => ({ status, headers: { 'Content-Type': 'application/json' }, body: `${JSON.stringify(body)}\n` });
