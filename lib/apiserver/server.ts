// The API server: takes a request, answers with a value or throws a StatusError.
import { type CertificateAuthority, type CustomResource, findResource, groupVersionOf, type KubeObject, type Resource, servedVersions, StatusError, type TokenSigner, type Version } from '../api/index.ts';
import type { LogEntry, Store } from '../etcd/index.ts';
import { type Actor, type Clock, type Random, timestamp } from '../sim/index.ts';
import { Aggregator } from './aggregator.ts';
import { type Admission, defaultAdmission } from './admission/index.ts';
import { admitConnect, type Connection } from './admission/connect.ts';
import type { CallWebhook } from './admission/webhooks.ts';
import { type Authorizer as RoleAuthorizer, createAuthorizer } from './authorization/index.ts';
import { type RestoredPolicy, restorePolicy } from './authorization/restore-policy.ts';
import { restoreBuiltIns } from './restore-built-ins.ts';
import { type Authorizer, byRoles } from './authorization.ts';
import { CustomDefinitions } from './custom-definitions.ts';
import { dispatch } from './dispatch.ts';
import { EventLeases } from './event-leases.ts';
import { type HttpRequest, type HttpResponse, serveHttp } from './http.ts';
import { checkListOptions, checkWatchOptions, parseListVersion, parseResourceVersion } from './list-options.ts';
import type { ServerParts } from './parts.ts';
import { Registry } from './registry.ts';
import { type ApiRequest, type ObjectList, type RequestOptions, type RequestRecord } from './request.ts';
import { matcherOf, namesOne, nodeOf, selectorsOf } from './select.ts';
import { answerMetrics } from './metrics.ts';
import { createOpenapi } from './openapi/index.ts';
import { ServiceAddresses, type ServiceRanges } from './service-addresses.ts';
import { prefixOf, Storage, tooLarge } from './storage.ts';
import { seededSigner, Tokens } from './tokens/index.ts';
import { standInAuthority } from './stand-in-authority.ts';
import { Trace } from './trace.ts';
import { Watch } from './watch.ts';
import { expired, type ResourceStream, WatchCache } from './watch-cache.ts';

export interface ApiServerOptions extends Partial<ServiceRanges> {
  store: Store;
  clock: Clock;
  random: Random;
  version: Version;
  admission?: readonly Admission[];
  /** Signs the tokens of service accounts. Default: a secret drawn from the seed. */
  tokenSigner?: TokenSigner;
  /** Signs certificates. Default: a stand-in, whose certificates are words. */
  certificates?: CertificateAuthority;
  /** Puts the default roles and bindings into the store when it is new. */
  bootstrapPolicy?: boolean;
  /** How many requests `requests()` remembers; the oldest go first. */
  traceLimit?: number;
}

export class ApiServer {
  readonly version: Version;
  readonly storage: Storage;
  readonly registry: Registry;
  readonly tokens: Tokens;
  /** Signs the certificates that are asked for. */
  certificates: CertificateAuthority;
  #cache: WatchCache;
  #log: { read(): LogEntry[] };
  #clock: Clock;
  #trace: Trace;
  #events: EventLeases;
  #addresses: ServiceAddresses;
  /** What the store began with. */
  #restored: RestoredPolicy[] = [];
  #definitions: CustomDefinitions;
  /** Hands on what other API servers answer. */
  readonly aggregator: Aggregator;
  /** Who may do what. Components inside this process are not asked; who serves the API to others asks before each request. */
  readonly authorizer: RoleAuthorizer;

  constructor({ store, clock, random, version, admission = defaultAdmission, tokenSigner = seededSigner(random), certificates = standInAuthority(clock.now), bootstrapPolicy = false, serviceCIDR = '10.96.0.0/16', nodePorts = [30000, 32767], traceLimit = 200_000 }: ApiServerOptions) {
    // One server's custom kinds are not another's, whoever else has the same release.
    this.version = { ...version };
    this.storage = new Storage(store);
    this.certificates = certificates;
    this.#clock = clock;
    if (bootstrapPolicy && store.empty) {
      const now = clock.now;
      const made = (object: KubeObject) => this.registry.fields.noteRestored(object, now);
      this.#restored.push(restoreBuiltIns(store, { version: this.version, random: random.fork('built-in objects'), now, made }));
      this.#restored.push(restorePolicy(store, { version, random: random.fork('bootstrap policy'), now, made }));
    }
    this.#cache = new WatchCache(store.revision, store);
    this.#log = store.watch();
    this.#trace = new Trace(traceLimit);
    this.#addresses = new ServiceAddresses({ serviceCIDR, nodePorts }, random.fork('service addresses'), this.version);
    this.#addresses.reset(this.storage.every(this.resourceOf('Service')));
    this.#events = new EventLeases(store, clock);
    const parts = this.#parts(random, serviceCIDR);
    this.authorizer = createAuthorizer(parts, this.version);
    this.registry = new Registry(parts, admission);
    this.tokens = new Tokens(parts, tokenSigner);
    this.#definitions = new CustomDefinitions(this.registry);
    this.aggregator = new Aggregator(this);
  }

