import type { ContainerConfig, ContainerRecord, DirectoryNode, Endpoint, ExecResult, HttpRequest, HttpResponse, ImageStatus, LogOptions, Machine, Network, PodRecord, Runtime, SandboxConfig, Session, SessionOptions } from '../machine/index.ts';
import { hexOf } from '../machine/index.ts';
import type { Random } from '../sim/index.ts';
import { type CommandLine, Container, type Surroundings } from './container.ts';
import { runCommand } from './exec.ts';
import { ImageStore } from './image-store.ts';
import { hostCommands } from './host-commands.ts';
import type { Image } from './images.ts';
import { placeLogs } from './log-files.ts';
import type { Command } from './sh/index.ts';
import { programFor, StartError } from './programs/index.ts';
import { parseReference } from './reference.ts';
import { type Login, Registries } from './registries.ts';
import { mountKernel } from './root/host-proc.ts';
import { startSession } from './session/session.ts';
import { containerdPullError, dockerPullError, type PullProblem } from './pull-errors.ts';

export interface RuntimeOptions {
  machine: Machine;
  network: Network;
  random: Random;
  registries?: Registries;
  /** Its images, when another runtime of the machine has them too. */
  store?: ImageStore;
  /** `containerd` (default) or `docker`, as in clusters before v1.24. */
  name?: 'containerd' | 'docker';
  version?: string;
  /** Milliseconds that a download takes; by default size / bandwidth, spread a little. */
  pullDuration?: (image: string, node: string, random: Random) => number;
  /** Milliseconds until a sandbox has its network. */
  sandboxDuration?: (random: Random) => number;
}

/** A container that ended before the runtime started. Times in milliseconds. */
export interface EndedContainer extends Pick<ContainerRecord, 'id' | 'startedAt' | 'finishedAt' | 'exitCode' | 'reason' | 'message'> {
  name: string;
  image: string;
  attempt: number;
}

/** The pod sandbox: the shared network of its containers. */
class Pod implements PodRecord, Surroundings, Endpoint {
  sandboxId = '';
  sandboxReady = false;
  sandboxError = '';
  attempt = 0;
  ip = '';
  containers: Container[] = [];
  hostname: string;
  hostNetwork: boolean;
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly runtime: ContainerRuntime;
  readonly cgroup: SandboxConfig['cgroup'];
  readonly sandbox: number;
  readonly portMappings: SandboxConfig['portMappings'];

  constructor(runtime: ContainerRuntime, config: SandboxConfig) {
    this.runtime = runtime;
    this.uid = config.uid;
    this.name = config.name;
    this.namespace = config.namespace;
    this.hostname = config.hostname;
    this.hostNetwork = config.hostNetwork;
    this.cgroup = config.cgroup;
    this.portMappings = config.portMappings;
    this.sandbox = ++runtime.sandboxes;
  }

  get machine(): Machine {
    return this.runtime.machine;
  }
  get network(): Network {
    return this.runtime.network;
  }
  get random(): Random {
    return this.runtime.random;
  }
  get logLimit(): number {
    return this.runtime.logLimit;
  }
  largeLog(id: string): void {
    this.runtime.largeLog(id);
  }
  changed(): void {
    this.runtime.onChange?.(this.uid);
  }

  get ips(): readonly string[] {
    if (this.hostNetwork) return this.machine.ips;
    return this.ip ? (this.network.addresses?.(this.machine.name, this.ip) ?? [this.ip]) : [];
  }

  isTaken(port: number): boolean {
    return (this.hostNetwork ? this.runtime : this).listener(port) !== undefined;
  }

  listener(port: number): ((request: HttpRequest) => HttpResponse) | undefined {
    for (const container of this.containers) {
      const listener = container.listener(port);
      if (listener) return (request) => listener(request, container);
    }
    return undefined;
  }
}

