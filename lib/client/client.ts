// The in-process client: every call is one request to the API server.
import { equal, findResource, isAlreadyExists, type KubeObject, type Kinds, type Manifest, notFound, type Resource, StatusError, type Version } from '../api/index.ts';
import { type ApiRequest, type ApiServer, attributesOfRequest, type AccessAttributes, decodeObject, EtcdTimeout, type RequestOptions, type Verb } from '../apiserver/index.ts';
import type { Actor, Clock, Loop, Random } from '../sim/index.ts';
import { ConnectionError } from './connection-error.ts';
import { EventBroadcaster } from './event-series.ts';
import { EventRecorder } from './events.ts';
import { Informer, Informers } from './informer.ts';
import { groupsOf, rawAnswer, type RawOptions } from './raw.ts';
import type { Cache, Client, DeleteOptions, EventOptions, Key, KindName, List, ListOptions, Of, PatchType, TokenRequestSpec, Watcher, WatchEvent, WriteOptions } from './types.ts';

export interface ClientOptions {
  server: ApiServer;
  loop: Loop;
  random: Random;
  /** User agent: `kube-scheduler`. */
  name: string;
  /** Who it is for the API server; by default `system:<name>`. */
  user?: string;
  /** The user's groups: with them every request is authorized, as that of a person. Components have none to show. */
  groups?: readonly string[];
  /** How it writes a status: most replace what they read, some patch it. Default `update`. */
  statusVerb?: 'update' | 'patch';
  /** Who its caches are for the API server, where many clients share them. */
  informerUser?: string;
  /** Source of its events where that is not its name, and the host it runs on where its events tell. */
  eventSource?: { component: string; host?: string };
  /** False writes every event, unlike client-go, which combines similar ones and silences talkative objects. */
  eventLimits?: boolean;
  /** A field selector for one kind's cache: a kubelet watches only its own node's pods. */
  fieldSelectors?: Record<string, string>;
  reachable?(): boolean;
  /** Lets time pass (milliseconds) where an answer takes its time: a person waits for it. */
  wait?(time: number): void;
  /** What every request is answered with: credentials that nobody has. */
  refused?: StatusError;
  /** The caches of the process, when several clients of it share them. */
  informers?: Informers;
}