  #parts(random: Random, serviceCIDR: string): ServerParts {
    const clock = this.#clock;
    const server = this;
    return {
      get certificates() {
        return server.certificates;
      },
      storage: this.storage,
      version: this.version,
      ipFamilies: serviceCIDR.split(',').map((cidr) => (cidr.includes(':') ? 'IPv6' : 'IPv4')),
      callWebhook: (...call) => this.callWebhook(...call),
      loopback: (request) => this.handle(request),
      authorizer: () => this.authorizer,
      random,
      clock: {
        get now() {
          return clock.now;
        },
        timestamp: () => timestamp(clock.now),
      },
      find: (kind, { namespace, name }) => this.storage.find(this.resourceOf(kind), namespace, name),
      resourceOf: (kind) => this.resourceOf(kind),
      storedVersion: (resource) => this.storedVersion(resource),
      leaseFor: (resource) => (resource.kind === 'Event' ? this.#events.current() : 0),
      allocates: (resource) => resource.kind === 'Service',
      allocate: (resource, object, options) => (resource.kind === 'Service' ? this.#addresses.around(resource, object, options) : options.write()),
      released: (resource, object) => {
        if (resource.kind === 'Service') this.#addresses.release(object);
      },
    };
  }

  /** Who is asked whether a user may do what a request over HTTP wants; RBAC belongs here. */
  authorizers: readonly Authorizer[] = [byRoles(this)];

  /** Told when custom kinds came, changed or went. */
  set onDefinitions(hear: () => void) {
    this.#definitions.onChange = hear;
  }

  /** Answers a request as it comes over HTTP. */
  http(request: HttpRequest): HttpResponse {
    return serveHttp(this, request);
  }

  /** Answers a path below /openapi; undefined where there is nothing. Made when it is first asked. */
  openapi(path: string): HttpResponse | undefined {
    this.#openapi ??= createOpenapi(this);
    return this.#openapi(path);
  }
  #openapi: ReturnType<typeof createOpenapi> | undefined;

  /** An object with its managed fields, as HTTP shows it; in the store those of components' writes are not reckoned up. */
  withManagedFields(object: KubeObject): KubeObject {
    return this.registry.fields.view(object);
  }

  /** Milliseconds of virtual time. */
  get now(): number {
    return this.#clock.now;
  }

  /** The row of a kind that this release serves. */
  resourceOf(kind: string): Resource {
    let resource = this.#resources.get(kind);
    if (resource) return resource;
    resource = findResource(kind, this.version) ?? findResource(kind);
    if (!resource) throw new RangeError(`no kind ${kind}`);
    if (!('schemaOf' in resource)) this.#resources.set(kind, resource);
    return resource;
  }
  #resources = new Map<string, Resource>();

  #stored = new Map<Resource, string>();
  storedVersion(resource: Resource): string {
    let apiVersion = this.#stored.get(resource);
    if (!apiVersion) {
      apiVersion = resource.storedAs ?? groupVersionOf(resource, servedVersions(resource, this.version)[0] ?? resource.versions[0]!.version);
      if (!('schemaOf' in resource)) this.#stored.set(resource, apiVersion);
    }
    return apiVersion;
  }

  /** Answers one request. Throws a StatusError when it is refused. */
  handle(request: ApiRequest): unknown {
    try {
      this.#definitions.check(request);
      const answer = dispatch(this, request);
      this.#definitions.after(request);
      this.aggregator.after(request);
      this.#trace.record(this.#clock.now, request, request.verb === 'create' ? 201 : 200);
      return answer;
    } catch (error) {
      if (error instanceof StatusError) this.#trace.record(this.#clock.now, request, error.code);
      throw error;
    }
  }

  /** Set by the cluster: false while etcd does not answer. */
  etcdAnswers: () => boolean = () => true;

  /** Throws when a webhook refuses a connection to a pod. */
  admitConnect(connection: Connection): void {
    admitConnect(this.registry.parts, connection);
  }

  /** Set by the cluster: reaches an admission webhook. */
  callWebhook: CallWebhook = () => {
    throw new Error('dial tcp: connect: connection refused');
  };

  /** Set by the cluster: whether a process of the control plane runs. */
  isRunning: (process: string) => boolean = () => true;

  /** Set by the cluster: asks the kubelet of the pod's node. */
  readLog: (pod: KubeObject, container: string, options: RequestOptions) => string = () => '';

  list(resource: Resource, namespace: string | undefined, options: RequestOptions = {}): ObjectList {
    const { limit, resourceVersion, resourceVersionMatch } = options;
    const matches = this.#selected(resource, options, checkListOptions);
    const asked = parseListVersion(resource, options);
    const revision = resourceVersionMatch === 'Exact' || (limit && limit > 0 && asked > 0 && resourceVersionMatch !== 'NotOlderThan') ? asked : 0;
    // What is read from the cache comes whole when any version will do.
    if (!revision && !options.continue) this.checkVersion(asked);
    return this.storage.list(resource, this.storedVersion(resource), { namespace, limit: (resourceVersion === '0' && !options.continue) || namesOne(options) ? undefined : limit, continue: options.continue, resourceVersion, revision, matches });
  }

  /** Selectors are read first, then options are looked at together, then it is asked whether this kind can be selected so. */
  #selected(resource: Resource, options: RequestOptions, check: (options: RequestOptions) => void) {
    const selectors = selectorsOf(options, this.version);
    check(options);
    return matcherOf(resource, selectors, this.version);
  }

