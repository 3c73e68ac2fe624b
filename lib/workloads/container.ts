import { type Caller, type ContainerConfig, type ContainerRecord, type ContainerState, type Credentials, type Dial, type DirectoryNode, type DnsQuestion, type Echo, file, type FileNode, type FileView, type IngressGate, type IngressOptions, type LogOptions, type Machine, type Network, type Peer, type Protocol, type SandboxConfig, type Session, type SessionOptions, type Stream, superuser, usageOf } from '../machine/index.ts';
import type { Clock, Random, Timer } from '../sim/index.ts';
import type { CommandLine } from './command-line.ts';
import { CpuAccount } from './cpu.ts';
import type { Image } from './images.ts';
import { LogBook, type LogFile } from './log-book.ts';
import { type Namespaces, namespacesOf } from './namespaces.ts';
import type { Lines, Listener, Process, ProcessRow, Running } from './program.ts';
import { processesInside } from './processes.ts';
import { toolsOf } from './programs/tools.ts';
import { addressTypes, dialByName, lookUp, parseResolverConfig, type Resolution, resolveName } from './resolver.ts';
import { containerFiles } from './root/container-files.ts';
import { imageFiles } from './root/image-files.ts';
import { capabilitiesOf } from './root/proc.ts';
import { homeOf, imageUser, passwd } from './root/users.ts';

/** What a container needs of the pod and host it runs in. */
export interface Surroundings {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly hostname: string;
  readonly ip: string;
  readonly ips: readonly string[];
  readonly machine: Machine;
  readonly network: Network;
  readonly random: Random;
  /** A number of its own on this machine. */
  readonly sandbox: number;
  readonly hostNetwork: boolean;
  readonly cgroup: SandboxConfig['cgroup'];
  readonly sysctls: SandboxConfig['sysctls'];
  /** Newest first. */
  readonly containers: readonly Container[];
  /** Whether a container with the same address listens on the port already. */
  isTaken(port: number): boolean;
  /** From so many bytes on a log is large, and somebody wants to know. */
  readonly logLimit: number;
  largeLog(id: string): void;
  /** A container of this pod changed. */
  changed(): void;
}

/** What a message may have: bytes of the file, bytes and lines of the log (pkg/kubelet/container). */
const [longestMessage, longestFromLog, mostLines] = [4096, 2048, 80];

/** A container and its main process. */
export class Container implements ContainerRecord, Process {
  state: ContainerState = 'created';
  readonly createdAt: number;
  startedAt = 0;
  finishedAt = 0;
  exitCode = 0;
  reason = '';
  message = '';
  memory = 0;
  readonly id: string;
  readonly config: ContainerConfig;
  readonly pod: Surroundings;
  #command: CommandLine;
  #running: Running | undefined;
  #logs: LogBook | undefined;
  #listeners: { port: number; listener: Listener }[] | undefined;
  /** Who is connected to it. */
  #peers: Set<Peer> | undefined;
  #timers: Timer[] | undefined;
  #killTimer: Timer | undefined;
  #files: FileView | undefined;
  #terminationLog: FileNode | undefined;
  #cpu: CpuAccount | undefined;
  readonly #root: DirectoryNode | undefined;
  stopping = false;
  /** Of its main process, as the host counts. */
  pid = 0;

  /** `root` is its file system when it ran before. */
  constructor(id: string, config: ContainerConfig, command: CommandLine, pod: Surroundings, root?: DirectoryNode) {
    this.#root = root;
    this.id = id;
    this.config = config;
    this.pod = pod;
    this.createdAt = pod.machine.clock.now;
    this.#command = command;
  }

  get tools() {
    return toolsOf(this.image);
  }

  get argv(): readonly string[] {
    return this.#command.argv;
  }

  get image(): Image {
    return this.#command.image;
  }

