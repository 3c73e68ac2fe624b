// A host of one's own with Docker on it: what containers were before a cluster came.
import { bytes } from '../api/index.ts';
import { createMachine, joinPath, type Machine, type OperatingSystem } from '../machine/index.ts';
import { Clock, createRandom, duration, Loop, type Random, timestamp } from '../sim/index.ts';
import { type Command, dockerCommand, DockerEngine, dockerReleases, Registries } from '../workloads/index.ts';
import { type Host, type MachineShell, withShell } from './machine-shell.ts';
import { hostDaemons } from './host-daemons.ts';

/** `ubuntu-20.04` is the host of the notes: control groups v1, Docker 20.10 with the old builder. `raspberry-pi` is Ubuntu 20.04 on one, whose memory controller is off. */
export type HostSystem = 'ubuntu-24.04' | 'ubuntu-20.04' | 'ubuntu-18.04' | 'raspberry-pi';

export interface HostOptions {
  /** Default `lab`. */
  name?: string;
  /** Default `ubuntu-24.04`. */
  os?: HostSystem;
  /** Default 4. */
  cpus?: number;
  /** A quantity (`8Gi`, the default) or bytes. */
  memory?: string | number;
  /** Bytes a second that it downloads with. Default 50e6. */
  bandwidth?: number;
  /** Decides names, ids and delays. Default 1. */
  seed?: number | string;
  /** Registry → account → password. Default: `bruzn` at Docker Hub, `student` at the private `registry.example.com`. */
  accounts?: Accounts;
  /** Those of another host: what that one pushes, this one can pull. */
  registries?: Registries;
  /** Default `192.168.0.10`. */
  ip?: string;
  /** A quantity or bytes of a swap file that is on, and stands in /etc/fstab. Default none. */
  swap?: string | number;
  /** Modules of the kernel that are loaded at every boot. Default `br_netfilter`, `overlay`. */
  modules?: string[];
  /** Parameters of the kernel at every boot, unless files say otherwise. Default: packets are passed on. */
  sysctl?: Record<string, string>;
  /** Default: the name. */
  hostname?: string;
  mac?: string;
  productUuid?: string;
}

export type Accounts = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A machine with Docker. Nothing on it moves unless time is told to pass. */
export interface DockerHost {
  readonly machine: Host;
  /** Its shell: ``await host.sh`ps -ef` ``. */
  readonly sh: MachineShell;
  /** Docker as it is typed: ``await host.docker`ps` `` prints; `.text` returns. */
  readonly docker: Typed;
  /** Puts a file into the home directory, where commands run. */
  file(path: string, text: string): void;
  /** Lets time pass: `'30s'`, or milliseconds. */
  advance(time: string | number): void;
  /** Virtual time, RFC 3339. */
  readonly now: string;
  readonly registries: Registries;
}

export interface Typed {
  (strings: TemplateStringsArray, ...values: unknown[]): Promise<void>;
  text(strings: TemplateStringsArray, ...values: unknown[]): string;
}

const systems: Record<HostSystem, { os: OperatingSystem; release: 'then' | 'now' }> = {
  'ubuntu-24.04': { os: { image: 'Ubuntu 24.04.2 LTS', kernel: '6.8.0-60-generic', os: 'linux', arch: 'amd64', cgroup: 2 }, release: 'now' },
  'raspberry-pi': { os: { image: 'Ubuntu 20.04.1 LTS', kernel: '5.4.0-1015-raspi', os: 'linux', arch: 'arm64', cgroup: 1 }, release: 'then' },
  'ubuntu-20.04': { os: { image: 'Ubuntu 20.04.1 LTS', kernel: '5.4.0-42-generic', os: 'linux', arch: 'amd64', cgroup: 1 }, release: 'then' },
  'ubuntu-18.04': { os: { image: 'Ubuntu 18.04.4 LTS', kernel: '4.15.0-112-generic', os: 'linux', arch: 'amd64', cgroup: 1 }, release: 'then' },
};

