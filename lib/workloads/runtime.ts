// The container runtime of one machine: sandboxes and containers, and through its image service what lies on the disk.
import type { ContainerConfig, ContainerRecord, ContainerUsage, DirectoryNode, Endpoint, ExecResult, ImageStatus, LogOptions, Runtime, SandboxConfig, Session, SessionOptions } from '../machine/index.ts';
import { hex, type Random, sha256 } from '../sim/index.ts';
import { commandLine } from './command-line.ts';
import { Container } from './container.ts';
import { type Execution, runCommand } from './exec.ts';
import { hostCommands } from './host-commands.ts';
import { ImageService } from './image-service.ts';
import type { ImageStore } from './image-store.ts';
import { placeLogs } from './log-files.ts';
import { StartError } from './programs/index.ts';
import { type Login, Registries } from './registries.ts';
import { mountKernel } from './root/host-proc.ts';
import type { Sandbox } from './sandbox.ts';
import { Sandboxes, type SandboxesOptions } from './sandboxes.ts';
import { startSession } from './session/session.ts';
import type { Command } from './sh/index.ts';

export interface RuntimeOptions extends SandboxesOptions {
  registries?: Registries;
  /** Its images, when another runtime of the machine has them too. */
  store?: ImageStore;
  /** `containerd` (default) or `docker`, as in clusters before v1.24. */
  name?: 'containerd' | 'docker';
  version?: string;
  /** Milliseconds that a download takes; by default size / bandwidth, spread a little. */
  pullDuration?: (image: string, node: string, random: Random) => number;
}

/** A container that ended before the runtime started. Times in milliseconds. */
export interface EndedContainer extends Pick<ContainerRecord, 'id' | 'startedAt' | 'finishedAt' | 'exitCode' | 'reason' | 'message'> {
  name: string;
  image: string;
  attempt: number;
}

/** A container runtime of one machine: images on its disk, sandboxes, containers. */
export class ContainerRuntime extends Sandboxes implements Runtime, Endpoint {
  readonly name: string;
  readonly version: string;
  readonly registries: Registries;
  readonly imageService: ImageService;
  silentSince: number | undefined;
  #containers = new Map<string, Container>();
  /** How many commands could not be started. */
  #executions = 0;
  /** Of containers that it keeps no more. */
  #cpuOfGone = 0;

