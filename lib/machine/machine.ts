import { type Clock, fnv1a } from '../sim/index.ts';
import { FileView, hostFiles, type Mount } from './files/index.ts';
import { Processor } from './processor.ts';
import { bootKernel } from './boot.ts';
import { cgroupControllers } from './kernel.ts';
import { kubeletPrograms, usualPrograms } from './programs.ts';
import type { Answering } from './network.ts';
import { NetworkStorage } from './storage.ts';
import { type Executor, Systemd } from './systemd/index.ts';
import { Unit, type UnitOptions } from './unit.ts';

export const KiB = 1024;
export const MiB = 1024 * KiB;
export const GiB = 1024 * MiB;

export interface OperatingSystem {
  /** As `/etc/os-release` calls it. */
  image: string;
  kernel: string;
  /** GOOS and GOARCH. */
  os: 'linux' | 'windows';
  arch: 'amd64' | 'arm64';
  /** Version of the kernel's control groups: 2 since Ubuntu 21.10. */
  cgroup: 1 | 2;
}

/** A network card as somebody set it up. */
export interface Card {
  name: string;
  /** `172.30.1.1/24`. */
  addresses: readonly string[];
  gateway: string | undefined;
  nameservers: readonly string[];
  dhcp: boolean;
}

export interface MachineOptions {
  name: string;
  clock: Clock;
  /** Default `10.0.0.<n>` is not chosen here: whoever makes several machines numbers them. */
  ip?: string;
  /** Of several families: all addresses, the first one first. Default the one. */
  ips?: readonly string[];
  os?: Partial<OperatingSystem>;
  cpus?: number;
  /** Bytes. */
  memory?: number;
  swap?: number;
  disk?: number;
  /** Bytes a second that images are downloaded with. */
  bandwidth?: number;
  kernelModules?: string[];
  sysctl?: Record<string, string>;
  /** Programs that lie on its PATH, beside what its shell knows. */
  programs?: Iterable<string>;
  /** Controllers of its control groups that are switched on. */
  cgroups?: Iterable<string>;
  hostname?: string;
  mac?: string;
  productUuid?: string;
  /** What it reaches over the network. By default nothing that others reach. */
  storage?: NetworkStorage;
}

/** A rule of the firewall in front of a host: what comes from others to a port is let through or dropped. */
export interface FirewallRule {
  port: number;
  protocol?: 'tcp' | 'udp';
  action: 'accept' | 'drop' | 'reject';
  /** Address it comes from; anywhere when missing. */
  from?: string;
}

const ubuntu: OperatingSystem = { image: 'Ubuntu 24.04.2 LTS', kernel: '6.8.0-60-generic', os: 'linux', arch: 'amd64', cgroup: 2 };

export interface HostedProcess {
  pid: number;
  parent: number;
  user: string;
  argv: readonly string[];
}

export type MachineChange = 'power' | 'memory' | 'disk';

/** A host. What runs on it (a kubelet, containers) is hooked in as units and told when the power goes. */
export class Machine {
  readonly name: string;
  readonly clock: Clock;
  readonly ip: string;
  /** At most one of each family; the first is `ip`. */
  readonly ips: readonly string[];
  readonly os: OperatingSystem;
  cpus: number;
  memory: number;
  swap: number;
  /** Bytes that it could swap to, switched on or not. */
  readonly swapFile: number;
  readonly disk: number;
  readonly bandwidth: number;
  readonly kernelModules: Set<string>;
  readonly sysctl: Map<string, string>;
  readonly programs: Set<string>;
  readonly cgroups: Set<string>;
  /** Parameters of the kernel. */
  cmdline = 'BOOT_IMAGE=/boot/vmlinuz root=/dev/sda1 ro';
  readonly storage: NetworkStorage;
  hostname: string;
  /** Set by netplan; missing: as DHCP gave it. */
  card: Card | undefined;
  readonly firewall: FirewallRule[] = [];
  /** What rules on the machine itself (iptables) make of a new connection; missing while nobody wrote any. */
  packetFilter: ((port: number, from: string) => FirewallRule['action']) | undefined;
  /** Port → what listens on it. */
  readonly listening = new Map<number, string>();
  /** Port → what answers there, of programs that run on the host itself. */
  readonly serving = new Map<number, Answering>();
  /** What listens on it beside these, while it does. */
  alsoListening: (() => Iterable<[port: number, program: string]>) | undefined;
  readonly units = new Map<string, Unit>();
  #systemd: Systemd | undefined;
  /** Programs that run on the host itself, by their pid. */
  readonly processes = new Map<number, HostedProcess>();
  /** Runs a command line for systemd. Set by whoever knows programs; until then there are none. */
  execute: Executor = () => 'No such file or directory';
  powered = true;
  /** Grows with every boot. */
  boots = 1;
  /** When it booted last. */
  bootedAt: number;
  /** Bytes in use by containers, and by whatever a fault filled. */
  memoryUsed = 0;
  /** Bytes that images brought over the network. */
  received = 0;
  sent = 0;
  /** Bytes of images on the disk, and of whatever a fault filled it with. */
  diskUsed = 0;
  #processor: Processor | undefined;
  #given: { mac?: string | undefined; productUuid?: string | undefined };
  #digits: string | undefined;
  #files: FileView | undefined;
  /** Puts what else lies on this machine there when somebody looks at its files for the first time. */
  furnish: ((files: FileView) => void) | undefined;
  /** What lies over its disk: the kernel's own file systems. Asked for when somebody looks at its files. */
  readonly mounts: Mount[] = [];
  #lastPid = 900;
  /** Of the kernel at the first boot. */
  #made: { swap: number; modules: readonly string[]; sysctl: ReadonlyMap<string, string> };
  #waitingForFiles: (() => void)[] = [];
  #bootId: { boot: number; id: string } | undefined;
  #watchers: ((what: MachineChange) => void)[] = [];

