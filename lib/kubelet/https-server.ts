// The kubelet's server at port 10250 for whoever comes over the network: it asks the API server who that is and what he may
// (delegated authentication and authorization; pkg/kubelet/server/auth.go).
import type { KubeObject } from '../api/index.ts';
import type { HttpRequest, HttpResponse } from '../machine/index.ts';
import type { Configuration } from './configuration.ts';
import type { KubeletClient } from './options.ts';

interface User {
  username: string;
  uid?: string;
  groups?: readonly string[];
}

export interface ServerOptions {
  nodeName: string;
  client: KubeletClient;
  configuration: Pick<Configuration, 'authentication' | 'authorization'>;
  page(path: string): HttpResponse;
}

/** How long an answer of the API server is remembered, in milliseconds (KubeletWebhookAuthentication.cacheTTL and others). */
const [knownFor, allowedFor, refusedFor] = [120_000, 300_000, 30_000];

const anonymous: User = { username: 'system:anonymous', groups: ['system:unauthenticated'] };
const verbs: Record<string, string> = { POST: 'create', GET: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** What of a Node somebody needs for a path, the finest first. */
function subresourcesOf(path: string, fineGrained: boolean): string[] {
  const [, first = ''] = /^\/([^/?]*)/.exec(path) ?? [];
  const own = { stats: 'stats', metrics: 'metrics', logs: 'log', spec: 'spec' }[first];
  if (own) return [own];
  const fine = fineGrained && { pods: 'pods', runningpods: 'pods', healthz: 'healthz', configz: 'configz' }[first];
  return fine ? [fine, 'proxy'] : ['proxy'];
}

export class KubeletServer {
  readonly #options: ServerOptions;
  #users = new Map<string, { until: number; user: User | undefined }>();
  #verdicts = new Map<string, { until: number; allowed: boolean }>();

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  answer({ method, path, headers = {} }: HttpRequest): HttpResponse {
    const user = this.#userOf(headers['Authorization']);
    if (!user) return text(401, 'Unauthorized');
    const verb = verbs[method] ?? '';
    const { version } = this.#options.client;
    const subresources = subresourcesOf(path, version.has('kubelet-fine-grained-authz'));
    try {
      if (!subresources.some((one) => this.#allows(user, verb, one))) {
        const which = version.has('kubelet-forbidden-subresources') ? `subresource(s)=[${subresources.join(' ')}])\n` : `subresource=${subresources[0]})`;
        return text(403, `Forbidden (user=${user.username}, verb=${verb}, resource=nodes, ${which}`);
      }
    } catch {
      return text(500, `Authorization error (user=${user.username}, verb=${verb}, resource=nodes, subresource=${subresources[0]})`);
    }
    return method === 'GET' ? this.#options.page(path) : text(405, '405: Method Not Allowed');
  }

  #userOf(authorization: string | undefined): User | undefined {
    const { client, configuration: { authentication } } = this.#options;
    const [, token] = /^Bearer +(\S+)/i.exec(authorization ?? '') ?? [];
    // Without the webhook nobody looks at tokens: who shows one is like everybody else.
    if (token === undefined || !authentication.webhook.enabled) return authentication.anonymous.enabled ? anonymous : undefined;
    const { now } = client.clock;
    const known = this.#users.get(token);
    if (known && known.until > now) return known.user;
    try {
      const { status } = client.create<KubeObject>({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', metadata: {}, spec: { token } });
      const user = status.authenticated ? (status.user as User) : undefined;
      this.#users.set(token, { until: now + knownFor, user });
      return user;
    } catch {
      return undefined;
    }
  }

  /** Throws when the API server does not say. */
  #allows(user: User, verb: string, subresource: string): boolean {
    const { client, nodeName, configuration: { authorization } } = this.#options;
    if (authorization.mode === 'AlwaysAllow') return true;
    const { now } = client.clock;
    const key = `${user.username} ${verb} ${subresource}`;
    const known = this.#verdicts.get(key);
    if (known && known.until > now) return known.allowed;
    const { status } = client.create<KubeObject>({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      metadata: {},
      spec: { user: user.username, groups: user.groups ?? [], ...(user.uid && { uid: user.uid }), resourceAttributes: { verb, version: 'v1', resource: 'nodes', subresource, name: nodeName } },
    });
    const allowed = status.allowed === true;
    this.#verdicts.set(key, { until: now + (allowed ? allowedFor : refusedFor), allowed });
    return allowed;
  }
}

const text = (status: number, body: string): HttpResponse => ({ status, body, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