/** Who may push where when nobody says otherwise. */
const usual: Accounts = { 'docker.io': { bruzn: 'dckr_pat_bruzn' }, 'registry.example.com': { student: 'kubook' } };

export function openAccounts(registries: Registries, accounts: Accounts = usual): void {
  for (const [domain, people] of Object.entries(accounts)) {
    for (const [username, password] of Object.entries(people)) registries.signUp(domain, { username, password }, { isPrivate: !registries.hosts.has(domain) });
  }
}

/** Makes a host. The same options give the same host, to the byte. */
export function createHost(options: HostOptions = {}, install?: HostParts['install']): DockerHost {
  const random = createRandom(options.seed ?? 1);
  const loop = new Loop({ clock: new Clock(), random: random.fork('loop') });
  const registries = options.registries ?? new Registries();
  if (!options.registries || options.accounts) openAccounts(registries, options.accounts);
  return hostOn(options, { loop, random, registries, ...(install && { install }) });
}

interface HostParts {
  loop: Loop;
  random: Random;
  registries: Registries;
  /** Files that somebody else puts into the home directory. */
  files?: ReadonlyMap<string, string>;
  /** Puts more on it, before anybody logs in: programs of its shell. */
  install?(parts: { machine: Machine; engine: DockerEngine; docker: Command }): Record<string, Command>;
}

const amount = (given: string | number) => (typeof given === 'number' ? given : bytes(given));

/** The machine of a host before anything runs on it. */
function machineOf({ name = 'lab', os = 'ubuntu-24.04', cpus = 4, memory = '8Gi', ip = '192.168.0.10', swap = 0, modules, sysctl, hostname, mac, productUuid, bandwidth }: HostOptions, clock: Clock): Machine {
  const system = systems[os];
  if (!system) throw new RangeError(`os는 ${Object.keys(systems).join('이나 ')}이다: ${String(os)}`);
  return createMachine({ name, clock, ip, cpus, memory: amount(memory), swap: amount(swap), os: system.os, kernelModules: modules, sysctl, hostname, mac, productUuid, ...(bandwidth && { bandwidth }) });
}

export function hostOn(options: HostOptions, { loop, random, registries, files = new Map(), install = () => ({}) }: HostParts): DockerHost {
  const { clock } = loop;
  const machine = machineOf(options, clock);
  const engine = new DockerEngine({ machine, registries, random: random.fork('docker'), release: dockerReleases[systems[options.os ?? 'ubuntu-24.04'].release] });
  const docker = dockerCommand(engine);
  const put = (path: string, text: string) => {
    const full = path.startsWith('/') ? path : joinPath('/root', path);
    machine.files.makeDirectories(full.slice(0, full.lastIndexOf('/')) || '/');
    if (machine.files.read(full) !== text) machine.files.write(full, text);
  };
  const before = () => {
    for (const [path, text] of files) put(path, text);
  };
  const host = withShell(machine, { network: engine.bridge, before, loop, random: random.fork('shell'), daemons: hostDaemons({ machine, loop, random: random.fork('daemons') }), programs: { ...engine.runtime.commands, docker, ...install({ machine, engine, docker }) } });
  return {
    machine: host,
    sh: host.sh,
    docker: dockerOf(host.sh),
    registries,
    file: put,
    advance: (time) => loop.runUntil(clock.now + duration(time)),
    get now() {
      return timestamp(clock.now);
    },
  };
}

/** The shell, with the first word typed already. */
function dockerOf(sh: MachineShell): Typed {
  const whole = (strings: TemplateStringsArray) => Object.assign([`docker ${strings[0]}`, ...strings.slice(1)], { raw: [`docker ${strings.raw[0]}`, ...strings.raw.slice(1)] });
  const docker = (strings: TemplateStringsArray, ...values: unknown[]) => sh(whole(strings), ...values);
  return Object.assign(docker, { text: (strings: TemplateStringsArray, ...values: unknown[]) => sh.text(whole(strings), ...values) });
}
