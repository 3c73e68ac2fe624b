// Objects in etcd: where they lie, how their resourceVersion comes about, lists in chunks.
import { alreadyExists, badRequest, conflict, freeze, goJSONError, type KubeObject, notFound, objectModified, type Resource, StatusError } from '../api/index.ts';
import { CompactedError, FutureRevisionError, prefixEnd, type Store } from '../etcd/index.ts';
import type { ObjectList } from './request.ts';

/** `/registry/pods/` */
export function prefixOf(resource: Resource): string {
  return `/registry/${resource.etcdPath}/`;
}

/** As error messages name it. */
export function keyOf(resource: Resource, namespace: string | undefined, name: string): string {
  return `${prefixOf(resource)}${resource.namespaced ? `${namespace}/` : ''}${name}`;
}

export interface ListQuery {
  namespace?: string;
  limit?: number;
  continue?: string;
  /** Exactly this revision (`resourceVersionMatch=Exact`). */
  revision?: number;
  /** As it was asked for; not together with `continue`. */
  resourceVersion?: string;
  /** Only matching objects count towards the limit. */
  matches?: (object: KubeObject) => boolean;
}

export class Storage {
  readonly store: Store;
  /** Set while etcd cannot be written to: what every write is answered. Reading goes on. */
  refusal: StatusError | undefined;

  constructor(store: Store) {
    this.store = store;
  }

  #directories = new Map<Resource, Map<string, string>>();

  /** Where the objects of a namespace lie: `/registry/pods/default/`. Spelt once, since every request needs it. */
  #directoryOf(resource: Resource, namespace = ''): string {
    const scope = resource.namespaced ? namespace : '';
    let known = this.#directories.get(resource);
    if (!known) this.#directories.set(resource, (known = new Map()));
    let directory = known.get(scope);
    if (!directory) known.set(scope, (directory = resource.namespaced ? `${prefixOf(resource)}${namespace}/` : prefixOf(resource)));
    return directory;
  }

  find(resource: Resource, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.store.getIn(this.#directoryOf(resource, namespace), name)?.value as KubeObject | undefined;
  }

  get(resource: Resource, namespace: string | undefined, name: string): KubeObject {
    const found = this.find(resource, namespace, name);
    if (!found) throw notFound(resource, name);
    return found;
  }

  /** Everything of a kind as it is now, in the order of keys. */
  every(resource: Resource): KubeObject[] {
    const prefix = prefixOf(resource);
    return this.store.range(prefix, { end: prefixEnd(prefix) }).kvs.map(({ value }) => value as KubeObject);
  }

  #all = new Map<string, { changes: number; items: readonly KubeObject[] }>();

  /** All objects of a kind without namespaces, or of one namespace, listed anew only after one of them has changed. */
  all(resource: Resource, namespace?: string): readonly KubeObject[] {
    const directory = this.#directoryOf(resource, namespace);
    const changes = this.store.changesIn(directory);
    let known = this.#all.get(directory);
    if (known?.changes !== changes) {
      const { kvs } = this.store.range(directory, { end: prefixEnd(directory) });
      this.#all.set(directory, (known = { changes, items: kvs.map(({ value }) => value as KubeObject) }));
    }
    return known!.items;
  }

  /** The store holds something else now. */
  forget(): void {
    this.#all.clear();
  }

  /** True when nothing of this kind has been written since the store was set up. */
  isUntouched(resource: Resource): boolean {
    return this.store.changesUnder(prefixOf(resource)) === 0;
  }

  /** Stores a new object; it becomes frozen and gets the revision as its resourceVersion. */
  create(resource: Resource, object: KubeObject, lease = 0): KubeObject {
    if (this.refusal) throw this.refusal;
    const { namespace, name } = object.metadata;
    const directory = this.#directoryOf(resource, namespace);
    const present = this.store.getIn(directory, name)?.value as KubeObject | undefined;
    if (present) throw refuseCreate(resource, present);
    return this.#put(directory, object, lease);
  }

  /** Replaces what is stored, provided it is still `old`. */
  update(resource: Resource, old: KubeObject, object: KubeObject, lease = 0): KubeObject {
    if (this.refusal) throw this.refusal;
    const { namespace, name } = old.metadata;
    const directory = this.#directoryOf(resource, namespace);
    const present = this.store.getIn(directory, name);
    if (present?.value !== old) throw conflict(resource, name, objectModified);
    return this.#put(directory, object, lease || present.lease);
  }

  remove(resource: Resource, old: KubeObject): KubeObject {
    if (this.refusal) throw this.refusal;
    const { namespace, name } = old.metadata;
    this.store.delete(this.#directoryOf(resource, namespace) + name);
    return Object.freeze({ ...old, metadata: Object.freeze({ ...old.metadata, resourceVersion: String(this.store.revision) }) });
  }

  #put(directory: string, object: KubeObject, lease: number): KubeObject {
    object.metadata.resourceVersion = String(this.store.revision + 1);
    freeze(object);
    this.store.putIn(directory, object.metadata.name, object, lease);
    return object;
  }

  list(resource: Resource, apiVersion: string, query: ListQuery): ObjectList {
    const prefix = prefixOf(resource) + (resource.namespaced && query.namespace ? `${query.namespace}/` : '');
    const from = query.continue ? decodeContinue(query.continue, prefix) : undefined;
    if (from && query.resourceVersion && query.resourceVersion !== '0') throw badRequest('specifying resource version is not allowed when using continue');
    // -1: whatever there is now.
    const revision = Math.max(from?.revision ?? query.revision ?? 0, 0);
    const { items, next, remaining } = this.#scan(prefix, from?.key ?? prefix, revision, query);
    const at = revision || this.store.revision;
    return {
      kind: resource.listKind ?? `${resource.kind}List`,
      apiVersion,
      metadata: {
        resourceVersion: String(at),
        ...(next && { continue: encodeContinue(at, next.slice(prefix.length)) }),
        ...(next && !query.matches && { remainingItemCount: remaining }),
      },
      items,
    };
  }

  #scan(prefix: string, start: string, revision: number, { limit = 0, matches, continue: paging }: ListQuery) {
    const { kvs } = this.#range(start, prefix, { revision, isPaging: paging !== undefined });
    const items: KubeObject[] = [];
    for (let i = 0; i < kvs.length; i++) {
      const object = kvs[i]!.value as KubeObject;
      // A full chunk ends there, whether or not anything that follows matches.
      if (limit && items.length === limit) return { items, next: kvs[i]!.key, remaining: kvs.length - i };
      if (matches && !matches(object)) continue;
      items.push(object);
    }
    return { items, next: '', remaining: 0 };
  }

  #range(start: string, prefix: string, { revision, isPaging }: { revision: number; isPaging: boolean }) {
    try {
      return this.store.range(start, { end: prefixEnd(prefix), revision });
    } catch (error) {
      if (error instanceof CompactedError) throw isPaging ? continueExpired(encodeContinue(-1, start.slice(prefix.length))) : new StatusError('Expired', 410, 'The resourceVersion for the provided list is too old.');
      if (error instanceof FutureRevisionError) throw new StatusError('', 500, 'etcdserver: mvcc: required revision is a future revision');
      throw error;
    }
  }
}

