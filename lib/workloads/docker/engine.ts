// dockerd: the containers of one host, its images, and who is logged in where.
import type { Credentials, Machine, Mount } from '../../machine/index.ts';
import type { Random } from '../../sim/index.ts';
import { dialByName, resolveName } from '../resolver.ts';
import { imageUser } from '../root/users.ts';
import { type ContainerRuntime, createRuntime } from '../runtime.ts';
import type { Container } from '../container.ts';
import type { ImageStore } from '../image-store.ts';
import type { Image, Layer } from '../images.ts';
import type { Login, Registries } from '../registries.ts';
import { familiarName, parseReference, type Reference } from '../reference.ts';
import { Bridge } from './bridge.ts';
import type { BuildCache } from './builder.ts';
import { type DockerContainer, isRunning, type RunRequest } from './container.ts';
import { nameOf } from './names.ts';
import { type DockerRelease, releases } from './release.ts';
import { mountsOf } from './volumes.ts';
import type { RunParts } from './run-step.ts';

export interface EngineOptions {
  machine: Machine;
  registries: Registries;
  random: Random;
  release?: DockerRelease;
  /** The runtime of the machine's kubelet, which is the same Docker: its images and containers are seen here too. */
  kubelet?: ContainerRuntime;
}

/** An error of the daemon; the client says who spoke. */
export class DaemonError extends Error {}

export class DockerEngine {
  readonly machine: Machine;
  readonly registries: Registries;
  readonly random: Random;
  readonly release: DockerRelease;
  readonly bridge: Bridge;
  readonly runtime: ContainerRuntime;
  /** Newest first. */
  containers: DockerContainer[] = [];
  readonly logins = new Map<string, Login>();
  /** How it puts containers into control groups, where /etc/docker/daemon.json says it. */
  cgroupDriver: string | undefined;
  readonly buildCache: BuildCache = new Map();
  /** Images that BuildKit pulled to build on: `docker images` does not list them. */
  readonly buildBases = new Map<string, Image>();
  /** Where a layer was pulled from: a registry takes it over from there. */
  readonly sources = new Map<string, string>();
  #sandboxes = 0;
  readonly #kubelet: ContainerRuntime | undefined;

  constructor({ machine, registries, random, release = releases.now, kubelet }: EngineOptions) {
    this.#kubelet = kubelet;
    this.machine = machine;
    this.registries = registries;
    this.random = random;
    this.release = release;
    this.bridge = new Bridge(machine);
    this.runtime = createRuntime({ machine, network: this.bridge, registries, random: random.fork('runtime'), name: 'docker', version: release.version, ...(kubelet && { store: kubelet.imageService.store }) });
    this.bridge.onHost = this.runtime;
    this.runtime.onChange = (uid) => this.#changed(uid);
  }

  get store(): ImageStore {
    return this.runtime.imageService.store;
  }

  get now(): number {
    return this.machine.clock.now;
  }