export class InProcessClient implements Client {
  readonly name: string;
  readonly version: Version;
  readonly clock: Clock;
  readonly random: Random;
  #onWarning: ((text: string) => void) | undefined;
  #options: ClientOptions;
  #server: ApiServer;
  #user: string;
  #informers: Informers;
  #recorders = new Map<string, EventRecorder>();
  #broadcaster: EventBroadcaster | undefined;
  #started: number;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#server = options.server;
    this.name = options.name;
    this.version = options.server.version;
    this.clock = options.loop.clock;
    this.#started = this.clock.now;
    this.random = options.random;
    this.#user = options.user ?? `system:${options.name}`;
    this.#informers = options.informers ?? new Informers();
  }

  /** A setter, so that a client that is frozen for a judge can still be listened to. */
  set onWarning(hear: ((text: string) => void) | undefined) {
    this.#onWarning = hear;
  }

  resource(name: string): Resource | undefined {
    return findResource(name, this.version);
  }

  get<K extends KindName>(kind: K, { namespace, name }: Key, { subresource }: { subresource?: 'scale' } = {}): Of<K> {
    return this.#request('get', { resource: this.#of(kind), namespace, name, subresource }) as Of<K>;
  }

  list<K extends KindName>(kind: K, { namespace, ...options }: ListOptions = {}): List<Of<K>> {
    return this.#request('list', { resource: this.#of(kind), namespace, options }) as List<Of<K>>;
  }

  create<T extends KubeObject = KubeObject>(object: Manifest, options?: WriteOptions): T {
    const resource = this.#ofObject(object);
    const namespace = resource.namespaced ? (object.metadata?.namespace ?? 'default') : undefined;
    return this.#request('create', { resource, namespace, object: this.#checked(object, options), options }) as T;
  }

  /** What a person wrote is decoded as the server would: types and unknown fields are looked at. */
  #checked(object: Manifest, options: WriteOptions | undefined): Manifest {
    if (!options?.fieldValidation) return object;
    return decodeObject(this.#server, object.apiVersion!, object.kind!, object, options).object;
  }

  update<T extends KubeObject>(object: T, { subresource, ...options }: WriteOptions & { subresource?: string } = {}): T {
    const { namespace, name } = object.metadata;
    return this.#request('update', { resource: this.#ofObject(object), namespace, name, subresource: subresource as ApiRequest['subresource'], object: this.#checked(object, options), options }) as T;
  }

  updateStatus<T extends KubeObject>(object: T, status: Partial<T['status']>): T {
    const { namespace, name } = object.metadata;
    const resource = this.#ofObject(object);
    const present = this.#server.storage.find(resource, namespace, name);
    if (!present || present.metadata.uid !== object.metadata.uid) throw notFound(resource, name);
    if (present.status && changesNothing(status as Record<string, unknown>, present.status)) return present as T;
    return this.#request(this.#options.statusVerb ?? 'update', { resource, namespace, name, subresource: 'status', patch: { type: 'merge', body: { status } }, status }) as T;
  }

  patch<K extends KindName>(kind: K, { namespace, name }: Key, patch: unknown, options: WriteOptions & { type?: PatchType; subresource?: string; version?: string } = {}): Of<K> {
    const { type = 'strategic', subresource, ...rest } = options;
    const version = type === 'apply' ? (patch as Manifest).apiVersion?.split('/').at(-1) : rest.version;
    return this.#request('patch', { resource: this.#of(kind), version, namespace, name, subresource: subresource as ApiRequest['subresource'], patch: { type, body: patch }, options: rest }) as Of<K>;
  }

  delete(object: { kind: string; metadata: Key } | KubeObject, options: DeleteOptions = {}): KubeObject {
    const { namespace, name } = object.metadata;
    return this.#request('delete', { resource: this.#ofObject(object as Manifest), namespace, name, options }) as KubeObject;
  }

  createToken({ namespace, name }: Key, spec: TokenRequestSpec): KubeObject {
    const object = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec } as Manifest;
    return this.#request('create', { resource: this.#of('ServiceAccount'), namespace, name, subresource: 'token', object }) as KubeObject;
  }

  raw(path: string, options: RawOptions): any {
    this.#check();
    const { groups = groupsOf(this.#user), refused } = this.#options;
    if (refused) throw refused;
    return rawAnswer((request) => this.#server.http({ ...request, user: this.#user, userAgent: this.name, ...(groups && { groups }) }), path, options);
  }

  bind({ metadata }: Kinds['Pod'], nodeName: string): void {
    const { namespace, name, uid } = metadata;
    const object = { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace, uid }, target: { apiVersion: 'v1', kind: 'Node', name: nodeName } };
    this.#request('create', { resource: this.#of('Pod'), namespace, name, subresource: 'binding', object: object as Manifest });
  }

  evict({ metadata }: Kinds['Pod'], deleteOptions: DeleteOptions = {}): void {
    const { namespace, name } = metadata;
    const object = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace }, deleteOptions };
    this.#request('create', { resource: this.#of('Pod'), namespace, name, subresource: 'eviction', object: object as Manifest });
  }

  withManagedFields<T extends KubeObject>(object: T): T {
    return this.#server.withManagedFields(object) as T;
  }

  watch<K extends KindName>(kind: K, { namespace, ...options }: ListOptions = {}): Watcher<Of<K>> {
    this.#check();
    const resource = this.#of(kind);
    if (this.#options.groups) this.authorize(attributesOfRequest({ verb: 'watch', resource, namespace, name: undefined, subresource: undefined, options }));
    if (resource.remote) return this.#server.aggregator.watch({ verb: 'watch', resource, namespace, options, user: this.#user, groups: this.#options.groups, userAgent: this.name }) as Watcher<Of<K>>;
    const watch = this.#server.watch(resource, namespace, options);
    this.#server.noteRead('watch', { resource, user: this.#user, userAgent: this.name });
    return { read: () => watch.read() as WatchEvent<Of<K>>[], stop: () => watch.stop() };
  }

  find<K extends KindName>(kind: K, key: Key): Of<K> | undefined {
    return this.#informer(kind).cache.get(key) as Of<K> | undefined;
  }

  cache<K extends KindName>(kind: K): Cache<Of<K>> {
    return this.#informer(kind).cache as unknown as Cache<Of<K>>;
  }

  event(about: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string, options: EventOptions = {}): void {
    const component = options.component ?? this.#options.eventSource?.component ?? this.name;
    const { action, related } = options;
    if (action && this.version.has('scheduler-event-series')) {
      this.#broadcaster ??= this.#newBroadcaster();
      return this.#broadcaster.record({ regarding: about, related, type, reason, action, note: message, reportingController: component });
    }
    let recorder = this.#recorders.get(component);
    if (!recorder) this.#recorders.set(component, (recorder = this.#newRecorder(component)));
    recorder.record(about, type, reason, message, options.fieldPath);
  }

  #newRecorder(component: string): EventRecorder {
    const resource = this.#of('Event');
    return new EventRecorder({
      component,
      host: this.#options.eventSource?.host,
      limits: this.#options.eventLimits,
      clock: this.clock,
      offset: this.random.int(1000),
      create: (object) => this.#createEvent(resource, object),
      patch: (key, body) => void this.#request('patch', { resource, ...key, patch: { type: 'merge', body } }),
    });
  }

  #newBroadcaster(): EventBroadcaster {
    const resource = this.#of('Event.events.k8s.io');
    return new EventBroadcaster({
      host: this.#options.eventSource?.host ?? this.name,
      clock: this.clock,
      version: this.version,
      offset: this.random.int(1000),
      started: this.#started,
      create: (object) => this.#createEvent(resource, object),
      createStrictly: (object) => void this.#request('create', { resource, version: 'v1', namespace: object.metadata!.namespace, object: { ...object, apiVersion: 'v1' } }),
      patch: (key, body) => void this.#request('patch', { resource, version: 'v1', ...key, patch: { type: 'strategic', body } }),
    });
  }

  /** An event that cannot be written is lost, as in Kubernetes; the component goes on. False: its name is taken. */
  #createEvent(resource: Resource, object: Manifest): boolean {
    try {
      this.#request('create', { resource, namespace: object.metadata!.namespace, object, owned: true });
      return true;
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof ConnectionError)) throw error;
      return !isAlreadyExists(error);
    }
  }

  authorize(attributes: AccessAttributes): void {
    const { groups } = this.#options;
    if (groups) this.#server.authorizer.check({ name: this.#user, groups }, attributes);
  }

  /** The component crashed or was replaced: it reads nothing any more. */
  stop(): void {
    this.#broadcaster?.stop();
    this.#informers.stop();
  }

  /** Wakes `actor` through the loop (an informer's handler has given it work). */
  wake(actor: Actor): void {
    this.#options.loop.wake(actor);
  }

  #informer(kind: string): Informer {
    const { server, loop, name: component, fieldSelectors } = this.#options;
    return this.#informers.of(kind, () => new Informer({ component, user: this.#options.informerUser ?? this.#user, server, loop, resource: this.#of(kind), fieldSelector: fieldSelectors?.[kind], reachable: () => this.#reachable() }));
  }

  #patiently(request: ApiRequest, wait: (time: number) => void): unknown {
    try {
      return this.#server.handle(request);
    } catch (error) {
      if (error instanceof EtcdTimeout) wait(error.waited);
      throw error;
    }
  }

  /** What is refused before it is looked at is in the trace too. */
  #admitted(request: ApiRequest): void {
    try {
      if (this.#options.refused) throw this.#options.refused;
      this.authorize(attributesOfRequest(request));
    } catch (error) {
      if (error instanceof StatusError) this.#server.noteRefused(request, error);
      throw error;
    }
  }

  #resources = new Map<string, Resource>();
  #of(kind: string): Resource {
    let resource = this.#resources.get(kind);
    if (!resource) resource = this.#server.resourceOf(kind);
    // Custom kinds may change or go.
    if (!('schemaOf' in resource)) this.#resources.set(kind, resource);
    return resource;
  }

  /** The kind of an object, which may have the name of another group's. */
  #ofObject({ apiVersion = '', kind = '' }: Manifest): Resource {
    const resource = this.#resources.get(kind) ?? (findResource(kind, this.version) && this.#of(kind));
    const group = apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';
    return !resource || (apiVersion && resource.group !== group) ? this.#of(findResource(`${kind}.${group}`, this.version) ? `${kind}.${group}` : kind) : resource;
  }

  #reachable(): boolean {
    return this.#options.reachable?.() ?? true;
  }
  #check(): void {
    if (!this.#reachable()) throw new ConnectionError('dial tcp: connect: connection refused');
  }

  /** One shape for all requests: the server's hot path looks at it a dozen times. */
  #request(verb: Verb, { resource, version, namespace, name, subresource, object, owned, patch, status, options }: Parts): unknown {
    this.#check();
    const { name: userAgent } = this;
    const { groups, refused } = this.#options;
    const request: ApiRequest = { groups, verb, resource, version, namespace, name, subresource, object, owned, patch, status, options: options as RequestOptions, created: false, warn: this.#onWarning, user: this.#user, userAgent };
    if (refused || groups) this.#admitted(request);
    return this.#options.wait ? this.#patiently(request, this.#options.wait) : this.#server.handle(request);
  }
}

type Parts = Pick<ApiRequest, 'resource'> & Partial<Omit<ApiRequest, 'options'>> & { options?: object };

/** True when a merge of `part` would leave `whole` as it is. */
function changesNothing(part: Record<string, unknown>, whole: Record<string, unknown>): boolean {
  for (const key in part) if (!equal(part[key], whole[key])) return false;
  return true;
}

