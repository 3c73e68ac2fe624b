// An API server of somebody else (kubernetes/sample-apiserver): flunders and fischers of wardle.example.com, in memory.
// Differs from Kubernetes: they are gone with the process, not with the etcd beside it.
import type { HttpRequest, HttpResponse } from '../../machine/index.ts';
import type { Program } from '../program.ts';
import { flag, query } from './agnhost/options.ts';
import { openapi } from './sample-apiserver-openapi.ts';

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
  '/openapi/v2': openapi,
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

interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  key: string;
  object: Json;
}

export const sampleApiserver: Program = (process) => {
  const store = new Map<string, Json>();
  /** Each with the revision of its place. */
  const changes: Change[] = [];
  const keyOf = ({ plural, namespace = '', name }: Target) => `${plural}/${namespace}/${name}`;
  const next = (object: Json): Json => ({ ...object, metadata: { ...object['metadata'], resourceVersion: String(changes.length + 1) } });
  const put = (target: Target, object: Json): Json => {
    const key = keyOf(target);
    const kept = next({ ...object, kind: kinds[target.plural]!.kind, apiVersion: groupVersion });
    changes.push({ type: store.has(key) ? 'MODIFIED' : 'ADDED', key, object: kept });
    store.set(key, kept);
    return kept;
  };
  const remove = (key: string) => {
    changes.push({ type: 'DELETED', key, object: next(store.get(key)!) });
    store.delete(key);
  };
  const isIn = ({ plural, namespace }: Target, wanted?: string) => (key: string) => key.startsWith(`${plural}/${namespace === undefined ? '' : `${namespace}/`}`) && (!wanted || key.endsWith(`/${wanted}`));

  function onList({ method, path, body = '' }: HttpRequest, target: Target, accept: string): HttpResponse {
    const { kind } = kinds[target.plural]!;
    const asked = query(path);
    const matches = isIn(target, /^metadata\.name=(.+)$/.exec(asked('fieldSelector'))?.[1]);
    const found = [...store].filter(([key]) => matches(key)).sort(([a], [b]) => (a < b ? -1 : 1));
    if (method === 'POST') return create(target, JSON.parse(body) as Json);
    if (method === 'GET' && /^(1|true)$/.test(asked('watch'))) return watch(matches, asked, accept);
    if (method === 'DELETE') for (const [key] of found) remove(key);
    else if (method !== 'GET') return failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
    const items = found.map(([, item]) => item);
    const metadata = { resourceVersion: String(changes.length) };
    return json(200, accept.includes('as=Table') ? table(items, metadata, asked('includeObject')) : { kind: `${kind}List`, apiVersion: groupVersion, metadata, items });
  }

  /** Without a version it begins with what there is. */
  function watch(matches: (key: string) => boolean, asked: (name: string) => string, accept: string): HttpResponse {
    const from = Number(asked('resourceVersion'));
    const until = process.clock.now + (Number(asked('timeoutSeconds')) || 1800) * 1000;
    const first: Change[] = from > 0 ? [] : [...store].filter(([key]) => matches(key)).map(([key, object]) => ({ type: 'ADDED', key, object }));
    let at = from > 0 ? from : changes.length;
    const shown = (object: Json) => (accept.includes('as=Table') ? table([object], { resourceVersion: object['metadata'].resourceVersion }) : object);
    const stream = () => {
      if (process.clock.now >= until) return undefined;
      const news = [...first.splice(0), ...changes.slice(at).filter(({ key }) => matches(key))];
      at = changes.length;
      return news.map(({ type, object }) => `${JSON.stringify({ type, object: shown(object) })}\n`).join('');
    };
    return { status: 200, headers: { 'Content-Type': 'application/json' }, body: '', stream };
  }

  function create({ plural, namespace }: Target, object: Json): HttpResponse {
    const name: string = object.metadata?.name || `${object.metadata?.generateName ?? ''}${process.random.uuid().slice(0, 5)}`;
    const target = { plural, namespace, name };
    if (store.has(keyOf(target))) return failure(409, 'AlreadyExists', `${plural}.${group} "${name}" already exists`, { name, group, kind: plural });
    const creationTimestamp = `${new Date(process.clock.now).toISOString().slice(0, 19)}Z`;
    return json(201, put(target, { spec: {}, status: {}, ...object, metadata: { ...object.metadata, name, ...(namespace && { namespace }), uid: process.random.uuid(), creationTimestamp } }));
  }

  function onObject({ method, path, body = '' }: HttpRequest, target: Target, accept: string): HttpResponse {
    const { plural, name } = target;
    const old = store.get(keyOf(target));
    if (!old) return failure(404, 'NotFound', `${plural}.${group} "${name}" not found`, { name, group, kind: plural });
    if (method === 'GET') return json(200, accept.includes('as=Table') ? table([old], { resourceVersion: old['metadata'].resourceVersion }, query(path)('includeObject')) : old);
    if (method === 'PUT') return json(200, put(target, JSON.parse(body) as Json));
    if (method === 'PATCH') return json(200, put(target, merged(old, JSON.parse(body)) as Json));
    if (method !== 'DELETE') return failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
    remove(keyOf(target));
    return json(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details: { name, group, kind: plural, uid: old['metadata'].uid } });
  }

  process.listen(Number(flag(process.argv, '--secure-port') ?? 443), (request: HttpRequest): HttpResponse => {
    const { method, path, headers = {} } = request;
    const [plain = ''] = path.split('?');
    if (['/healthz', '/livez', '/readyz'].includes(plain)) return { status: 200, body: 'ok' };
    if (!headers['X-Remote-User'] && plain !== '/version') return failure(403, 'Forbidden', `forbidden: User "system:anonymous" cannot ${method.toLowerCase()} path "${plain}"`);
    if (discovery[plain]) return json(200, discovery[plain]);
    const target = targetOf(plain);
    const { Accept = '' } = headers;
    if (!target) return failure(404, 'NotFound', 'the server could not find the requested resource');
    return target.name ? onObject(request, target, Accept) : onList(request, target, Accept);
  });
  process.log('Serving securely on [::]:443', 'stderr');
  return { terminate: { after: 10, exitCode: 0 } };
};

/** The columns of kinds that have none of their own. */
function table(items: readonly Json[], metadata: object, include = ''): object {
  const column = (name: string, type: string, format: string) => ({ name, type, format, description: '', priority: 0 });
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: [column('Name', 'string', 'name'), column('Created At', 'date', '')],
    rows: items.map((item) => ({ cells: [item['metadata'].name, item['metadata'].creationTimestamp], object: include === 'Object' ? item : { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: item['metadata'] } })),
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