  /** What a deletecollection says of what it means is looked at before what it says of how. */
  checkSelection(resource: Resource, options: RequestOptions): void {
    this.#selected(resource, options, checkListOptions);
  }

  /** What is read from the cache may not be of the future. */
  checkVersion(asked: number): void {
    const current = this.storage.store.revision;
    if (asked > current) throw tooLarge(asked, current);
  }

  /** Opens a watch after `resourceVersion`; without one it begins with what there is. */
  watch(resource: Resource, namespace: string | undefined, options: RequestOptions = {}): Watch {
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
      const first = this.storage.list(resource, '', { namespace, matches }).items.map((object) => ({ type: 'ADDED' as const, object }));
      return new Watch(part, part.end, { matches, first });
    }
    const after = parseResourceVersion(from);
    const since = 'since' in resource ? (resource as CustomResource).since : 0;
    if (after < since) throw expired(after, since);
    return new Watch(part, part.after(after), { matches });
  }

  /** A list and a watch from then on, as a component's cache begins; both are in the trace. */
  follow({ resource, user, userAgent }: Pick<ApiRequest, 'resource' | 'user' | 'userAgent'>, fieldSelector?: string): { items: KubeObject[]; watch: Watch } {
    this.pump();
    const node = resource.kind === 'Pod' ? nodeOf({ fieldSelector }) : undefined;
    const matches = node ? (pod: KubeObject) => pod.spec.nodeName === node : fieldSelector ? matcherOf(resource, selectorsOf({ fieldSelector }, this.version), this.version) : undefined;
    const stream = this.#cache.stream(prefixOf(resource));
    const part = node ? stream.onNode(node) : stream;
    const all = this.#tellLater(resource, stream) ? [] : this.storage.every(resource);
    for (const verb of ['list', 'watch'] as const) this.#trace.record(this.#clock.now, { verb, resource, user, userAgent, ...(fieldSelector && { options: { fieldSelector } }) }, 200);
    return { items: matches ? all.filter(matches) : all, watch: new Watch(part, part.end, { matches }) };
  }

  /**
   * The default roles concern no component until somebody writes one of their kind; until then nobody reads them.
   * Differs from Kubernetes: there a list holds them from the first moment.
   */
  #tellLater(resource: Resource, stream: ResourceStream): boolean {
    const restored = this.#restored.find((one) => one.has(resource));
    if (!restored || !this.storage.isUntouched(resource)) return false;
    stream.untold ??= () => restored.of(resource);
    return true;
  }

  /** Brings the watch cache up to date with etcd; `wake` is told who has something to read. */
  pump(): void {
    const entries = this.#log.read();
    if (entries.length > 0) this.#cache.take(entries, this.wake);
  }

  /** What a new process knows: nothing that is not in etcd. All watches end. */
  restart(): void {
    const { store } = this.storage;
    this.storage.forget();
    this.#restored = [];
    this.#cache.close(this.wake);
    this.#cache = new WatchCache(store.revision, store);
    this.#log = store.watch();
    this.#events.restart();
    this.#addresses.reset(this.storage.every(this.resourceOf('Service')));
    this.#definitions.restart();
    this.aggregator.restart();
  }

  /** Set by the cluster's loop. */
  wake: (actor: Actor) => void = () => {};

  /** Forgets history older than now, as the API server asks etcd to do every five minutes. */
  compact(revision = this.storage.store.revision): void {
    this.pump();
    this.registry.fields.settle();
    if (revision > this.storage.store.compactRevision) this.storage.store.compact(revision);
    this.#cache.trim(revision);
  }

  /** Puts a list or a watch of a component's cache among the requests; its objects were handed over without one. */
  noteRead(verb: 'get' | 'list' | 'watch', request: Omit<ApiRequest, 'verb'>): void {
    this.#trace.record(this.#clock.now, { ...request, verb }, 200);
  }

  /** Puts a request among the requests that authentication or authorization has refused. */
  noteRefused(request: ApiRequest, { code }: StatusError): void {
    this.#trace.refused(this.#clock.now, request, code);
  }

  /** GET and DELETE of /metrics. */
  metrics(method: string): HttpResponse | undefined {
    return answerMetrics(method, { version: this.version, storage: this.storage, trace: this.#trace });
  }

  /** How many requests have been answered, those that are forgotten too. */
  get requestCount(): number {
    return this.#trace.count;
  }

  /** The requests so far, oldest first. */
  requests(): readonly RequestRecord[] {
    return this.#trace.all;
  }
}