function refuseCreate(resource: Resource, { metadata }: KubeObject): StatusError {
  const error = alreadyExists(resource, metadata.name);
  return metadata.deletionTimestamp ? new StatusError(error.reason, error.code, `object is being deleted: ${error.message}`, error.details) : error;
}

export function tooLarge(asked: number, current: number): StatusError {
  return new StatusError('Timeout', 504, `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

/** `next` goes on in what there is now. */
function continueExpired(next: string): StatusError {
  return new StatusError(
    'Expired',
    410,
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    undefined,
    next,
  );
}

function encodeContinue(revision: number, start: string): string {
  return base64(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start }));
}

function decodeContinue(token: string, prefix: string): { revision: number; key: string } {
  const { v, rv, start } = parseContinue(token);
  if (v !== 'meta.k8s.io/v1') throw badContinue(`server does not recognize this encoded version ${JSON.stringify(v ?? '')}`);
  if (!rv) throw badContinue('incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  if (!start) throw badContinue('encoded start key empty (version meta.k8s.io/v1)');
  if (start.startsWith('/') || start.includes('..')) throw badContinue(start);
  return { revision: rv, key: prefix + start };
}

function parseContinue(token: string): { v?: string; rv?: number; start?: string } {
  const illegal = /[^A-Za-z0-9_-]/.exec(token)?.index ?? (token.length % 4 === 1 ? token.length - 1 : undefined);
  if (illegal !== undefined) throw badContinue(`illegal base64 data at input byte ${illegal}`);
  const text = unbase64(token);
  const problem = goJSONError(text);
  if (problem) throw badContinue(problem);
  return JSON.parse(text) ?? {};
}

const badContinue = (why: string) => badRequest(`invalid continue token: continue key is not valid: ${why}`);

const base64 = (text: string) => btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
const unbase64 = (text: string) => atob(text.replaceAll('-', '+').replaceAll('_', '/'));