/** A container runtime of one machine: images on its disk, sandboxes, containers. */
export class ContainerRuntime implements Runtime, Endpoint {
  readonly name: string;
  readonly version: string;
  readonly pods = new Map<string, Pod>();
  readonly machine: Machine;
  readonly network: Network;
  readonly random: Random;
  readonly registries: Registries;
  /** How many it made so far. */
  sandboxes = 0;
  onChange: ((uid: string) => void) | undefined;
  /** What lies on its disk. */
  readonly store: ImageStore;
  silentSince: number | undefined;
  /** A fault: names for which a pull fails, and why. */
  pullFault: ((image: string) => PullProblem | undefined) | undefined;
  /** How the CRI speaks of what lies there. */
  #statuses = new WeakMap<Image, ImageStatus>();
  #containers = new Map<string, Container>();
  #hostPods = new Set<Pod>();
  #ids = 0;
  #tail: string;
  /** What an image starts when a container names no command. */
  #defaults = new WeakMap<Image, CommandLine>();
  #pullDuration: RuntimeOptions['pullDuration'];
  #sandboxDuration: (random: Random) => number;

  constructor(options: RuntimeOptions) {
    const { machine, network, random, registries = new Registries(), name = 'containerd' } = options;
    this.machine = machine;
    this.network = network;
    this.random = random;
    this.registries = registries;
    this.store = options.store ?? new ImageStore();
    this.name = name;
    this.version = options.version ?? (name === 'docker' ? '20.10.2' : '2.1.3');
    this.#tail = hexOf(machine.name) + hexOf(`${machine.name}/`).slice(16);
    this.#pullDuration = options.pullDuration;
    this.#sandboxDuration = options.sandboxDuration ?? ((r) => 200 + r.int(400));
    if (machine.mounts.length === 0) mountKernel(machine, () => this.containers, daemonsOf(this.name));
    machine.onChange((what) => what === 'power' && !machine.powered && this.#lostPower());
    machine.onceFilesUsed(() => placeLogs(machine, { pods: this.pods, docker: name === 'docker' }));
  }

  networkProblem(): string | undefined {
    return this.network.problem(this.machine.name);
  }

  get imagesChanged(): number {
    return this.store.changed;
  }

  image(name: string): ImageStatus | undefined {
    const image = this.store.find(name);
    return image && this.statusOf(image);
  }

  images(): readonly ImageStatus[] {
    return this.store.all().map((image) => this.statusOf(image));
  }

  pull(name: string, done: (error: string | undefined) => void, login?: Login): void {
    const resolved = this.registries.resolve(name, login);
    const fault = this.pullFault?.(name) ?? ('missing' in resolved ? resolved.missing : undefined);
    if (fault) return this.#failPull(name, fault, done);
    const { image } = resolved as { image: Image };
    const { boots } = this.machine;
    this.machine.clock.after(this.#durationOf(image), () => {
      if (!this.machine.powered || this.machine.boots !== boots) return;
      this.receive(image);
      done(undefined);
    });
  }

  /** The layers that were missing have come over the network. */
  receive(image: Image): void {
    this.machine.received += this.#keep(image);
  }

