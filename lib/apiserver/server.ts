// The API server: takes a request, answers with a value or throws a StatusError.
import { type CertificateAuthority, type KubeObject, type Resource, StatusError, type TokenSigner, type Version } from '../api/index.ts';
import type { Store } from '../etcd/index.ts';
import type { Actor, Clock, Random } from '../sim/index.ts';
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
import { ListWatch } from './list-watch.ts';
import { Registry } from './registry.ts';
import type { ApiRequest, ObjectList, RequestOptions, RequestRecord } from './request.ts';
import { answerMetrics } from './metrics.ts';
import { createOpenapi } from './openapi/index.ts';
import { ServedKinds } from './served-kinds.ts';
import { ServiceAddresses, type ServiceRanges } from './service-addresses.ts';
import { Storage } from './storage.ts';
import { seededSigner, Tokens } from './tokens/index.ts';
import { standInAuthority } from './stand-in-authority.ts';
import { Trace } from './trace.ts';
import type { Watch } from './watch.ts';
import { partsOf } from './wiring.ts';

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
  #kinds: ServedKinds;
  #listWatch: ListWatch;
  #clock: Clock;
  #trace: Trace;
  #events: EventLeases;
  #addresses: ServiceAddresses;
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
    this.#kinds = new ServedKinds(this.version);
    const restored = bootstrapPolicy && store.empty ? this.#restore(version, store, random) : [];
    this.#listWatch = new ListWatch({ storage: this.storage, kinds: this.#kinds, version: this.version, restored });
    this.#trace = new Trace(traceLimit);
    this.#addresses = new ServiceAddresses({ serviceCIDR, nodePorts }, random.fork('service addresses'), this.version);
    this.#addresses.reset(this.storage.every(this.resourceOf('Service')));
    this.#events = new EventLeases(store, clock);
    const parts = partsOf(this, { clock, random, serviceCIDR, addresses: this.#addresses, events: this.#events });
    this.authorizer = createAuthorizer(parts, this.version);
    this.registry = new Registry(parts, admission);
    this.tokens = new Tokens(parts, tokenSigner);
    this.#definitions = new CustomDefinitions(this.registry);
    this.aggregator = new Aggregator(this);
  }

  /** What a new store begins with. `release` is the table's own: what each release begins with is made once for all servers. */
  #restore(release: Version, store: Store, random: Random): RestoredPolicy[] {
    const now = this.#clock.now;
    const made = (object: KubeObject) => this.registry.fields.noteRestored(object, now);
    const builtIns = restoreBuiltIns(store, { version: this.version, random: random.fork('built-in objects'), now, made });
    return [builtIns, restorePolicy(store, { version: release, random: random.fork('bootstrap policy'), now, made })];
  }

  /** Who is asked whether a user may do what a request over HTTP wants; RBAC belongs here. */
  authorizers: readonly Authorizer[] = [byRoles(this)];

  /** Calls back when custom kinds came, changed or went. */
  onDefinitions(hear: () => void): void {
    this.#definitions.listeners.push(hear);
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
    return this.#kinds.resourceOf(kind);
  }

  /** The apiVersion in which objects of this resource are stored. */
  storedVersion(resource: Resource): string {
    return this.#kinds.storedVersion(resource);
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
    return this.#listWatch.list(resource, namespace, options);
  }

  /** Opens a watch after `resourceVersion`; without one it begins with what there is. */
  watch(resource: Resource, namespace: string | undefined, options: RequestOptions = {}): Watch {
    return this.#listWatch.watch(resource, namespace, options);
  }

  /** A list and a watch from then on, as a component's cache begins; both are in the trace. */
  follow({ resource, user, userAgent }: Pick<ApiRequest, 'resource' | 'user' | 'userAgent'>, fieldSelector?: string): { items: KubeObject[]; watch: Watch } {
    const followed = this.#listWatch.follow(resource, fieldSelector);
    for (const verb of ['list', 'watch'] as const) this.#trace.record(this.#clock.now, { verb, resource, user, userAgent, ...(fieldSelector && { options: { fieldSelector } }) }, 200);
    return followed;
  }

  /** What a deletecollection says of what it means is looked at before what it says of how. */
  checkSelection(resource: Resource, options: RequestOptions): void {
    this.#listWatch.checkSelection(resource, options);
  }

  /** What is read from the cache may not be of the future. */
  checkVersion(asked: number): void {
    this.#listWatch.checkVersion(asked);
  }

  /** Brings the watch cache up to date with etcd; `wake` is told who has something to read. */
  pump(): void {
    this.#listWatch.pump();
  }

  /** Set by the cluster's loop. */
  set wake(wake: (actor: Actor) => void) {
    this.#listWatch.wake = wake;
  }

  /** What a new process knows: nothing that is not in etcd. All watches end. */
  restart(): void {
    this.storage.forget();
    this.#listWatch.restart();
    this.#events.restart();
    this.#addresses.reset(this.storage.every(this.resourceOf('Service')));
    this.#definitions.restart();
    this.aggregator.restart();
  }

  /** Forgets history older than now, as the API server asks etcd to do every five minutes. */
  compact(revision = this.storage.store.revision): void {
    this.pump();
    this.registry.fields.settle();
    if (revision > this.storage.store.compactRevision) this.storage.store.compact(revision);
    this.#listWatch.trim(revision);
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