  get clock(): Clock {
    return this.pod.machine.clock;
  }
  get random(): Random {
    return this.pod.random;
  }
  get hostname(): string {
    return this.pod.hostname;
  }
  get ip(): string {
    return this.pod.ip;
  }
  get ips(): readonly string[] {
    return this.pod.ips;
  }
  get env(): Readonly<Record<string, string>> {
    const { uid } = this.user;
    return { ...this.#command.image.env, HOSTNAME: this.pod.hostname, HOME: uid === 0 ? '/root' : homeOf(passwd, uid), ...this.config.env() };
  }
  get user(): Credentials {
    const { user } = this.#command.image;
    return this.config.user ?? (user ? imageUser(user) : superuser);
  }
  get workingDirectory(): string {
    return this.config.workingDir ?? this.image.workingDir ?? '/';
  }
  get input() {
    const { stdin, tty = false, stdinOnce: once = false } = this.config;
    return stdin ? { tty, once } : undefined;
  }
  get files(): FileView {
    const { config, user, argv } = this;
    const { machine } = this.pod;
    return (this.#files ??= containerFiles({ image: this.#command.image, config, argv, machine, user, hostname: this.hostname, ...(this.#root && { root: this.#root }), container: this, terminationLog: (this.#terminationLog = file('', { mode: 0o666 })), memory: () => this.memory }));
  }

  /** False while nobody has looked at its files. */
  get filesUsed(): boolean {
    return this.#files !== undefined;
  }

  /** Its own file system, without what is mounted. */
  get root(): DirectoryNode {
    return this.files.root;
  }

  start(): void {
    this.state = 'running';
    this.startedAt = this.clock.now;
    this.pid = this.pod.machine.newPid();
    this.#running = this.#command.program(this);
  }

  processes(): ProcessRow[] {
    return processesInside(this);
  }

  attach(options: SessionOptions): Session | undefined {
    return this.#running?.attach?.(options);
  }

  log(line: string): void {
    this.logLines([line]);
  }

  logLines(lines: Lines): void {
    this.#write(lines, false);
  }

  logPiece(text: string): void {
    this.#write([text], true);
  }

  #write(lines: Lines, open: boolean): void {
    const logs = (this.#logs ??= new LogBook());
    logs.add(this.clock.now, lines, open);
    if (logs.bytes >= this.pod.logLimit) this.pod.largeLog(this.id);
  }

  listen(port: number, listener: Listener, taken = () => this.#endWithoutPort(port)): void {
    if (this.pod.isTaken(port)) taken();
    else (this.#listeners ??= []).push({ port, listener });
  }

  #endWithoutPort(port: number): void {
    this.log(`listen tcp :${port}: bind: address already in use`);
    this.after(1, () => this.exit(1));
  }

  /** Its own ports. */
  get ports(): readonly number[] {
    return this.#listeners?.map(({ port }) => port) ?? [];
  }

  listening(): readonly number[] {
    return [...new Set(this.pod.containers.flatMap(({ ports }) => ports))].sort((a, b) => a - b);
  }

  listener(port: number): Listener | undefined {
    if (this.state !== 'running' || !this.#listeners) return undefined;
    for (const entry of this.#listeners) if (entry.port === port) return entry.listener;
    return undefined;
  }

  /** Takes a TCP connection; it ends with the process. */
  connect(listener: Listener, peer: Peer): Stream {
    const peers = (this.#peers ??= new Set());
    peers.add(peer);
    const end = () => {
      if (peers.delete(peer)) peer.end();
    };
    const stream = listener.accept!({ from: peer.from, write: (bytes) => peers.has(peer) && peer.write(bytes), end });
    return { data: (bytes) => this.state === 'running' && stream.data(bytes), end: () => this.state === 'running' && stream.end() };
  }

  useMemory(bytes: number): void {
    if (this.state !== 'running') return;
    const limit = this.config.memoryLimit;
    this.pod.machine.use(bytes - this.memory);
    this.memory = bytes;
    if (limit !== undefined && bytes > limit) this.end(137, 'OOMKilled');
  }

  get namespaces(): Namespaces {
    const { sandbox, hostNetwork, machine } = this.pod;
    return namespacesOf({ pid: this.pid, sandbox, hostNetwork, ownCgroup: machine.os.cgroup === 2 });
  }

  get cpu(): CpuAccount {
    return (this.#cpu ??= new CpuAccount({ limit: this.config.cpuLimit, cpus: this.pod.machine.cpus, now: this.startedAt || this.clock.now }));
  }

  useCpu(cpus: number): void {
    this.cpu.want(cpus, this.clock.now);
  }

  after(milliseconds: number, run: () => void): void {
    const timers = (this.#timers ??= []);
    if (timers.length > 20) timers.splice(0, timers.length, ...timers.filter((t) => !t.cancelled && t.at > this.clock.now));
    timers.push(this.clock.after(milliseconds, () => this.state === 'running' && run()));
  }

  exit(code: number): void {
    this.end(code, code === 0 ? 'Completed' : 'Error');
  }

  get mayEscalate(): boolean {
    return this.config.privileges?.mayEscalate ?? true;
  }

  may(capability: string): boolean {
    const { privileges = { privileged: false, add: [], drop: [] } } = this.config;
    return this.user.uid === 0 && capabilitiesOf(privileges).has(capability);
  }

  dial(host: string, port: number, protocol?: Protocol, family?: 4 | 6): Dial {
    return dialByName(host, port, { family, resolve: (name) => this.resolve(name, family), dial: (ip) => this.pod.network.dial(this.caller(), ip, port, protocol), random: this.pod.random });
  }

  ping(ip: string, id: number): Echo {
    return this.pod.network.ping?.(this.caller(), ip, id) ?? { error: 'unreachable' };
  }

  resolve(name: string, family?: 4 | 6): Resolution {
    return resolveName(name, this.files, (question, server) => this.pod.network.query(question, server, this.caller()), addressTypes(this.ips, family));
  }

  serveIngresses(options: IngressOptions): IngressGate | undefined {
    return this.pod.network.serveIngresses?.(this.caller(), options);
  }

  query(question: DnsQuestion, server?: string): Resolution {
    const config = parseResolverConfig(this.files.read('/etc/resolv.conf') ?? '');
    return lookUp(question, server === undefined ? config : { ...config, servers: [server] }, (asked, at) => this.pod.network.query(asked, at, this.caller()));
  }

  caller(): Caller {
    return { node: this.pod.machine.name, ip: this.pod.ip, namespace: this.pod.namespace };
  }

  /** SIGTERM now, SIGKILL when the grace is over. */
  stop(grace: number): void {
    if (this.state !== 'running' || (this.stopping && grace > 0)) return;
    this.stopping = true;
    const terminate = this.#running?.terminate;
    const killed = !terminate || terminate.after > grace;
    this.clock.cancel(this.#killTimer);
    this.#killTimer = this.clock.after(killed ? grace : terminate.after, () => {
      if (killed) this.end(137, 'Error');
      else this.exit(terminate.exitCode);
    });
  }

  terminate(): void {
    if (this.#running?.terminate) this.stop(Number.MAX_SAFE_INTEGER);
  }

  end(exitCode: number, reason: string, message = ''): void {
    if (this.state === 'exited') return;
    this.state = 'exited';
    this.finishedAt = this.clock.now;
    this.exitCode = exitCode;
    this.reason = reason;
    this.message = message || this.#terminationMessage();
    this.pod.machine.use(-this.memory);
    this.memory = 0;
    this.#cpu?.want(0, this.clock.now);
    if (this.#timers) for (const timer of this.#timers) this.clock.cancel(timer);
    this.clock.cancel(this.#killTimer);
    this.#timers = undefined;
    this.#listeners = undefined;
    for (const peer of this.#peers ?? []) peer.end();
    this.#peers = undefined;
    this.pod.changed();
  }

  #terminationMessage(): string {
    const written = this.#terminationLog?.content.slice(-longestMessage) ?? '';
    if (written || !this.config.messageFromLogs || this.exitCode === 0) return written;
    return this.readLog({ tailLines: mostLines }).slice(-longestFromLog);
  }

  /** Bytes beyond its image. */
  get diskUsage(): number {
    const written = this.#files ? usageOf(this.#files.root) - usageOf(imageFiles(this.#command.image)) : 0;
    return Math.max(0, written) + (this.#logs?.size ?? 0);
  }

  get logFiles(): readonly LogFile[] {
    return this.#logs?.files() ?? new LogBook().files();
  }

  rotateLog(maxFiles: number): void {
    if (this.state === 'running') this.#logs?.rotate(this.clock.now, maxFiles);
  }

  readLog(options: LogOptions = {}): string {
    return this.#logs?.read(options) ?? '';
  }
}
