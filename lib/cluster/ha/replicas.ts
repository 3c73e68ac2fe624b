// A control plane of several machines: API servers behind a balancer, members of etcd, and who is led by whom.
import { RaftGroup, type Store } from '../../etcd/index.ts';
import type { Links, Machine } from '../../machine/index.ts';
import type { Clock, Random } from '../../sim/index.ts';
import { switchable } from '../control-plane-processes.ts';
import type { Process } from '../process.ts';
import { type Front, keptConnection, roundRobin } from './balancer.ts';
import type { ReplicatedPlan } from './plan.ts';

export const [clientPort, peerPort, apiPort] = [2379, 2380, 6443];

export interface ReplicaParts {
  plan: ReplicatedPlan;
  clock: Clock;
  random: Random;
  store: Store;
  links: Links;
  machines: ReadonlyMap<string, Machine>;
}

export interface Replicas {
  readonly plan: ReplicatedPlan;
  readonly fronts: readonly Front[];
  readonly etcd: RaftGroup;
  /** `kube-apiserver/control-plane-1`, `etcd/etcd-2`. */
  readonly processes: ReadonlyMap<string, Process>;
  /** Every process of that name at once. */
  all(name: 'kube-apiserver' | 'etcd'): Process;
  /** Whoever asks next is answered by this one. */
  through(front: Front | undefined): boolean;
  /** By the balancer, a new connection each time. */
  byBalancer(): boolean;
  /** By the balancer, from this address, with a connection that stays. False, too, where etcd does not answer. */
  keptBy(ip: string): boolean;
  /** Straight to the API server of this machine. */
  local(head: string): boolean;
  reachesEtcd(from: string, member: string): boolean;
  /** A machine was switched on or off. */
  powerChanged(): void;
  /** The way to etcd of the API server that answers. */
  etcdAnswers(): boolean;
}

export function createReplicas({ plan, clock, random, store, links, machines }: ReplicaParts): Replicas {
  const { heads, balancer } = plan;
  const processes = new Map<string, Process>([
    ...heads.map(({ name }): [string, Process] => [`kube-apiserver/${name}`, switchable('kube-apiserver')]),
    ...plan.etcd.map(({ name }): [string, Process] => [`etcd/${name}`, watched(switchable('etcd'), () => etcd.look())]),
  ]);
  const powered = (name: string) => machines.get(name)?.powered ?? true;
  const runs = (process: string, name: string) => powered(name) && (processes.get(`${process}/${name}`)?.running ?? false);
  const admits = (to: string, port: number, from: string) => machines.get(to)?.admits(port, from === to ? '127.0.0.1' : (machines.get(from)?.ip ?? '')) ?? true;
  const connects = (from: string, to: string, port: number) => (from === to || links.up(from, to)) && admits(to, port, from);
  const etcd: RaftGroup = new RaftGroup({
    clock,
    random: random.fork('raft'),
    members: plan.etcd.map(({ name, ip }) => ({ name, peerURL: `https://${ip}:${peerPort}`, clientURL: `https://${ip}:${clientPort}` })),
    runs: (name) => runs('etcd', name),
    reaches: (from, to) => connects(from, to, peerPort),
    writes: () => store.revision,
  });
  // Stacked: each API server asks the member on its own machine only, as kubeadm sets it up.
  const endpoints = (head: string) => (plan.etcdOnly.length > 0 ? plan.etcd.map(({ name }) => name) : [head]);
  const fronts = heads.map(({ name, ip }): Front => ({
    name, ip,
    requests: 0,
    up: () => runs('kube-apiserver', name),
    etcdAnswers: () => endpoints(name).some((member) => runs('etcd', member) && connects(name, member, clientPort) && etcd.commits(member)),
  }));
  const reachable = (front: Front): Front => (balancer ? { ...front, up: () => front.up() && connects(balancer.name, front.name, apiPort), etcdAnswers: front.etcdAnswers } : front);
  const behind = fronts.map(reachable);
  const nameOf = (ip: string) => [...machines.values()].find((machine) => machine.ips.includes(ip))?.name ?? '';
  const entrance = (who: string) => (balancer ? powered(balancer.name) && (who === '' || connects(who, balancer.name, apiPort)) : true);
  const turn = roundRobin(behind, () => !balancer || powered(balancer.name));
  const kept = new Map<string, () => Front | undefined>();
  let current: Front | undefined = fronts[0];
  const through = (front: Front | undefined) => {
    current = fronts.find(({ name }) => name === front?.name);
    return current !== undefined;
  };
  links.onChange(() => etcd.look());
  return {
    plan,
    fronts,
    etcd,
    processes,
    all: (name) => together(name, [...processes].filter(([key]) => key.startsWith(`${name}/`)).map(([, process]) => process)),
    through,
    byBalancer: () => through(turn.pick()),
    keptBy(who) {
      let connection = kept.get(who);
      if (!connection) kept.set(who, (connection = keptConnection(turn, () => entrance(nameOf(who)))));
      return through(connection()) && current!.etcdAnswers();
    },
    local(head) {
      const front = fronts.find(({ name }) => name === head)!;
      return front.up() && front.etcdAnswers() && through(front);
    },
    reachesEtcd: (from, member) => runs('etcd', member) && connects(from, member, clientPort),
    powerChanged: () => etcd.look(),
    etcdAnswers() {
      if (!current) return false;
      current.requests++;
      return current.etcdAnswers();
    },
  };
}

/** Several processes as one: running while one of them is. */
export function together(name: string, all: readonly Process[]): Process {
  return {
    name,
    get running() {
      return all.some(({ running }) => running);
    },
    start: () => all.forEach((process) => process.start()),
    stop: () => all.forEach((process) => process.stop()),
  };
}

/** Lets the members look at each other after a process of theirs was started or stopped. */
export function watched(process: Process, look: () => void): Process {
  return {
    name: process.name,
    get running() {
      return process.running;
    },
    start: () => (process.start(), look()),
    stop: () => (process.stop(), look()),
  };
}

