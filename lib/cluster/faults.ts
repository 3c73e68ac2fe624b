// What can go wrong, one line each.
import type { Links, Machine } from '../machine/index.ts';
import type { ClusterNetwork } from '../network/index.ts';
import type { Process } from './process.ts';

export interface Faults {
  /** The machine loses its power; `powerOn` boots it again. */
  powerOff(machine: string): void;
  powerOn(machine: string): void;
  /** The machine goes down in order: a kubelet with a grace period for shutdowns ends its pods before. */
  shutDown(machine: string): void;
  /** Cuts the cable between two machines; `restore` mends it. */
  cut(a: string, b: string): void;
  restore(a: string, b: string): void;
  /** Connections to this port of the machine are dropped by its firewall, until `openPort`. */
  blockPort(machine: string, port: number): void;
  openPort(machine: string, port: number): void;
  /** Something outside Kubernetes takes this many bytes of the machine's memory. */
  fillMemory(machine: string, bytes: number): void;
  /** Something outside Kubernetes takes this many bytes of the machine's disk. */
  fillDisk(machine: string, bytes: number): void;
  /**
   * A process ends and stays down: `kube-apiserver`, `etcd`, `kube-scheduler`, `kube-controller-manager`, `coredns`, or `kubelet`, `containerd`
   * (`docker` before v1.24) and `kube-proxy` with their machine. Of several control planes all of a name, or with a machine that one. A `coredns` that has pods crashes as they do.
   * Differs from Kubernetes: systemd and the kubelet would start them again by themselves; here `start` does.
   */
  crash(process: string, machine?: string): void;
  /** Starts what crashed. */
  start(process: string, machine?: string): void;
  /** Pulls of this image fail, until `mendImage`. */
  breakImage(image: string): void;
  mendImage(image: string): void;
}

export interface FaultParts {
  machines: ReadonlyMap<string, Machine>;
  processes: ReadonlyMap<string, Process>;
  links: Links;
  brokenImages: Set<string>;
  network: ClusterNetwork;
}

export function createFaults({ machines, processes, links, brokenImages, network }: FaultParts): Faults {
  const machine = (name: string) => found(machines, name, '머신');
  const unit = (host: string, name: string) => found(machine(host).units, name, `머신 ${host}의 서비스`);
  const onMachine: Record<string, (host: string) => { start(): void; stop(): void }> = {
    kubelet: (host) => unit(host, 'kubelet'),
    containerd: (host) => unit(host, 'containerd'),
    docker: (host) => unit(host, 'docker'),
    'kube-proxy': (host) => network.kubeProxy(machine(host).name),
  };
  const process = (name: string, host = '') => onMachine[name]?.(host) ?? processes.get(`${name}/${host}`) ?? found(processes, name, '프로세스');
  const openPort = (name: string, port: number) => {
    const { firewall } = machine(name);
    firewall.splice(0, firewall.length, ...firewall.filter((rule) => rule.port !== port));
  };
  return {
    powerOff: (name) => machine(name).powerOff(),
    shutDown: (name) => machine(name).shutDown(),
    powerOn: (name) => machine(name).powerOn(),
    cut: (a, b) => links.cut(machine(a).name, machine(b).name),
    restore: (a, b) => links.restore(machine(a).name, machine(b).name),
    blockPort: (name, port) => void machine(name).firewall.push({ port, action: 'drop' }),
    openPort,
    fillMemory: (name, bytes) => machine(name).use(bytes),
    fillDisk: (name, bytes) => machine(name).useDisk(bytes),
    crash: (name, host) => process(name, host).stop(),
    start: (name, host) => process(name, host).start(),
    breakImage: (image) => void brokenImages.add(image),
    mendImage: (image) => void brokenImages.delete(image),
  };
}

export function found<T>(table: ReadonlyMap<string, T>, name: string, what: string): T {
  const entry = table.get(name);
  if (entry === undefined) throw new RangeError(`없는 ${what}: '${name}'. 있는 것: ${[...table.keys()].join(', ')}`);
  return entry;
}