  /** Its own and the kubelet's, newest first. */
  get all(): DockerContainer[] {
    const others = (this.#kubelet?.containers ?? []).map(podContainer);
    return [...this.containers, ...others].sort((a, b) => b.createdAt - a.createdAt);
  }

  /** By name, or the first digits of the id. */
  find(text: string): DockerContainer {
    const all = this.all;
    const byName = all.find(({ name, id }) => name === text.replace(/^\//, '') || id === text);
    const matches = byName ? [byName] : /^[0-9a-f]+$/.test(text) ? all.filter(({ id }) => id.startsWith(text)) : [];
    if (matches.length > 1) throw new DaemonError(`multiple IDs found with provided prefix: ${text}`);
    if (matches.length === 0) throw new DaemonError(`No such container: ${text}`);
    return matches[0]!;
  }

  /** By a name or an id; undefined when it is not on this host. */
  image(text: string): Image | undefined {
    return this.store.byId(text) ?? this.store.find(text);
  }

  create(request: RunRequest, image: Image): DockerContainer {
    const id = this.runtime.newId();
    const taken = this.containers.find(({ name }) => name === request.name);
    if (taken) throw new DaemonError(`Conflict. The container name "/${request.name}" is already in use by container "${taken.id}". You have to remove (or rename) that container to be able to reuse that name.`);
    const name = request.name ?? nameOf(this.random, (one) => this.containers.some((other) => other.name === one));
    const made: DockerContainer = { id, name, request, image, createdAt: this.now };
    this.containers.unshift(made);
    return made;
  }

  /** Starts it; throws DaemonError when it cannot. Yields while its network is made. */
  *start(made: DockerContainer): Generator<number, void> {
    if (isRunning(made)) return;
    const { request, id, image } = made;
    this.#checkPorts(made);
    if (made.uid) this.runtime.removePod(made.uid);
    delete made.container;
    const uid = `docker-${++this.#sandboxes}`;
    made.uid = uid;
    this.runtime.runSandbox({ uid, name: made.name, namespace: '', hostname: request.hostname ?? id.slice(0, 12), hostNetwork: request.hostNetwork, attempt: 0, cgroup: this.machine.os.cgroup === 2 ? { parent: '/system.slice', scope: 'docker' } : { parent: '/docker' } });
    while (!this.runtime.pods.get(uid)?.sandboxReady) yield 50;
    const pod = this.runtime.pods.get(uid)!;
    for (const { hostPort, port } of request.ports) this.bridge.published.set(hostPort, { hostPort, ip: pod.ip, port });
    made.container = this.runtime.createContainer(uid, this.#configOf(made, image, pod.ip), { id, ...(made.root && { root: made.root }) });
    try {
      this.runtime.startContainer(id);
    } catch (error) {
      this.runtime.stopSandbox(uid);
      throw new DaemonError(this.#startError(error as Error));
    }
  }

  #startError({ message }: Error): string {
    const why = /exec: .*?(?=: unknown$)/.exec(message)?.[0] ?? message;
    return this.release.buildKit
      ? `failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${why}: unknown`
      : `OCI runtime create failed: container_linux.go:370: starting container process caused: ${why}: unknown`;
  }

  #checkPorts({ request, name, id }: DockerContainer): void {
    for (const { hostPort } of request.ports) {
      if (!this.bridge.published.has(hostPort) && !this.machine.listening.has(hostPort)) continue;
      const prefix = this.release.buildKit ? 'failed to set up container networking: ' : '';
      throw new DaemonError(`${prefix}driver failed programming external connectivity on endpoint ${name} (${[...id].reverse().join('')}): Bind for 0.0.0.0:${hostPort} failed: port is already allocated`);
    }
  }

  #configOf({ request, name, id }: DockerContainer, image: Image, ip: string) {
    const user: Credentials | undefined = request.user === undefined ? undefined : imageUser(request.user);
    const mounts = mountsOf(request.volumes, this.machine);
    const hosts: Mount[] = hostFiles({ ip, hostname: request.hostname ?? id.slice(0, 12), machine: this.machine, own: !request.hostNetwork });
    return {
      name,
      image: this.runtime.imageService.statusOf(image),
      attempt: 0,
      command: request.entrypoint ?? [],
      args: request.command,
      env: () => request.env,
      mounts: () => [...hosts, ...mounts],
      readOnlyRoot: request.readOnly,
      privileges: { privileged: request.privileged, mayEscalate: true, add: [], drop: [], filtered: !request.privileged },
      ...(request.workingDir && { workingDir: request.workingDir }),
      ...(request.memory !== undefined && { memoryLimit: request.memory }),
      ...(request.cpus !== undefined && { cpuLimit: request.cpus }),
      ...(user && { user }),
    };
  }

  /** Something ended: its network goes, its files stay until it is removed. */
  #changed(uid: string): void {
    const made = this.containers.find((one) => one.uid === uid);
    if (made?.container?.state !== 'exited') return;
    if (made.container.filesUsed) made.root = made.container.root;
    this.runtime.stopSandbox(uid);
    if (made.request.autoRemove) this.remove(made);
  }

  remove(made: DockerContainer): void {
    if (made.uid && this.#kubelet?.pods.has(made.uid)) return this.#kubelet.removeContainer(made.id);
    this.containers = this.containers.filter((one) => one !== made);
    if (made.uid) this.runtime.removePod(made.uid);
  }

  /** Whether a registry has it, under its name. */
  published({ name, repository, id }: Image): boolean {
    if (repository === '<none>') return false;
    const resolved = this.registries.resolve(name, this.logins.get(repository.split('/')[0]!));
    return 'image' in resolved && resolved.image.id === id;
  }

  /** What a pull of this name would bring. */
  wanted(reference: Reference): { image: Image; missing: Layer[] } | undefined {
    const resolved = this.registries.resolve(familiarName(reference), this.logins.get(reference.domain));
    return 'image' in resolved ? { image: resolved.image, missing: this.store.missing(resolved.image) } : undefined;
  }

  /** Brings an image here, with the time that takes; an error's text when it cannot be had. */
  *pull(name: string): Generator<number, string | undefined> {
    const reference = parseReference(name);
    const wanted = this.wanted(reference);
    let answer: { error: string | undefined } | undefined;
    this.runtime.pull(name, (error) => void (answer = { error }), this.logins.get(reference.domain));
    while (!answer) yield 50;
    for (const { digest } of wanted?.missing ?? []) this.sources.set(digest, wanted!.image.repository);
    return answer.error?.replace('rpc error: code = Unknown desc = Error response from daemon: ', '').replace(/: no such host$/, ' on 127.0.0.53:53: no such host');
  }

  /** What a step of a build may reach. */
  get buildParts(): RunParts {
    const { machine, random, bridge } = this;
    const resolve = (name: string) => resolveName(name, machine.files, () => undefined);
    return { clock: machine.clock, random, resolve, dial: (host, port) => dialByName(host, port, { resolve, random, dial: (ip) => bridge.dial({ node: machine.name, ip: machine.ip }, ip, port) }) };
  }
}

function hostFiles({ ip, hostname, machine, own }: { ip: string; hostname: string; machine: Machine; own: boolean }): Mount[] {
  const hosts = own ? `127.0.0.1\tlocalhost\n${ip}\t${hostname}\n` : (machine.files.read('/etc/hosts') ?? '');
  const made = (content: string): Mount['source'] => {
    const node = { kind: 'file' as const, content, mode: 0o644, uid: 0, gid: 0, mtime: machine.clock.now };
    return () => node;
  };
  return [
    { path: '/etc/hosts', file: true, source: made(hosts) },
    { path: '/etc/resolv.conf', file: true, source: made(machine.files.read('/etc/resolv.conf') ?? '') },
  ];
}

/** A container of a pod under the name that the kubelet gave it (pkg/kubelet/dockershim/naming.go). */
function podContainer(container: Container): DockerContainer {
  const { id, config, pod, image, createdAt } = container;
  const request = { image: image.id.slice(7, 19), command: config.args ?? [], env: {}, ports: [], volumes: [], memory: config.memoryLimit, cpus: config.cpuLimit, hostNetwork: pod.hostNetwork, privileged: false, readOnly: config.readOnlyRoot ?? false, autoRemove: false };
  return { id, name: `k8s_${config.name}_${pod.name}_${pod.namespace}_${pod.uid}_${config.attempt}`, request, image, createdAt, container, uid: pod.uid };
}
