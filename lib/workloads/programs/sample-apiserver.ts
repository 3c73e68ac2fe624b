// An API server of somebody else (kubernetes/sample-apiserver): flunders and fischers of wardle.example.com, in memory.
// Differs from Kubernetes: they are gone with the process, not with the etcd beside it, and a watch ends at once.
import type { HttpRequest, HttpResponse } from '../../machine/index.ts';
import type { Program } from '../program.ts';
import { flag } from './agnhost/options.ts';

type Json = Record<string, any>;

const group = 'wardle.example.com';
const version = 'v1alpha1';
const groupVersion = `${group}/${version}`;
const kinds: Record<string, { kind: string; namespaced: boolean }> = { fischers: { kind: 'Fischer', namespaced: false }, flunders: { kind: 'Flunder', namespaced: true } };
const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

const json = (status: number, body: object): HttpResponse => ({ status, headers: { 'Content-Type': 'application/json' }, body: `${JSON.stringify(body)}\n` });
const failure = (code: number, reason: string, message: string, details: object = {}) => json(code, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code });

const one = { groupVersion, version };
const discovery: Record<string, object> = {
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [{ name: group, versions: [one], preferredVersion: one }] },
  [`/apis/${group}`]: { kind: 'APIGroup', apiVersion: 'v1', name: group, versions: [one], preferredVersion: one },
  [`/apis/${groupVersion}`]: { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: Object.entries(kinds).map(([name, { kind, namespaced }]) => ({ name, singularName: '', namespaced, kind, verbs })) },
};

/** A path below the group: whose list or object it is. */
interface Target {
  plural: string;
  namespace?: string;
  name?: string;
}

function targetOf(path: string): Target | undefined {
  const [, namespace, plural = '', name] = new RegExp(`^/apis/${groupVersion}(?:/namespaces/([^/]+))?/([^/]+)(?:/([^/]+))?$`).exec(path) ?? [];
  return Object.hasOwn(kinds, plural) ? { plural, ...(namespace && { namespace }), ...(name && { name }) } : undefined;
}

export const sampleApiserver: Program = (process) => {
  const store = new Map<string, Json>();
  let revision = 0;
  const keyOf = ({ plural, namespace = '', name }: Target) => `${plural}/${namespace}/${name}`;
  const put = (target: Target, object: Json): Json => {
    const kept = { ...object, kind: kinds[target.plural]!.kind, apiVersion: groupVersion, metadata: { ...object.metadata, resourceVersion: String(++revision) } };
    store.set(keyOf(target), kept);
    return kept;
  };
  const within = ({ plural, namespace }: Target) => [...store].filter(([key]) => key.startsWith(`${plural}/${namespace === undefined ? '' : `${namespace}/`}`)).sort(([a], [b]) => (a < b ? -1 : 1));

  function onList(method: string, target: Target, body: string, accept: string): HttpResponse {
    const { kind } = kinds[target.plural]!;
    const found = within(target);
    if (method === 'POST') return create(target, JSON.parse(body) as Json);
    if (method === 'DELETE') for (const [key] of found) store.delete(key);
    else if (method !== 'GET') return failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
    const items = found.map(([, item]) => item);
    const metadata = { resourceVersion: String(revision) };
    return json(200, accept.includes('as=Table') ? table(items, metadata) : { kind: `${kind}List`, apiVersion: groupVersion, metadata, items });
  }

  function create({ plural, namespace }: Target, object: Json): HttpResponse {
    const name: string = object.metadata?.name || `${object.metadata?.generateName ?? ''}${process.random.uuid().slice(0, 5)}`;
    const target = { plural, namespace, name };
    if (store.has(keyOf(target))) return failure(409, 'AlreadyExists', `${plural}.${group} "${name}" already exists`, { name, group, kind: plural });
    const creationTimestamp = `${new Date(process.clock.now).toISOString().slice(0, 19)}Z`;
    return json(201, put(target, { spec: {}, status: {}, ...object, metadata: { ...object.metadata, name, ...(namespace && { namespace }), uid: process.random.uuid(), creationTimestamp } }));
  }

  function onObject(method: string, target: Target, body: string, accept: string): HttpResponse {
    const { plural, name } = target;
    const old = store.get(keyOf(target));
    if (!old) return failure(404, 'NotFound', `${plural}.${group} "${name}" not found`, { name, group, kind: plural });
    if (method === 'GET') return json(200, accept.includes('as=Table') ? table([old], { resourceVersion: old['metadata'].resourceVersion }) : old);
    if (method === 'PUT') return json(200, put(target, JSON.parse(body) as Json));
    if (method === 'PATCH') return json(200, put(target, merged(old, JSON.parse(body)) as Json));
    if (method !== 'DELETE') return failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
    store.delete(keyOf(target));
    return json(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details: { name, group, kind: plural, uid: old['metadata'].uid } });
  }

  process.listen(Number(flag(process.argv, '--secure-port') ?? 443), ({ method, path, body = '', headers = {} }: HttpRequest): HttpResponse => {
    const [plain = ''] = path.split('?');
    if (['/healthz', '/livez', '/readyz'].includes(plain)) return { status: 200, body: 'ok' };
    if (!headers['X-Remote-User'] && plain !== '/version') return failure(403, 'Forbidden', `forbidden: User "system:anonymous" cannot ${method.toLowerCase()} path "${plain}"`);
    if (discovery[plain]) return json(200, discovery[plain]);
    const target = targetOf(plain);
    const { Accept = '' } = headers;
    if (!target) return failure(404, 'NotFound', 'the server could not find the requested resource');
    return target.name ? onObject(method, target, body, Accept) : onList(method, target, body, Accept);
  });
  process.log('Serving securely on [::]:443', 'stderr');
  return { terminate: { after: 10, exitCode: 0 } };
};

/** The columns of kinds that have none of their own. */
function table(items: readonly Json[], metadata: object): object {
  const column = (name: string, type: string, format: string) => ({ name, type, format, description: '', priority: 0 });
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: [column('Name', 'string', 'name'), column('Created At', 'date', '')],
    rows: items.map((item) => ({ cells: [item['metadata'].name, item['metadata'].creationTimestamp], object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: item['metadata'] } })),
  };
}

/** A JSON merge patch. */
function merged(old: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const out: Json = { ...(typeof old === 'object' && old !== null && !Array.isArray(old) ? old : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else out[key] = merged(out[key], value);
  }
  return out;
}
