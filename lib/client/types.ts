// What every component holds in its hand: a client of the API server with its own caches.
import type { Kind, Kinds, KubeObject, Manifest, Resource, Version } from '../api/index.ts';
import type { AccessAttributes } from '../apiserver/index.ts';
import type { Clock, Random } from '../sim/index.ts';
import type { RawOptions } from './raw.ts';

/** Names one object. Cluster-scoped objects have no namespace. */
export interface Key {
  namespace?: string;
  name: string;
}

export type KindName = Kind | (string & {});
/** The type of a kind: typed for the kinds the library knows, a plain object for others. */
export type Of<K extends string> = K extends Kind ? Kinds[K] : KubeObject;

export interface ListOptions {
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  limit?: number;
  continue?: string;
  resourceVersion?: string;
}

export interface List<T> {
  items: T[];
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
}

export interface WriteOptions {
  dryRun?: boolean;
  fieldManager?: string;
  /** A server-side apply that takes over the fields of others. */
  force?: boolean;
  /** `Strict` refuses unknown fields, `Warn` warns, `Ignore` drops them. */
  fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
}

export interface DeleteOptions {
  gracePeriodSeconds?: number;
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  preconditions?: { uid?: string; resourceVersion?: string };
  dryRun?: boolean;
}

export interface TokenRequestSpec {
  /** Default: the API server. */
  audiences?: readonly string[];
  expirationSeconds?: number;
  /** A Pod, Secret or Node with which the token ends. */
  boundObjectRef?: { kind: string; apiVersion: string; name: string; uid?: string };
}

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

export interface WatchEvent<T = KubeObject> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  object: T;
}

/** A cursor into the server's log. Reading moves it; writing never calls it. */
export interface Watcher<T = KubeObject> {
  /** The events since the last read, oldest first. Throws a StatusError `Expired` (410) when they were compacted. */
  read(): WatchEvent<T>[];
  stop(): void;
}

/** Objects that share an index value. Counters are kept by events, so reading one costs nothing. */
export interface Group<T> extends Iterable<T> {
  readonly size: number;
  /** The value of a counter that the index declared, 0 when there is none. */
  count(counter: string): number;
}

/** A component's own copy of one kind, fed by its watch; it may lag behind the server. */
export interface Cache<T> extends Iterable<T> {
  readonly size: number;
  /** False until the server has told for the first time what there is. */
  readonly synced: boolean;
  get(key: Key): T | undefined;
  /** All objects of one namespace (an index, no scan). */
  inNamespace(namespace: string): Group<T>;
  /** Objects whose controller (ownerReference with controller: true) has this uid. */
  ownedBy(uid: string): Group<T>;
  /** An index of one's own; made once, kept by events. */
  by(index: string, value: string): Group<T>;
  /** Declares an index: `values` gives the values an object is found under, `counters` numbers to sum per value. */
  index(name: string, values: (object: T) => readonly string[], counters?: Record<string, (object: T) => number>): void;
  /** Called for each change when this component takes it in (not when it happens). */
  on(handler: (event: CacheEvent<T>) => void): void;
}

/** A typed, synchronous client. Reads with get and list are requests; find and cache read the component's own copy. */
export interface Client {
  /** User agent, as `cluster.requests()` shows it: `kube-scheduler`. */
  readonly name: string;
  readonly version: Version;
  readonly clock: Clock;
  readonly random: Random;
  get<K extends KindName>(kind: K, key: Key, options?: { subresource?: 'scale' }): Of<K>;
  list<K extends KindName>(kind: K, options?: ListOptions): List<Of<K>>;
  create<T extends KubeObject = KubeObject>(object: Manifest, options?: WriteOptions): T;
  update<T extends KubeObject>(object: T, options?: WriteOptions & { subresource?: string }): T;
  /** Writes `status` (merged over the present one's fields); an unchanged status is no request. */
  updateStatus<T extends KubeObject>(object: T, status: Partial<T['status']>): T;
  /** `subresource` may be `status`, `scale` …; a json patch is an array. With `version` the patch is one of the object in that version. */
  patch<K extends KindName>(kind: K, key: Key, patch: unknown, options?: WriteOptions & { type?: PatchType; subresource?: string; version?: string }): Of<K>;
  delete(object: { kind: string; metadata: Key } | KubeObject, options?: DeleteOptions): KubeObject;
  /** The serviceaccounts/token subresource: a TokenRequest with its answer. */
  createToken(account: Key, spec: TokenRequestSpec): KubeObject;
  /** The data behind a path: what other API servers answer, or a subresource of any kind. A refusal is thrown. */
  raw(path: string, options: RawOptions): any;
  /** The pods/binding subresource. */
  bind(pod: Kinds['Pod'], nodeName: string): void;
  /** The pods/eviction subresource: deletes the pod where its budget allows it, and throws `TooManyRequests` where not. */
  evict(pod: Kinds['Pod'], deleteOptions?: DeleteOptions): void;
  watch<K extends KindName>(kind: K, options?: ListOptions): Watcher<Of<K>>;
  /** The cached object, undefined when this component has not (yet) seen it. */
  find<K extends KindName>(kind: K, key: Key): Of<K> | undefined;
  cache<K extends KindName>(kind: K): Cache<Of<K>>;
  /** Records an Event about an object; equal events are counted, or become a series, as client-go's recorders do. */
  event(about: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string, options?: EventOptions): void;
  /** The object with `metadata.managedFields`, which are found out when somebody asks for them. */
  withManagedFields<T extends KubeObject>(object: T): T;
  /** Told what the server warns of. */
  onWarning?: ((text: string) => void) | undefined;
  /** Throws the 403 of what this client's user may not do; for what is no request to the API server itself (logs, exec). */
  authorize?(attributes: AccessAttributes): void;
  /** The row of the table of kinds; resolves `po`, `pods`, `Pod`, `deployments.apps`. */
  resource(name: string): Resource | undefined;
}

export interface EventOptions {
  component?: string;
  fieldPath?: string;
  /** With it the event goes through events.k8s.io/v1: what was done, or tried. */
  action?: string;
  /** Another object that the event is about. */
  related?: KubeObject;
}

/** A change in a cache, as the handlers of an informer see it. */
export interface CacheEvent<T = KubeObject> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: T;
  /** The former object, for MODIFIED. */
  old?: T;
}

/** A name to look at, at once or `after` so many milliseconds. */
export interface Request extends Key {
  after?: number;
}

/** What makes a controller look at a name again. */
export interface Watch {
  kind: string;
  requests(event: CacheEvent<any>, client: Client): Request[];
}

/** Reconciles one name at a time; is told a name, never an event. Throwing means back-off. */
export interface Controller {
  name: string;
  watches: Watch[];
  /** Called once before the first reconcile: declare indexes and timers here.
   * `follow` adds a watch, then or later. */
  start?(follow: (watch: Watch) => void): void;
  reconcile(request: Key): void | { requeueAfter: number };
}