  constructor(options: MachineOptions) {
    const { name, clock, os, cpus = 2, memory = 4 * GiB, swap = 0, disk = 60 * GiB, bandwidth = 50e6 } = options;
    this.name = name;
    this.clock = clock;
    this.bootedAt = clock.now;
    this.ips = options.ips ?? [options.ip ?? '10.0.0.2'];
    this.ip = this.ips[0]!;
    this.os = { ...ubuntu, ...os };
    this.cpus = cpus;
    this.memory = memory;
    this.swap = swap;
    this.swapFile = swap;
    this.disk = disk;
    this.bandwidth = bandwidth;
    this.kernelModules = new Set(options.kernelModules ?? ['br_netfilter', 'overlay']);
    this.sysctl = new Map(Object.entries(options.sysctl ?? { 'net.ipv4.ip_forward': '1', 'net.bridge.bridge-nf-call-iptables': '1' }));
    this.#made = { swap, modules: [...this.kernelModules], sysctl: new Map(this.sysctl) };
    this.programs = new Set(options.programs ?? [...usualPrograms, ...kubeletPrograms]);
    this.cgroups = new Set(options.cgroups ?? cgroupControllers);
    this.hostname = options.hostname ?? name;
    this.storage = options.storage ?? new NetworkStorage();
    this.#given = { mac: options.mac, productUuid: options.productUuid };
  }

