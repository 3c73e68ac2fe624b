// Machines before there is a cluster: each with Docker, a kubelet that waits for its configuration, and what somebody installs on it.
import { createVersion, standInKey, type Version } from '../../api/index.ts';
import { type Client, ConnectionError } from '../../client/index.ts';
import { Links, type Machine, NetworkStorage, special } from '../../machine/index.ts';
import { type ClusterNetwork, createNetwork } from '../../network/index.ts';
import { Clock, createRandom, duration, Loop, timestamp } from '../../sim/index.ts';
import { type Command, Registries } from '../../workloads/index.ts';
import type { Cluster } from '../cluster.ts';
import { createFaults, type Faults, found } from '../faults.ts';
import { openAccounts } from '../host.ts';
import { type Host, withShell } from '../machine-shell.ts';
import { createNode } from '../node.ts';
import { plannedMachine } from '../options.ts';
import { clientsOfUsers } from '../user-clients.ts';
import { componentsOf } from './components.ts';
import { type Access, readAccess } from './kubeconfig.ts';
import { bootstrap, kubeletPaths, kubeletTrouble, lastWords, unpackCertificate, writeDropIn } from './kubelet-unit.ts';
import { kubectlOn } from './kubectl.ts';
import { clientOfNobody, serverOfNobody } from './nobody.ts';
import { switchboard } from './switchboard.ts';
import { kubeletReaches, reach, type Station, type World } from './world.ts';

export interface MachinesOptions {
  /** One machine each. */
  names: readonly string[];
  /** The Kubernetes release whose packages are installed. Default, and so far the only one: `v1.20`. */
  version?: string;
  /** Default 2. */
  cpus?: number;
  /** A quantity (`4Gi`, the default) or bytes. */
  memory?: string | number;
  /** The first moment, in milliseconds since 1970. Default 2021-01-20T00:00:00Z, a week after v1.20.2 came out. */
  start?: number;
  /** Decides names, ids, delays and the order of what happens at one instant. Default 1. */
  seed?: number | string;
}

/** Machines, and the cluster that somebody makes of them. Nothing moves unless time is told to pass. */
export interface Machines {
  readonly version: Version;
  readonly machines: ReadonlyMap<string, Machine>;
  /** A machine with its shell: ``await lab.machine('m-k8s').sh`kubeadm init` ``. */
  machine(name: string): Host;
  /** The cluster as its administrator sees it, from when its API server has answered for the first time. Throws before. */
  readonly cluster: Cluster;
  /** Of machines, cables and images; processes of the control plane are containers of its machine. */
  readonly fault: Omit<Faults, 'crash' | 'start'>;
  readonly loop: Loop;
  /** Virtual time, RFC 3339. */
  readonly now: string;
  /** Lets time pass: `'30s'`, `'25h'`, or milliseconds. */
  advance(time: string | number): void;
  settle(): void;
}

/** What is installed on a machine beside the usual. */
export type Installs = (station: Station, world: World) => Record<string, Command>;

const firstMoment = Date.UTC(2021, 0, 20);
const ubuntu = { image: 'Ubuntu 20.04.1 LTS', kernel: '5.4.0-42-generic', os: 'linux', arch: 'amd64', cgroup: 1 } as const;

function newWorld({ version = 'v1.20', start = firstMoment, seed = 1 }: MachinesOptions): World {
  const random = createRandom(seed);
  const loop = new Loop({ clock: new Clock(start), random: random.fork('loop') });
  const registries = new Registries();
  openAccounts(registries);
  const release = createVersion(version);
  const links = new Links();
  const bare = createNetwork({ client: clientOfNobody({ loop, random, version: release }), links, plugin: 'none' });
  const network: ClusterNetwork = switchboard(() => world.plane?.parts.network ?? bare);
  const world: World = { version: release, loop, random, links, storage: new NetworkStorage(), registries, brokenImages: new Set(), stations: new Map(), network, plane: undefined };
  bare.runComponent = componentsOf(world);
  return world;
}

