// Lists, and watches that go on from them: lists come from etcd, watches from the watch cache, which follows etcd's log.
import type { CustomResource, KubeObject, Resource, Version } from '../api/index.ts';
import type { LogEntry } from '../etcd/index.ts';
import type { Actor } from '../sim/index.ts';
import type { RestoredPolicy } from './authorization/restore-policy.ts';
import { checkListOptions, checkWatchOptions, parseListVersion, parseResourceVersion } from './list-options.ts';
import type { ObjectList, RequestOptions } from './request.ts';
import { matcherOf, namesOne, nodeOf, selectorsOf } from './select.ts';
import type { ServedKinds } from './served-kinds.ts';
import { prefixOf, type Storage, tooLarge } from './storage.ts';
import { Watch } from './watch.ts';
import { expired, type ResourceStream, WatchCache } from './watch-cache.ts';

export interface ListWatchOptions {
  storage: Storage;
  kinds: ServedKinds;
  version: Version;
  /** What the store began with. */
  restored: readonly RestoredPolicy[];
}

export class ListWatch {
  /** Tells the loop who has something to read. */
  wake: (actor: Actor) => void = () => {};
  #storage: Storage;
  #kinds: ServedKinds;
  #version: Version;
  #restored: readonly RestoredPolicy[];
  #cache: WatchCache;
  #log: { read(): LogEntry[] };

  constructor({ storage, kinds, version, restored }: ListWatchOptions) {
    this.#storage = storage;
    this.#kinds = kinds;
    this.#version = version;
    this.#restored = restored;
    this.#cache = new WatchCache(storage.store.revision, storage.store);
    this.#log = storage.store.watch();
  }

  list(resource: Resource, namespace: string | undefined, options: RequestOptions): ObjectList {
    const { limit, resourceVersion, resourceVersionMatch } = options;
    const matches = this.#selected(resource, options, checkListOptions);
    const asked = parseListVersion(resource, options);
    const revision = resourceVersionMatch === 'Exact' || (limit && limit > 0 && asked > 0 && resourceVersionMatch !== 'NotOlderThan') ? asked : 0;
    // What is read from the cache comes whole when any version will do.
    if (!revision && !options.continue) this.checkVersion(asked);
    const whole = (resourceVersion === '0' && !options.continue) || namesOne(options);
    return this.#storage.list(resource, this.#kinds.storedVersion(resource), { namespace, limit: whole ? undefined : limit, continue: options.continue, resourceVersion, revision, matches });
  }

  /** Opens a watch after `resourceVersion`; without one it begins with what there is. */
  watch(resource: Resource, namespace: string | undefined, options: RequestOptions): Watch {
    const selected = this.#selected(resource, options, checkWatchOptions);
    this.pump();
    const stream = this.#cache.stream(prefixOf(resource));
    stream.tell(this.wake);
    const inScope = resource.namespaced && namespace ? (object: KubeObject) => object.metadata.namespace === namespace : undefined;
    const matches = inScope && selected ? (o: KubeObject) => inScope(o) && selected(o) : (inScope ?? selected);
    const from = options.resourceVersion;
    const node = resource.kind === 'Pod' ? nodeOf(options) : undefined;
    const part = node ? stream.onNode(node) : stream;
    if (from === undefined || from === '' || from === '0') {
      const first = this.#storage.list(resource, '', { namespace, matches }).items.map((object) => ({ type: 'ADDED' as const, object }));
      return new Watch(part, part.end, { matches, first });
    }
    const after = parseResourceVersion(from);
    const since = 'since' in resource ? (resource as CustomResource).since : 0;
    if (after < since) throw expired(after, since);
    return new Watch(part, part.after(after), { matches });
  }

  /** A list and a watch from then on, as a component's cache begins. */
  follow(resource: Resource, fieldSelector?: string): { items: KubeObject[]; watch: Watch } {
    this.pump();
    const node = resource.kind === 'Pod' ? nodeOf({ fieldSelector }) : undefined;
    const matches = node ? (pod: KubeObject) => pod.spec.nodeName === node : fieldSelector ? matcherOf(resource, selectorsOf({ fieldSelector }, this.#version), this.#version) : undefined;
    const stream = this.#cache.stream(prefixOf(resource));
    const part = node ? stream.onNode(node) : stream;
    const all = this.#tellLater(resource, stream) ? [] : this.#storage.every(resource);
    return { items: matches ? all.filter(matches) : all, watch: new Watch(part, part.end, { matches }) };
  }

  /**
   * The default roles concern no component until somebody writes one of their kind; until then nobody reads them.
   * Differs from Kubernetes: there a list holds them from the first moment.
   */
  #tellLater(resource: Resource, stream: ResourceStream): boolean {
    const restored = this.#restored.find((one) => one.has(resource));
    if (!restored || !this.#storage.isUntouched(resource)) return false;
    stream.untold ??= () => restored.of(resource);
    return true;
  }

  /** Selectors are read first, then options are looked at together, then it is asked whether this kind can be selected so. */
  #selected(resource: Resource, options: RequestOptions, check: (options: RequestOptions) => void) {
    const selectors = selectorsOf(options, this.#version);
    check(options);
    return matcherOf(resource, selectors, this.#version);
  }

  checkSelection(resource: Resource, options: RequestOptions): void {
    this.#selected(resource, options, checkListOptions);
  }

  /** What is read from the cache may not be of the future. */
  checkVersion(asked: number): void {
    const current = this.#storage.store.revision;
    if (asked > current) throw tooLarge(asked, current);
  }

  /** Brings the watch cache up to date with etcd. */
  pump(): void {
    const entries = this.#log.read();
    if (entries.length > 0) this.#cache.take(entries, this.wake);
  }

  /** Forgets the history up to `revision`. */
  trim(revision: number): void {
    this.#cache.trim(revision);
  }

  /** All watches end; the new process knows nothing that is not in etcd. */
  restart(): void {
    const { store } = this.#storage;
    this.#restored = [];
    this.#cache.close(this.wake);
    this.#cache = new WatchCache(store.revision, store);
    this.#log = store.watch();
  }
}
