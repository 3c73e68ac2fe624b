// A small cloud: it rents out machines, has routes between them, and load balancers in front of them. It knows nothing of
// Kubernetes; a cloud provider speaks to it.
import type { Clock } from '../../sim/index.ts';
import { hexOf, type Machine } from '../../machine/index.ts';
import type { BalancerOrder, CloudApi, CloudBalancer, CloudCall, CloudOptions, CloudRoute, CloudState, GroupApi, Instance } from './api.ts';
import { type CloudDisk, type DiskApi, DiskShelf } from './disks.ts';
import { type CloudGroup, type NodeGroupOptions, NodeGroups } from './groups.ts';

export type * from './api.ts';
export type { CloudDisk };

export interface CloudParts extends Pick<CloudOptions, 'zones' | 'state' | 'nodeGroups'> {
  clock: Clock;
  machines: ReadonlyMap<string, Machine>;
  /** Sets a machine up and lets it join. */
  join(name: string, options: NodeGroupOptions): Machine;
}

const region = 'kr';
const GiB = 2 ** 30;

export const idOf = (name: string): string => `i-${hexOf(`instance/${name}`).slice(0, 8)}`;

export class FakeCloud implements CloudApi, DiskApi, GroupApi {
  readonly calls: CloudCall[] = [];
  readonly #clock: Clock;
  readonly #machines: Map<string, Machine>;
  readonly #groups: NodeGroups;
  readonly #zones: readonly string[];
  readonly #gone = new Set<string>();
  readonly #balancers = new Map<string, CloudBalancer>();
  readonly #routes = new Map<string, CloudRoute>();
  readonly #disks: DiskShelf;
  #made = 0;
  #onChange = () => {};
  #faults: { message: string; carriedOut: boolean }[] = [];

  constructor({ clock, machines, zones = ['kr-a', 'kr-b', 'kr-c'], state, nodeGroups = [], join }: CloudParts) {
    this.#clock = clock;
    this.#machines = new Map(machines);
    this.#zones = zones;
    const boot = (name: string, options: NodeGroupOptions) => void this.#machines.set(name, join(name, options));
    this.#groups = new NodeGroups({ clock, options: nodeGroups, state: state?.groups, call: (call, about, run) => this.#call(call, about, run), boot, end: (name) => this.#giveBack(name) });
    for (const balancer of state?.balancers ?? []) this.#balancers.set(balancer.id, balancer);
    for (const route of state?.routes ?? []) this.#routes.set(route.name, route);
    for (const name of state?.gone ?? []) this.#giveBack(name);
    this.#made = state?.made ?? 0;
    this.#disks = new DiskShelf(state?.disks);
  }

  get state(): CloudState {
    const groups = this.#groups.state;
    return { balancers: this.balancers(), routes: this.routes(), gone: [...this.#gone], made: this.#made, disks: this.disks(), ...(Object.keys(groups).length > 0 && { groups }) };
  }

  /** Calls back after everything that changes the state. */
  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  /** The machine is given back: it ends, and the cloud forgets it. */
  terminate(name: string): void {
    if (!this.instances().some((instance) => instance.name === name)) throw new RangeError(`'${name}' 인스턴스는 없다. 있는 것: ${this.instances().map((instance) => instance.name).join(', ')}`);
    this.#groups.lost(name);
    this.#giveBack(name);
    this.#onChange();
  }

  #giveBack(name: string): void {
    this.#machines.get(name)?.powerOff();
    this.#gone.add(name);
  }

  /** The next calls that change something fail; with `carriedOut` only their answers are lost. */
  fail(message: string, { times = 1, carriedOut = false } = {}): void {
    for (let i = 0; i < times; i++) this.#faults.push({ message, carriedOut });
  }

  instances(): readonly Instance[] {
    return [...this.#machines.values()].map((machine, i) => this.#instance(machine, i)).filter(({ name }) => !this.#gone.has(name));
  }

  #instance({ name, cpus, memory, ip, powered }: Machine, i: number): Instance {
    const zone = this.#zones[i % this.#zones.length]!;
    return { id: idOf(name), name, type: `c${cpus}m${Math.round(memory / GiB)}`, zone, region, privateIP: ip, publicIP: `198.51.${100 + (i >> 8)}.${(i & 255) + 10}`, running: powered };
  }

  balancers(): readonly CloudBalancer[] {
    return [...this.#balancers.values()];
  }

  createBalancer(order: BalancerOrder): CloudBalancer {
    return this.#call('CreateLoadBalancer', order.name, () => {
      const taken = new Set(this.balancers().map(({ address }) => address));
      const address = Array.from({ length: 245 }, (_, i) => `203.0.113.${i + 10}`).find((one) => !taken.has(one));
      if (!address) throw new Error('LimitExceeded: no public address is left');
      const balancer = { ...order, id: `lb-${hexOf(`balancer/${++this.#made}`).slice(0, 8)}`, address };
      this.#balancers.set(balancer.id, balancer);
      return balancer;
    });
  }

  updateBalancer(id: string, order: Partial<BalancerOrder>): CloudBalancer {
    return this.#call('ModifyLoadBalancer', id, () => {
      const balancer = { ...this.#found(id), ...order };
      this.#balancers.set(id, balancer);
      return balancer;
    });
  }

  deleteBalancer(id: string): void {
    this.#call('DeleteLoadBalancer', id, () => void this.#balancers.delete(this.#found(id).id));
  }

  routes(): readonly CloudRoute[] {
    return [...this.#routes.values()];
  }

  createRoute(route: CloudRoute): void {
    this.#call('CreateRoute', `${route.destinationCIDR} ${route.targetNode}`, () => void this.#routes.set(route.name, route));
  }

  deleteRoute(name: string): void {
    this.#call('DeleteRoute', name, () => void this.#routes.delete(name));
  }

  disks(): readonly CloudDisk[] {
    return this.#disks.all();
  }

  createDisk(order: Omit<CloudDisk, 'id' | 'attachedTo'>): CloudDisk {
    return this.#call('CreateDisk', order.name, () => this.#disks.create(order));
  }

  deleteDisk(id: string): void {
    this.#call('DeleteDisk', id, () => this.#disks.delete(id));
  }

  attachDisk(id: string, machine: string): CloudDisk {
    return this.#call('AttachDisk', `${id} ${machine}`, () => this.#disks.attach(id, this.instances().find(({ name }) => name === machine)));
  }

  detachDisk(id: string, machine: string): void {
    this.#call('DetachDisk', `${id} ${machine}`, () => this.#disks.detach(id, machine));
  }

  groups(): readonly CloudGroup[] {
    return this.#groups.list();
  }

  growGroup(name: string, by: number): void {
    this.#groups.grow(name, by);
  }

  shrinkGroup(name: string, machines: readonly string[]): void {
    this.#groups.shrink(name, machines);
  }

  #found(id: string): CloudBalancer {
    const balancer = this.#balancers.get(id);
    if (!balancer) throw new Error(`LoadBalancerNotFound: ${id}`);
    return balancer;
  }

  #call<T>(call: string, about: string, run: () => T): T {
    const entry = { time: this.#clock.now, call, about };
    const fault = this.#faults.shift();
    try {
      const answer = fault && !fault.carriedOut ? undefined : run();
      if (!fault || fault.carriedOut) this.#onChange();
      if (fault) throw new Error(fault.message);
      this.calls.push(entry);
      return answer as T;
    } catch (error) {
      this.calls.push({ ...entry, error: (error as Error).message });
      throw error;
    }
  }
}
