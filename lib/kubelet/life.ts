// One run of a kubelet, from its start until it stops or crashes: what it hears of pods goes to their workers.
import { bytes, cpuMilli, isPodTerminal, type Pod, standInKey } from '../api/index.ts';
import type { CacheEvent } from '../client/index.ts';
import type { Answering, HttpRequest, HttpResponse } from '../machine/index.ts';
import type { Actor } from '../sim/index.ts';
import { Admission } from './admission.ts';
import { containerReference } from './container-reference.ts';
import { type Configuration, readConfiguration } from './configuration.ts';
import { Doorkeeper } from './doorkeeper.ts';
import { KubeletServer } from './https-server.ts';
import { ImageManager, type RecordEvent } from './images.ts';
import type { KubeletClient, KubeletOptions } from './options.ts';
import { loginFor } from './pull-secrets.ts';
import { NodeAgent } from './node-agent.ts';
import { NodeManagers } from './node-managers.ts';
import { page } from './pages.ts';
import { PodSync } from './pod-sync.ts';
import { latest } from './pod-status.ts';
import { Prober } from './probes.ts';
import { allocatedPod, noteResize, rememberResize } from './resize.ts';
import { isMirror } from './static-pods/manifest.ts';
import { ServingCertificate } from './serving-certificate.ts';
import { workerUse } from './stats/index.ts';
import { StaticPods } from './static-pods/static-pods.ts';
import { Disks } from './volumes/disks.ts';
import { newWorker, type Worker } from './worker.ts';

export class Life implements Actor {
  readonly name: string;
  #options: KubeletOptions & { nodeName: string };
  #client: KubeletClient;
  #agent: NodeAgent;
  #images: ImageManager;
  #prober: Prober;
  #pods: PodSync;
  #admission: Admission;
  #doorkeeper: Doorkeeper;
  #workers = new Map<string, Worker>();
  #queue: Worker[] = [];
  #managers: NodeManagers;
  #static: StaticPods;
  #disks: Disks;
  #started = false;
  #configuration: Configuration;
  #server: KubeletServer | undefined;
  readonly #serving: ServingCertificate;
  #mayHaveStrangers = false;
  #stopped = false;