  constructor(options: RuntimeOptions) {
    super(options);
    const { machine, random, registries = new Registries(), name = 'containerd' } = options;
    this.registries = registries;
    this.name = name;
    this.version = options.version ?? (name === 'docker' ? '20.10.2' : '2.1.3');
    this.imageService = new ImageService({ machine, random, registries, docker: name === 'docker', store: options.store, pullDuration: options.pullDuration });
    if (machine.mounts.length === 0) mountKernel(machine, () => this.containers, daemonsOf(this.name));
    machine.onChange((what) => what === 'power' && !machine.powered && this.#lostPower());
    machine.onceFilesUsed(() => placeLogs(machine, { pods: this.pods, docker: name === 'docker' }));
  }

  get imagesChanged(): number {
    return this.imageService.store.changed;
  }

  image(name: string): ImageStatus | undefined {
    const image = this.imageService.store.find(name);
    return image && this.imageService.statusOf(image);
  }

  images(): readonly ImageStatus[] {
    return this.imageService.store.all().map((image) => this.imageService.statusOf(image));
  }

  pull(name: string, done: (error: string | undefined) => void, login?: Login): void {
    this.imageService.pull(name, done, login);
  }

  removeImage(name: string): void {
    this.imageService.remove(name);
  }

  imageInUse(image: ImageStatus): boolean {
    for (const pod of this.pods.values()) for (const { config } of pod.containers) if (config.image === image) return true;
    return false;
  }

  /** What the disk tells of a pod that ran before the machine booted: its containers, newest first. */
  recover(config: SandboxConfig, containers: readonly EndedContainer[]): void {
    const pod = this.newSandbox(config);
    pod.attempt = config.attempt;
    pod.sandboxId = this.newId();
    for (const { id, name, image: imageName, attempt, ...end } of containers) {
      this.imageService.load(imageName);
      const image = this.image(imageName);
      if (!image) continue;
      const container = new Container(id || this.newId(), { name, image, attempt, env: () => ({}), mounts: () => [] }, { argv: [], program: () => ({}), image: this.imageService.store.find(imageName)! }, pod);
      pod.containers.push(Object.assign(container, { state: 'exited' as const, ...end }));
      this.#containers.set(container.id, container);
    }
  }

  /** `again` is what a container that ran before has: its id and its files. */
  createContainer(uid: string, config: ContainerConfig, again?: { id: string; root?: DirectoryNode }): Container {
    const pod = this.pods.get(uid)!;
    const command = commandLine(this.imageService.imageOf(config.image), config);
    const container = new Container(again?.id ?? this.newId(), config, command, pod, again?.root);
    pod.containers.unshift(container);
    this.#containers.set(container.id, container);
    this.#prune(pod, config.name);
    return container;
  }

  startContainer(id: string): void {
    const container = this.#containers.get(id)!;
    try {
      container.start();
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      const docker = this.name === 'docker';
      const message = startFailure(id, error.message, docker);
      container.startedAt = 0;
      container.end(docker ? 127 : 128, docker ? 'ContainerCannotRun' : 'StartError', message);
      throw new Error(message);
    }
  }

  updateContainer(id: string): void {
    this.#containers.get(id)?.reconfigured();
  }

  stopContainer(id: string, grace: number): void {
    this.#containers.get(id)?.stop(grace);
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

  /** One container that has ended; with the last of its pod goes the sandbox. */
  removeContainer(id: string): void {
    const container = this.#containers.get(id);
    if (!container) return;
    const pod = [...this.pods.values()].find(({ containers }) => containers.includes(container));
    this.#discard(container);
    if (!pod) return;
    pod.containers = pod.containers.filter((one) => one !== container);
    if (pod.containers.length === 0) this.removePod(pod.uid);
  }

  removeEnded(uid: string): void {
    const pod = this.pods.get(uid);
    if (pod) pod.containers = pod.containers.filter((container) => container.state !== 'exited' || (this.#discard(container), false));
  }

  #discard(container: Container): void {
    this.#containers.delete(container.id);
    if (container.startedAt >= this.machine.bootedAt) this.#cpuOfGone += container.cpuTime;
    container.config.image.lastUsed = this.machine.clock.now;
  }

  usage(id: string): ContainerUsage | undefined {
    return this.#containers.get(id)?.usage();
  }

  get cpuTime(): number {
    let sum = this.#cpuOfGone;
    for (const container of this.#containers.values()) if (container.startedAt >= this.machine.bootedAt) sum += container.cpuTime;
    return sum;
  }

  diskUsage(id: string): number {
    return this.#containers.get(id)?.diskUsage ?? 0;
  }

  exec(id: string, command: readonly string[], options?: { stdin?: string; endless?: number | undefined }): ExecResult {
    const container = this.#containers.get(id);
    if (!container || container.state !== 'running') return { stdout: '', stderr: '', exitCode: 126, error: `cannot exec in a stopped container: ${id}` };
    return runCommand(container, command, { ...this.#execution(container), ...options });
  }

  attach(id: string, options: SessionOptions): Session | undefined {
    return this.#containers.get(id)?.attach(options);
  }

  session(id: string, command: readonly string[], options: SessionOptions): Session {
    const container = this.#containers.get(id)!;
    return startSession(container, command, { ...this.#execution(container), ...options });
  }

  #execution({ id, image }: Container): Execution {
    return { shell: image.shell, docker: this.name === 'docker', id: () => hex(sha256(`${id}/${++this.#executions}`)) };
  }

  logs(id: string, options?: LogOptions): string {
    return this.#containers.get(id)?.readLog(options) ?? '';
  }

  rotateLog(id: string, maxFiles: number): void {
    this.#containers.get(id)?.rotateLog(maxFiles);
  }

  /** What a shell on its machine has to look at its containers. */
  get commands(): Record<string, Command> {
    return hostCommands(() => this.containers, daemonsOf(this.name), this.machine);
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
  #prune(pod: Sandbox, name: string): void {
    if (pod.containers.length < 3) return;
    let seen = 0;
    pod.containers = pod.containers.filter((c) => c.config.name !== name || ++seen <= 2 || (this.#discard(c), false));
  }

  #lostPower(): void {
    this.#cpuOfGone = 0;
    for (const pod of this.pods.values()) {
      if (pod.sandboxReady) this.stopSandbox(pod.uid);
      for (const container of pod.containers) container.end(255, 'Unknown');
    }
  }

}

/** What runs on a machine so that containers can. */
const daemonsOf = (name: string) => (name === 'docker' ? ['/usr/bin/containerd', '/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock'] : ['/usr/bin/containerd']);

const startFailure = (id: string, why: string, docker: boolean) =>
  docker
    ? `failed to start container "${id}": Error response from daemon: OCI runtime create failed: container_linux.go:370: starting container process caused: ${why}: unknown`
    : `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${why}: unknown`;

export const createRuntime = (options: RuntimeOptions): ContainerRuntime => new ContainerRuntime(options);