function newStation(world: World, i: number, { names, cpus = 2, memory = '4Gi' }: MachinesOptions): Station {
  const nobody = serverOfNobody(world);
  const planned = plannedMachine({ name: names[i]!, ip: `192.168.1.${i === 0 ? 10 : 100 + i}`, cpus, memory }, { i, families: ['IPv4'] });
  const ports: Station['ports'] = new Map();
  let asking: { stop(): void } | undefined;
  const node = createNode({
    ...world, planned, os: ubuntu,
    server: () => world.plane?.parts.server ?? nobody,
    reachable: () => kubeletReaches(world, station),
    apiServerAddress: () => world.plane?.station.machine.ip,
    own: { listener: (port) => ports.get(port)?.answering, open: () => [...ports].map(([port, { process }]) => [port, process]) },
    begin({ machine, kubelet, unit }) {
      asking?.stop();
      const trouble = kubeletTrouble(machine);
      if (trouble !== undefined) return lastWords(machine, trouble), unit.crash();
      const own = readAccess(machine.files, kubeletPaths.kubeconfig);
      station.access = own?.certificate !== undefined ? own : readAccess(machine.files, kubeletPaths.bootstrap)!;
      if (own?.certificate !== undefined) {
        unpackCertificate(machine, own);
        return kubelet.start();
      }
      asking = bootstrap({ machine, access: station.access, client: () => clientOf(world, machine, station.access!), key: standInKey, done: () => unit.state === 'active' && kubelet.start() });
    },
  });
  const station: Station = { machine: node.machine, node, ports, etcd: undefined, access: undefined };
  return station;
}

/** Who shows the token; throws while nobody answers. */
function clientOf(world: World, machine: Machine, access: Access): Client {
  const plane = reach(world, machine, access);
  if (typeof plane === 'string') throw new ConnectionError(plane);
  const { server, loop, random, serves } = plane.parts;
  return clientsOfUsers({ server, loop, random, reachable: serves }).clientWith(access.token ?? '');
}

/** What a host of the notes had beside a fresh Ubuntu: names of its neighbours, the socket of Docker, kubeadm's part of the kubelet's unit. */
function furnish({ machine }: Station, all: Iterable<Station>): void {
  const { files } = machine;
  const neighbours = [...all].filter((one) => one.machine !== machine).map((one) => `${one.machine.ip}\t${one.machine.name}\n`);
  files.write('/etc/hosts', `${files.read('/etc/hosts') ?? ''}${neighbours.join('')}`);
  files.makeSpecial('/run/docker.sock', special('socket'));
  writeDropIn(files);
}

/** Machines with what `installs` puts on them. The same options give the same machines, to the byte. */
export function createMachinesWith(options: MachinesOptions, installs: Installs): Machines {
  const world = newWorld(options);
  const { loop, random, version, stations, network, links, brokenImages } = world;
  options.names.forEach((name, i) => stations.set(name, newStation(world, i, options)));
  const machines = new Map([...stations].map(([name, { machine }]) => [name, machine]));
  for (const station of stations.values()) {
    const { machine, node } = station;
    furnish(station, stations.values());
    const programs = { ...node.commands(), kubectl: kubectlOn(world, machine), ...installs(station, world) };
    withShell(machine, { network, loop, programs, random: random.fork(`shell/${machine.name}`), patience: 600_000 });
    node.start();
  }
  loop.settle();
  const { crash: _, start: __, ...fault } = createFaults({ machines, processes: new Map(), links, brokenImages, network });
  return {
    version,
    machines,
    machine: (name) => found(machines, name, '머신') as Host,
    get cluster() {
      if (!world.plane) throw new Error("아직 클러스터가 없다. 머신에서 kubeadm init을 먼저 실행한다: await lab.machine('…').sh`kubeadm init`");
      return world.plane.cluster;
    },
    fault,
    loop,
    get now() {
      return timestamp(loop.clock.now);
    },
    advance: (time) => loop.runUntil(loop.clock.now + duration(time)),
    settle: () => loop.settle(),
  };
}