  constructor(options: KubeletOptions & { nodeName: string }) {
    const { connect, loop, machine, runtime, network, nodeName, random, maxPods = 110, labels = {}, taints = [], services = noServices, externalCloud, csiDrivers = [] } = options;
    const { clock } = loop;
    this.name = `kubelet/${nodeName}`;
    this.#options = options;
    const client = connect();
    this.#client = client;
    const { version } = client;
    const node = { name: nodeName, ip: machine.ip, ips: machine.ips };
    const event: RecordEvent = (worker, container, type, reason, message) => client.event(worker.pod, type, reason, message, containerReference(worker.pod, container));
    const configuration = (this.#configuration = readConfiguration(machine));
    this.#disks = new Disks({ client, nodeName, node: () => this.#agent.node, drivers: csiDrivers.map(({ name }) => name) });
    this.#agent = new NodeAgent({ client, clock, random, machine, runtime, nodeName, maxPods, labels, taints, configuration, externalCloud, csiDrivers, has: (pressure) => this.#managers.has(pressure), shuttingDown: () => this.#managers.shuttingDown, volumesInUse: () => (this.#started ? this.#disks.inUse() : undefined), heartbeat: () => this.#resend() });
    this.#images = new ImageManager({ runtime, clock, version, event, login: ({ pod }, image) => loginFor(pod, image, client), done: (worker) => this.#enqueue(worker) });
    this.#prober = new Prober({ clock, random, version, runtime, network, node, event, changed: (worker) => this.#probed(worker) });
    this.#serving = new ServingCertificate({ client, machine, nodeName, bootstrap: configuration.serverTLSBootstrap, newKey: options.newKey ?? (() => standInKey), registered: () => this.#agent.node !== undefined });
    const { allocatable: offered } = this.#agent.resources;
    const allocatable = { cpu: cpuMilli(offered['cpu']), memory: bytes(offered['memory']), pods: maxPods };
    this.#admission = new Admission(allocatable, version);
    const kill = (worker: Worker, why: NonNullable<Worker['failed']>) => this.#kill(worker, why);
    const evict = (worker: Worker, message: string, grace = 0) => {
      client.event(worker.pod, 'Warning', 'Evicted', message);
      kill(worker, { reason: 'Evicted', message, grace });
    };
    this.#static = new StaticPods({
      client, machine, nodeName,
      path: configuration.staticPodPath,
      node: () => this.#agent.node,
      add: (pod) => this.#add(pod, { isStatic: true }),
      remove: (worker) => this.#removed(worker),
      enqueue: (worker) => this.#enqueue(worker),
    });
    this.#pods = new PodSync({
      client, clock, random, version, machine, runtime, network, images: this.#images, prober: this.#prober, event,
      podEvent: (worker, type, reason, message) => client.event(worker.pod, type, reason, message),
      sources: { client, node, allocatable: offered, services },
      evict,
      allocate: (pod) => this.#admission.resize(pod),
      mirrors: this.#static.mirrors,
      disks: this.#disks,
      wakeAt: (worker, at) => this.#wakeAt(worker, at),
    });
    this.#managers = new NodeManagers({
      clock, machine, runtime, version, configuration, workers: this.#workers, evict, kill,
      nodeEvent: (type, reason, message) => this.#agent.event(type, reason, message),
      look: () => this.#agent.look(),
    });
    this.#doorkeeper = new Doorkeeper({
      client, kill,
      admission: this.#admission,
      managers: this.#managers,
      workers: this.#workers,
      node: { known: () => this.#agent.node, fresh: () => this.#agent.freshNode() },
    });
  }

  start(): void {
    this.#agent.start();
    this.#serving.start();
    this.#static.start();
    const pods = this.#client.cache('Pod');
    for (const pod of pods) {
      if (isMirror(pod)) this.#static.observe('ADDED', pod);
      else this.#add(pod);
    }
    pods.on((event) => this.#observe(event));
    this.#options.runtime.onChange = (uid) => this.#runtimeChanged(uid);
    this.#managers.start();
    this.#started = true;
    this.#mayHaveStrangers = true;
    this.#endStrangers();
  }

  /** Containers of pods that were deleted while nobody looked: whose they are is known when the server has told all pods. */
  #endStrangers(): void {
    if (!this.#mayHaveStrangers || !this.#client.cache('Pod').synced) return;
    this.#mayHaveStrangers = false;
    for (const uid of this.#options.runtime.pods.keys()) if (!this.#workers.has(uid)) this.#runtimeChanged(uid);
  }

  stop(): void {
    this.#stopped = true;
    this.#agent.stop();
    this.#serving.stop();
    this.#images.stop();
    this.#static.stop();
    this.#managers.stop();
    for (const worker of this.#workers.values()) this.#pods.forget(worker);
    this.#options.runtime.onChange = undefined;
    this.#options.loop.forget(this);
    this.#client.stop?.();
  }

  reconnect(): void {
    this.#agent.look();
    this.#resend();
  }

  useChanged(what: 'memory' | 'disk'): void {
    this.#managers.changed(what);
  }

  ready(): boolean {
    return this.#queue.length > 0;
  }

  /** Each pod that waits takes its turn: in a real kubelet each has a worker of its own. */
  step(): void {
    const queue = this.#queue;
    this.#queue = [];
    for (const worker of queue) {
      worker.queued = false;
      this.#pods.sync(worker);
      if (hasEnded(worker)) this.#admission.release(worker.uid);
      if (worker.gone && !this.#options.runtime.pods.has(worker.uid)) this.#forget(worker);
    }
    this.#managers.stepped();
  }

  /** As last heard of. */
  pods(): Pod[] {
    return [...this.#workers.values()].map(({ pod }) => pod);
  }

  /** What it shows. */
  page(path: string): HttpResponse {
    const { nodeName, machine, runtime, system = workerUse } = this.#options;
    return page(path, { nodeName, machine, runtime, system, version: this.#client.version, pods: () => this.pods() });
  }

  /** False while it has no certificate to show. */
  get serves(): boolean {
    return this.#serving.current !== undefined;
  }

  listener(port: number): Answering | undefined {
    const { readOnlyPort } = this.#configuration;
    if (port === readOnlyPort && readOnlyPort > 0) return ({ path }) => this.page(path);
    if (port !== 10250) return undefined;
    const { nodeName } = this.#options;
    const server = (this.#server ??= new KubeletServer({ nodeName, client: this.#client, configuration: this.#configuration, page: (path) => this.page(path) }));
    const certificate = this.#serving.current ?? ('none' as const);
    return Object.assign((request: HttpRequest) => ({ ...server.answer(request), ...(certificate !== 'none' && { certificate }) }), { certificate });
  }

  #observe({ type, object }: CacheEvent<Pod>): void {
    if (this.#stopped) return;
    if (isMirror(object)) return this.#static.observe(type, object);
    const worker = this.#workers.get(object.metadata.uid);
    if (type === 'DELETED') {
      if (worker) this.#removed(worker);
      return;
    }
    if (!worker) return void this.#add(object);
    const { pod } = worker;
    if (Number(object.metadata.resourceVersion) < Number(pod.metadata.resourceVersion)) return;
    worker.pod = object;
    if (pod.spec !== object.spec) noteResize(worker, pod);
    if (pod.spec.ephemeralContainers !== object.spec.ephemeralContainers) worker.unsent = true; // its status names the new ones
    if (pod.metadata.labels !== object.metadata.labels || pod.metadata.annotations !== object.metadata.annotations) this.#pods.refresh(worker);
    // Its own status coming back is no news; a new grace, spec or condition of others is.
    if (pod.spec !== object.spec || pod.metadata.deletionTimestamp !== object.metadata.deletionTimestamp || pod.metadata.deletionGracePeriodSeconds !== object.metadata.deletionGracePeriodSeconds) this.#enqueue(worker);
    else if (pod.status !== object.status && object.spec.readinessGates?.length) {
      worker.changed = true;
      this.#enqueue(worker);
    } else if (worker.status && pod.status !== object.status && object.status !== worker.status) this.#contradict(worker);
  }

  /** Somebody else wrote the status: the next round of the status manager, every ten seconds, says again what is true. */
  #contradict(worker: Worker): void {
    worker.unsent = true;
    this.#wakeAt(worker, this.#options.loop.clock.now + 10_000);
  }

  #removed(worker: Worker): void {
    worker.gone = true;
    worker.stopping = false;
    if (this.#options.runtime.pods.has(worker.uid)) this.#enqueue(worker);
    else this.#forget(worker);
  }

  #forget(worker: Worker): void {
    this.#pods.forget(worker);
    this.#pods.cleanUp(worker);
    this.#workers.delete(worker.uid);
    this.#admission.release(worker.uid);
    if (worker.isStatic) this.#static.forgotten(worker);
  }

  #add(pod: Pod, { isStatic = false } = {}): Worker {
    const { clock } = this.#options.loop;
    const worker = newWorker(pod, clock.now, isStatic);
    this.#workers.set(worker.uid, worker);
    const record = this.#options.runtime.pods.get(worker.uid);
    if (isPodTerminal(pod)) worker.status = pod.status;
    else if (record) this.#resume(worker, pod);
    else if (!pod.metadata.deletionTimestamp) this.#doorkeeper.receive(worker);
    // What became of its containers while nobody looked is told, also when the server could be asked only later.
    if (record) worker.changed = true;
    this.#enqueue(worker);
    return worker;
  }

  /** A pod that ran here before the kubelet started: its containers are still there. */
  #resume(worker: Worker, pod: Pod): void {
    worker.status = pod.status;
    if (this.#client.version.has('in-place-resize')) rememberResize(worker);
    this.#admission.readmit(allocatedPod(worker));
    const record = this.#options.runtime.pods.get(worker.uid);
    for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
      const newest = latest(record, container.name);
      if (newest?.state === 'running') this.#prober.start(worker, container, newest);
    }
    this.#pods.refresh(worker);
  }

  #kill(worker: Worker, why: NonNullable<Worker['failed']>): void {
    worker.failed = why;
    worker.unsent ||= !this.#client.version.has('terminal-phase-last');
    this.#enqueue(worker);
  }

  #runtimeChanged(uid: string): void {
    const worker = this.#workers.get(uid);
    if (worker) {
      worker.changed = true;
      this.#enqueue(worker);
      return;
    }
    const { runtime } = this.#options;
    const record = runtime.pods.get(uid);
    if (!record) return;
    const running = record.containers.filter((c) => c.state === 'running');
    for (const container of running) runtime.stopContainer(container.id, 2_000);
    if (running.length === 0) runtime.removePod(uid);
  }

  #probed(worker: Worker): void {
    worker.changed = true;
    this.#enqueue(worker);
  }

  #enqueue(worker: Worker): void {
    if (worker.queued || this.#stopped) return;
    worker.queued = true;
    this.#queue.push(worker);
    this.#options.loop.wake(this);
  }

  #wakeAt(worker: Worker, at: number): void {
    const { clock } = this.#options.loop;
    if (worker.timer && !worker.timer.cancelled && worker.timer.at > clock.now && worker.timer.at <= at) return;
    clock.cancel(worker.timer);
    worker.timer = clock.after(at - clock.now, () => this.#enqueue(worker));
  }

  /** The server answers: what could not be written goes out now. */
  #resend(): void {
    this.#endStrangers();
    this.#static.tidy();
    for (const worker of this.#workers.values()) if (worker.unsent) this.#enqueue(worker);
  }
}

/** It uses nothing of the node any more. */
function hasEnded({ pod, status = pod.status }: Worker): boolean {
  if (status.phase === 'Succeeded' || status.phase === 'Failed') return true;
  return pod.metadata.deletionTimestamp !== undefined && !(status.containerStatuses ?? []).some(({ state }) => state?.running);
}

const noServices = (): Readonly<Record<string, string>> => ({});