  /** As /etc/machine-id; the other ids are made of it unless they were given. */
  get machineId(): string {
    return (this.#digits ??= hexOf(this.name));
  }

  /** What lies on its disk; made when somebody looks. */
  get files(): FileView {
    if (!this.#files) {
      this.#files = new FileView({ root: hostFiles(this), mounts: this.mounts, clock: this.clock });
      this.furnish?.(this.#files);
      for (const run of this.#waitingForFiles.splice(0)) run();
    }
    return this.#files;
  }

  /** Calls `run` once somebody has looked at its files: now, or later. Until then nothing can have changed in them. */
  onceFilesUsed(run: () => void): void {
    if (this.#files) run();
    else this.#waitingForFiles.push(run);
  }

  /** The first process; made when somebody asks it for something. */
  get systemd(): Systemd {
    return (this.#systemd ??= new Systemd(this));
  }

  /** False while nobody has looked at its files. */
  get filesUsed(): boolean {
    return this.#files !== undefined;
  }

  get mac(): string {
    const id = this.machineId;
    return this.#given.mac ?? `52:54:00:${id.slice(0, 2)}:${id.slice(2, 4)}:${id.slice(4, 6)}`;
  }

  get productUuid(): string {
    return this.#given.productUuid ?? uuidOf(this.machineId);
  }

  /** A new id for every boot, as /proc/sys/kernel/random/boot_id. */
  get bootId(): string {
    if (this.#bootId?.boot === this.boots) return this.#bootId.id;
    const id = uuidOf(hexOf(`${this.name}#${this.boots}`));
    this.#bootId = { boot: this.boots, id };
    return id;
  }

  /** Its virtual hardware is another: whoever owns the hypervisor changes it while it is off. */
  change({ cpus = this.cpus, memory = this.memory, mac, productUuid }: { cpus?: number; memory?: number; mac?: string; productUuid?: string }): void {
    Object.assign(this, { cpus, memory });
    this.#processor = undefined;
    this.#given = { mac: mac ?? this.#given.mac, productUuid: productUuid ?? this.#given.productUuid };
  }

  get memoryAvailable(): number {
    return Math.max(0, this.memory - this.memoryUsed);
  }

  /** Its CPUs, and who uses them; made when somebody does. */
  get processor(): Processor {
    return (this.#processor ??= new Processor(this.cpus));
  }

  /** Differs from Kubernetes: numbers that nobody else would have taken in between are left out evenly. */
  newPid(): number {
    return (this.#lastPid += 37);
  }

  addUnit(name: string, options?: UnitOptions): Unit {
    const unit = new Unit(name, this.clock, options);
    this.units.set(name, unit);
    return unit;
  }

  /** Differs from Kubernetes: what containers write into their files is small, and not counted here. */
  get diskAvailable(): number {
    return Math.max(0, this.disk - this.diskUsed);
  }

  /** Calls `run` after the power or the use of memory or disk changed. */
  onChange(run: (what: MachineChange) => void): void {
    this.#watchers.push(run);
  }

  use(bytes: number): void {
    if (bytes === 0) return;
    this.memoryUsed += bytes;
    this.#tell('memory');
  }

  useDisk(bytes: number): void {
    if (bytes === 0) return;
    this.diskUsed += bytes;
    this.#tell('disk');
  }

  /** Everything stops at once; nothing is told to anyone. */
  powerOff(): void {
    if (!this.powered) return;
    this.powered = false;
    this.#systemd?.lost();
    for (const unit of this.units.values()) unit.lost();
    this.listening.clear();
    this.serving.clear();
    this.memoryUsed = 0;
    this.#tell('power');
  }

  /** Holds a shutdown up until it calls `release`, as an inhibitor lock of systemd-logind does. */
  inhibitor: ((release: () => void) => void) | undefined;

  /** Goes down in order: whoever holds it up is waited for. */
  shutDown(): void {
    if (!this.powered) return;
    const { boots, inhibitor } = this;
    if (!inhibitor) return this.powerOff();
    inhibitor(() => this.powered && this.boots === boots && this.powerOff());
  }

  /** Boots: enabled units start in the order in which they were added. */
  powerOn(): void {
    if (this.powered) return;
    this.powered = true;
    this.boots++;
    bootKernel(this, this.#made);
    this.bootedAt = this.clock.now;
    this.#tell('power');
    for (const unit of this.units.values()) if (unit.enabled) unit.start();
    if (this.filesUsed) this.systemd.boot();
  }

  reboot(): void {
    this.powerOff();
    this.powerOn();
  }

  /** True when a connection to this port gets past the firewall in front of the machine, and past its own rules. */
  admits(port: number, from = ''): boolean {
    return this.meets(port, from) === 'accept';
  }

  /** What they do with a new connection: dropped, it gets no answer; rejected, it is refused. */
  meets(port: number, from = ''): FirewallRule['action'] {
    const verdict = this.front(port, from);
    return verdict === 'accept' ? (this.packetFilter?.(port, from) ?? 'accept') : verdict;
  }

  /** What the firewall in front of it does; it sees nothing of what the machine says to itself. */
  front(port: number, from = ''): FirewallRule['action'] {
    if (this.firewall.length === 0 || this.isOwn(from)) return 'accept';
    return this.firewall.find((r) => r.port === port && (!r.from || r.from === from))?.action ?? 'accept';
  }

  /** True when rules of iptables see what goes from one port of a bridge to another. */
  get filtersBridges(): boolean {
    return this.kernelModules.has('br_netfilter') && this.sysctl.get('net.bridge.bridge-nf-call-iptables') !== '0';
  }

  /** Everything that listens on it now, by port. */
  get listeners(): [port: number, program: string][] {
    if (!this.powered) return [];
    return [...new Map([...(this.alsoListening?.() ?? []), ...this.listening])].sort(([a], [b]) => a - b);
  }

  isOwn(address: string): boolean {
    return this.ips.includes(address) || address.startsWith('127.') || address === '::1';
  }

  #tell(what: MachineChange): void {
    for (const run of this.#watchers) run(what);
  }
}

export const createMachine = (options: MachineOptions): Machine => new Machine(options);

const uuidOf = (digits: string) => `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20)}`;

/** 32 hex digits that depend on a text only: a host's ids are its own, whatever else was drawn before. */
export function hexOf(text: string): string {
  let out = '';
  let word = fnv1a(text);
  for (let i = 0; i < 4; i++) {
    word = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d) ^ Math.imul(i + 1, 0x9e3779b9);
    out += (word >>> 0).toString(16).padStart(8, '0');
  }
  return out;
}
