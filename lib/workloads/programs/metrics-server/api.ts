// The API server in metrics-server: metrics.k8s.io/v1beta1 for whoever the aggregator vouches for.
import type { HttpRequest, HttpResponse } from '../../../machine/index.ts';
import { query } from '../agnhost/options.ts';
import { type ApiClient, Refused } from './api-client.ts';
import { discovery } from './discovery.ts';
import { group, groupVersion, nodeMetrics, podMetrics, type Row, table } from './objects.ts';
import type { Release } from './releases.ts';
import type { NodeObject } from './scrape.ts';
import type { Storage } from './storage.ts';

type Json = Record<string, any>;

export interface Desk {
  api: ApiClient;
  release: Release;
  storage: Storage;
  nodes(): readonly NodeObject[];
  now(): number;
}

const json = (status: number, body: object): HttpResponse => ({ status, headers: { 'Content-Type': 'application/json' }, body: `${JSON.stringify(body)}\n` });
const failure = (code: number, reason: string, message: string, details: object = {}) => json(code, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code });

const rememberedFor = 10_000;

/** How an API server that is aggregated asks whether somebody may (DelegatingAuthorization): what it hears holds for ten seconds. */
export function gate({ api, now }: Pick<Desk, 'api' | 'now'>): (request: HttpRequest, path: string) => HttpResponse | undefined {
  const known = new Map<string, { until: number; allowed: boolean }>();
  return ({ method, headers = {} }, path) => {
    const user = headers['X-Remote-User'];
    const groups = headers['X-Remote-Group']?.split(',');
    if (user === undefined) return forbidden('system:anonymous', method, path);
    // A request from inside of the control plane shows no groups.
    if (!groups || groups.includes('system:masters')) return undefined;
    const { plural, namespace, name } = targetOf(path) ?? {};
    const verb = plural && !name ? 'list' : 'get';
    const key = `${user} ${groups.join()} ${verb} ${path}`;
    let verdict = known.get(key);
    if (!verdict || verdict.until <= now()) {
      const asked = plural ? { resourceAttributes: { group, version: 'v1beta1', resource: plural, verb, ...(namespace && { namespace }), ...(name && { name }) } } : { nonResourceAttributes: { path, verb } };
      try {
        const { status } = api.create('/apis/authorization.k8s.io/v1/subjectaccessreviews', { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', metadata: {}, spec: { user, groups, ...asked } });
        known.set(key, (verdict = { until: now() + rememberedFor, allowed: status?.allowed === true }));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        return { status: 500, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: `Internal Server Error: ${JSON.stringify(path)}: ${error.message}\n` };
      }
    }
    return verdict.allowed ? undefined : forbidden(user, method, path);
  };
}

function forbidden(user: string, method: string, path: string): HttpResponse {
  const { plural, namespace, name } = targetOf(path) ?? {};
  const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : 'at the cluster scope';
  const message = plural ? `${plural}.${group} is forbidden: User ${JSON.stringify(user)} cannot ${name ? 'get' : 'list'} resource ${JSON.stringify(plural)} in API group ${JSON.stringify(group)} ${where}` : `forbidden: User ${JSON.stringify(user)} cannot ${method.toLowerCase()} path ${JSON.stringify(path)}`;
  return failure(403, 'Forbidden', message, plural ? { group, kind: plural } : {});
}

interface Target {
  plural: string;
  namespace?: string;
  name?: string;
}

function targetOf(path: string): Target | undefined {
  const [, namespace, plural = '', name] = new RegExp(`^/apis/${groupVersion}(?:/namespaces/([^/]+))?/(nodes|pods)(?:/([^/]+))?$`).exec(path) ?? [];
  if (!plural || (plural === 'nodes' && namespace) || (plural === 'pods' && name && !namespace)) return undefined;
  return { plural, ...(namespace && { namespace }), ...(name && { name }) };
}

export function answer(desk: Desk, { method, path, headers = {} }: HttpRequest): HttpResponse {
  const [plain = ''] = path.split('?');
  const known = discovery(plain);
  if (known) return json(200, known);
  const target = targetOf(plain);
  if (!target) return failure(404, 'NotFound', 'the server could not find the requested resource');
  if (method !== 'GET' || /^(1|true)$/.test(query(path)('watch'))) return failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
  const { kind, rows, missing } = found(desk, target, query(path));
  const include = query(path)('includeObject');
  const asTable = (headers['Accept'] ?? '').includes('as=Table');
  if (target.name) {
    const [row] = rows;
    if (!row) return failure(404, 'NotFound', `${missing} not found`, { name: target.name, group, kind: target.plural });
    return json(200, asTable ? table([row], desk.release, include) : row.object);
  }
  return json(200, asTable ? table(rows, desk.release, include) : { kind: `${kind}List`, apiVersion: groupVersion, metadata: {}, items: rows.map(({ object }) => object) });
}

interface Found {
  kind: string;
  rows: Row[];
  /** What to say when there is no row. */
  missing: string;
}

const metadataOnly = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';

/** The objects that exist, asked of the API server, and of them those that something is known of. */
function found({ api, storage, release, nodes, now }: Desk, { plural, namespace = '', name }: Target, asked: (name: string) => string): Found {
  const how = { release, now: now() };
  const selector = new URLSearchParams({ ...(asked('labelSelector') && { labelSelector: asked('labelSelector') }), ...(name ? { fieldSelector: `metadata.name=${name}` } : asked('fieldSelector') && { fieldSelector: asked('fieldSelector') }) });
  const query = selector.size > 0 ? `?${selector}` : '';
  if (plural === 'nodes') {
    const all = query ? (api.get(`/api/v1/nodes${query}`)['items'] as NodeObject[]) : nodes();
    const rows = all.flatMap(({ metadata }): Row[] => {
      const usage = storage.node(metadata.name);
      return usage ? [{ object: nodeMetrics(metadata, usage, how), usages: [usage] }] : [];
    });
    return { kind: 'NodeMetrics', rows: sorted(rows), missing: all.length === 0 ? `node ${JSON.stringify(name)}` : `nodemetrics.${group} ${JSON.stringify(name)}` };
  }
  const all = api.get(`/api/v1${namespace ? `/namespaces/${namespace}` : ''}/pods${query}`, metadataOnly)['items'] as { metadata: { name: string; namespace: string; labels?: Record<string, string> } }[];
  const rows = all.flatMap(({ metadata }): Row[] => {
    const usages = storage.pod(`${metadata.namespace}/${metadata.name}`);
    return usages?.size ? [{ object: podMetrics(metadata, usages, how), usages: [...usages.values()] }] : [];
  });
  const here = release.minor >= 6 ? `pods ${JSON.stringify(name)}` : `pod ${JSON.stringify(name)}`;
  return { kind: 'PodMetrics', rows: sorted(rows), missing: all.length === 0 ? here : `podmetrics.${group} ${JSON.stringify(`${namespace}/${name}`)}` };
}

const keyOf = ({ object: { metadata } }: Row): string => `${(metadata as Json)['namespace'] ?? ''}/${(metadata as Json)['name']}`;
const sorted = (rows: Row[]): Row[] => rows.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