  /** Puts it on the disk; returns the bytes of the layers that were not there yet. */
  #keep(image: Image): number {
    const bytes = this.store.missing(image).reduce((sum, { size }) => sum + size, 0);
    this.store.add(image);
    this.statusOf(image);
    this.machine.useDisk(bytes);
    return bytes;
  }

  #failPull(name: string, fault: PullProblem, done: (error: string) => void): void {
    const reference = parseReference(name);
    const error = this.name === 'docker' ? dockerPullError(fault, reference) : containerdPullError(fault, reference);
    const { boots } = this.machine;
    this.machine.clock.after(fault === 'timeout' ? 30_000 : 900 + this.random.int(600), () => this.machine.powered && this.machine.boots === boots && done(error));
  }

  /** Puts an image on the disk at once, as preloaded ones are. */
  load(name: string): void {
    const resolved = this.registries.resolve(name);
    if ('image' in resolved) this.#keep(resolved.image);
  }

  removeImage(name: string): void {
    const image = this.store.find(name);
    if (!image) return;
    this.store.untag(image);
    this.machine.useDisk(-image.layers.reduce((sum, layer) => sum + (this.store.has(layer) ? 0 : layer.size), 0));
  }

  imageInUse(image: ImageStatus): boolean {
    for (const pod of this.pods.values()) for (const { config } of pod.containers) if (config.image === image) return true;
    return false;
  }

  #durationOf(image: Image): number {
    // Asking the registry whether the image is still the same takes a moment even when nothing is downloaded.
    const here = this.store.find(image.name);
    if (here?.id === image.id) return 20 + this.random.int(40);
    if (this.#pullDuration) return this.#pullDuration(image.name, this.machine.name, this.random);
    const missing = this.store.missing(image).reduce((sum, { size }) => sum + size, 0);
    return Math.round(600 + (missing / this.machine.bandwidth) * 1000 * (0.8 + 0.6 * this.random.next()) + this.random.int(500));
  }

  statusOf(image: Image): ImageStatus {
    let status = this.#statuses.get(image);
    if (!status) {
      const { now } = this.machine.clock;
      const docker = this.name === 'docker';
      const repository = docker ? image.familiar.replace(/[:@].*$/, '') : image.repository;
      const name = docker ? image.familiar : image.name;
      const digest = `${repository}@${image.digest}`;
      const ref = docker ? `docker-pullable://${digest}` : digest;
      this.#statuses.set(image, (status = { id: image.id, ref, name, repoTags: [name], repoDigests: [digest], size: image.size, since: now, lastUsed: now, ...(image.user && { user: image.user }) }));
    }
    return status;
  }

  runSandbox(config: SandboxConfig): void {
    let pod = this.pods.get(config.uid);
    if (!pod) this.pods.set(config.uid, (pod = new Pod(this, config)));
    const { boots } = this.machine;
    this.machine.clock.after(this.#sandboxDuration(this.random), () => {
      // Gone in the meantime: deleted, or the power failed.
      if (this.pods.get(config.uid) !== pod || this.machine.boots !== boots || !this.machine.powered) return;
      pod.attempt = config.attempt;
      pod.sandboxId = this.newId();
      try {
        if (pod.hostNetwork) this.#hostPods.add(pod);
        pod.ip = pod.hostNetwork ? this.machine.ip : this.network.attach(this.machine.name, pod);
        pod.sandboxReady = true;
        pod.sandboxError = '';
      } catch (error) {
        pod.sandboxError = (error as Error).message;
      }
      this.onChange?.(pod.uid);
    });
  }

  /** What the disk tells of a pod that ran before the machine booted: its containers, newest first. */
  recover(config: SandboxConfig, containers: readonly EndedContainer[]): void {
    const pod = new Pod(this, config);
    pod.attempt = config.attempt;
    pod.sandboxId = this.newId();
    this.pods.set(pod.uid, pod);
    for (const { id, name, image: imageName, attempt, ...end } of containers) {
      this.load(imageName);
      const image = this.image(imageName);
      if (!image) continue;
      const container = new Container(id || this.newId(), { name, image, attempt, env: () => ({}), mounts: () => [] }, { argv: [], program: () => ({}), image: this.store.find(imageName)! }, pod);
      pod.containers.push(Object.assign(container, { state: 'exited' as const, ...end }));
      this.#containers.set(container.id, container);
    }
  }

  /** `again` is what a container that ran before has: its id and its files. */
  createContainer(uid: string, config: ContainerConfig, again?: { id: string; root?: DirectoryNode }): Container {
    const pod = this.pods.get(uid)!;
    const image = this.#imageOf(config);
    const container = new Container(again?.id ?? this.newId(), config, this.#commandOf(image, config), pod, again?.root);
    pod.containers.unshift(container);
    this.#containers.set(container.id, container);
    this.#prune(pod, config.name);
    return container;
  }

  #imageOf({ image }: ContainerConfig): Image {
    const found = this.store.find(image.name);
    return found?.id === image.id ? found : this.store.byId(image.id)!;
  }

  #commandOf(image: Image, { command, args }: ContainerConfig): CommandLine {
    if (!command?.length && !args?.length) {
      let found = this.#defaults.get(image);
      if (!found) {
        const argv = [...image.entrypoint, ...image.cmd];
        this.#defaults.set(image, (found = { argv, program: programFor(image, argv), image }));
      }
      return found;
    }
    const argv = [...(command?.length ? command : image.entrypoint), ...(args?.length ? args : command?.length ? [] : image.cmd)];
    return { argv, program: programFor(image, argv), image };
  }

  startContainer(id: string): void {
    const container = this.#containers.get(id)!;
    try {
      container.start();
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      const docker = this.name === 'docker';
      const message = docker
        ? `failed to start container "${id}": Error response from daemon: OCI runtime create failed: container_linux.go:370: starting container process caused: ${error.message}: unknown`
        : `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${error.message}: unknown`;
      container.startedAt = 0;
      container.end(docker ? 127 : 128, docker ? 'ContainerCannotRun' : 'StartError', message);
      throw new Error(message);
    }
  }

  stopContainer(id: string, grace: number): void {
    this.#containers.get(id)?.stop(grace);
  }

  stopSandbox(uid: string): void {
    const pod = this.pods.get(uid);
    if (!pod?.sandboxReady) return;
    pod.sandboxReady = false;
    if (pod.hostNetwork) this.#hostPods.delete(pod);
    else this.network.detach(this.machine.name, pod.ip);
  }

  removePod(uid: string): void {
    const pod = this.pods.get(uid);
    if (!pod) return;
    this.stopSandbox(uid);
    this.pods.delete(uid);
    for (const container of pod.containers) {
      container.end(137, 'Error');
      this.#discard(container);
    }
  }

  removeEnded(uid: string): void {
    const pod = this.pods.get(uid);
    if (pod) pod.containers = pod.containers.filter((container) => container.state !== 'exited' || (this.#discard(container), false));
  }

  #discard(container: Container): void {
    this.#containers.delete(container.id);
    container.config.image.lastUsed = this.machine.clock.now;
  }

  diskUsage(id: string): number {
    return this.#containers.get(id)?.diskUsage ?? 0;
  }

  exec(id: string, command: readonly string[], options?: { stdin?: string }): ExecResult {
    const container = this.#containers.get(id);
    if (!container || container.state !== 'running') return { stdout: '', stderr: '', exitCode: 126, error: `cannot exec in a stopped container: ${id}` };
    return runCommand(container, command, { shell: container.image.shell, ...options });
  }

  attach(id: string, options: SessionOptions): Session | undefined {
    return this.#containers.get(id)?.attach(options);
  }

  session(id: string, command: readonly string[], options: SessionOptions): Session {
    const container = this.#containers.get(id)!;
    return startSession(container, command, { shell: container.image.shell, ...options });
  }

  logs(id: string, options?: LogOptions): string {
    return this.#containers.get(id)?.readLog(options) ?? '';
  }

  logLimit = Infinity;
  largeLog: (id: string) => void = () => {};

  watchLogs(limit: number, large: (id: string) => void): void {
    this.logLimit = limit;
    this.largeLog = large;
  }

  rotateLog(id: string, maxFiles: number): void {
    this.#containers.get(id)?.rotateLog(maxFiles);
  }

  get up(): boolean {
    return this.machine.powered;
  }

  /** What pods on the host's own network listen on. */
  listener(port: number): ((request: HttpRequest) => HttpResponse) | undefined {
    for (const pod of this.#hostPods) {
      const listener = pod.listener(port);
      if (listener) return listener;
    }
    return undefined;
  }

  /** What a shell on its machine has to look at its containers. */
  get commands(): Record<string, Command> {
    return hostCommands(() => this.containers, daemonsOf(this.name));
  }

  /** Every container that it keeps. */
  get containers(): Container[] {
    return [...this.#containers.values()];
  }

  /** The kernel's or somebody's kill behind the kubelet's back. */
  kill(id: string, exitCode = 137): void {
    this.#containers.get(id)?.end(exitCode, 'Error');
  }

  /** Of each container the running one and the one before are kept. */
  #prune(pod: Pod, name: string): void {
    if (pod.containers.length < 3) return;
    let seen = 0;
    pod.containers = pod.containers.filter((c) => c.config.name !== name || ++seen <= 2 || (this.#discard(c), false));
  }

  #lostPower(): void {
    for (const pod of this.pods.values()) {
      if (pod.sandboxReady) this.stopSandbox(pod.uid);
      for (const container of pod.containers) container.end(255, 'Unknown');
    }
  }

  /** 64 hex digits, of which the first 16 are drawn: that is what people compare, and thousands are made at once. */
  newId(): string {
    const turn = this.#ids++ % 48;
    const drawn = this.random.uuid();
    return drawn.slice(0, 8) + drawn.slice(28) + this.#tail.slice(turn) + this.#tail.slice(0, turn);
  }
}

/** What runs on a machine so that containers can. */
const daemonsOf = (name: string) => (name === 'docker' ? ['/usr/bin/containerd', '/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock'] : ['/usr/bin/containerd']);

export const createRuntime = (options: RuntimeOptions): ContainerRuntime => new ContainerRuntime(options);
