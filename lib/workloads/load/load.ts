// Who asks whom all the time, and what comes of it: a closed queueing network, worked out as a steady flow and not request by request.
import type { Clock } from '../../sim/index.ts';
import type { CpuAccount } from '../cpu.ts';

/** Where the requests of one round of a loop go. */
export interface Visit {
  server: CpuAccount;
  /** How many of a round, on average. */
  times: number;
  /** Milliseconds of CPU time for each. */
  cost: number;
}

/** Somebody who asks, waits for the answer, waits a while and asks again: `think` is all the time that nobody computes in. */
export interface Flow {
  /** How many at once. */
  users: number;
  think: number;
  visits: readonly Visit[];
  /** Rounds a millisecond at most. */
  most?: number;
  /** As worked out: milliseconds of a round, and rounds a millisecond. */
  time: number;
  rounds: number;
}

interface Asking {
  flow: Flow;
  /** Milliseconds of CPU time that a round costs here. */
  work: number;
}

/** Passes over all servers until nothing moves any more. */
const [passes, precision] = [24, 1e-7];

const loads = new WeakMap<Clock, Load>();
/** All flows of a cluster. */
export function loadOf(clock: Clock): Load {
  let load = loads.get(clock);
  if (!load) loads.set(clock, (load = new Load(clock)));
  return load;
}

/**
 * Throughput and response times by the asymptotic bounds of closed queueing networks (Lazowska et al., Quantitative System
 * Performance, chapter 5): a request takes its CPU time until a server has no more of it to give, and then as much longer as keeps
 * the server just busy. Differs from Kubernetes: chance is left out (all get the average), and below its limit nobody waits.
 */
export class Load {
  readonly #clock: Clock;
  readonly #flows = new Set<Flow>();
  #servers = new Set<CpuAccount>();
  readonly #rebalance = () => this.solve();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(flow: Flow): void {
    this.#flows.add(flow);
    this.solve();
  }

  close(flow: Flow): void {
    if (this.#flows.delete(flow)) this.solve();
  }

  /** Works out again who gets what. */
  solve(): void {
    const { now } = this.#clock;
    const asked = this.#asked();
    const processors = new Set([...this.#servers, ...asked.keys()].map(({ processor }) => processor));
    for (const processor of processors) processor.settle(now);
    for (const server of this.#servers) if (!asked.has(server)) leave(server);
    this.#servers = new Set(asked.keys());
    for (const server of this.#servers) {
      server.settle(now);
      server.rebalance = this.#rebalance;
      server.stretch = 1;
      server.processor.enlist(server);
    }
    for (let pass = 0; pass < passes; pass++) {
      for (const flow of this.#flows) flow.time = timeOf(flow);
      for (const [server, asking] of asked) server.served.wants = used(server, asking, server.slowness);
      for (const processor of processors) processor.plan();
      if (pass === 0) spread(asked, this.#flows);
      let moved = 0;
      for (const [server, asking] of asked) moved = Math.max(moved, stretch(server, asking));
      if (moved < precision) break;
    }
    for (const flow of this.#flows) flow.rounds = roundsOf(flow, (flow.time = timeOf(flow)));
    for (const [server, asking] of asked) server.served.uses = used(server, asking, server.stretch);
    for (const processor of processors) processor.grant(now);
  }

  #asked(): Map<CpuAccount, Asking[]> {
    const asked = new Map<CpuAccount, Asking[]>();
    for (const flow of this.#flows) {
      for (const { server, times, cost } of flow.visits) {
        if (!server.alive) continue;
        const list = asked.get(server);
        if (list) list.push({ flow, work: times * cost });
        else asked.set(server, [{ flow, work: times * cost }]);
      }
    }
    return asked;
  }
}

/** Where several servers are full, all that are make a flow wait alike, to begin with: otherwise the first one would do for the others. */
function spread(asked: ReadonlyMap<CpuAccount, Asking[]>, flows: ReadonlySet<Flow>): void {
  const full = new Set([...asked].filter(([server]) => server.served.wants > server.room).map(([server]) => server));
  if (full.size < 2) return;
  const works = new Map<Flow, number>();
  for (const server of full) for (const { flow, work } of asked.get(server)!) works.set(flow, (works.get(flow) ?? 0) + work);
  for (const server of full) {
    const asking = asked.get(server)!;
    server.stretch = least(server, (stretch) => asking.reduce((cpus, { flow, work }) => cpus + roundsOf(flow, flow.time + works.get(flow)! * (stretch - 1)) * work, 0));
  }
  for (const flow of flows) flow.time = timeOf(flow);
}

function leave(server: CpuAccount): void {
  Object.assign(server.served, { wants: 0, uses: 0 });
  server.stretch = 1;
  server.rebalance = undefined;
}

/** Milliseconds of a round. */
function timeOf({ think, visits }: Flow): number {
  let time = think;
  for (const { server, times, cost } of visits) if (server.alive) time += times * cost * server.stretch;
  return Math.max(time, 0.01);
}

const roundsOf = ({ users, most = Infinity }: Flow, time: number) => Math.min(users / time, most);

/** CPUs that a server would use if requests there took so much longer than alone. */
function used(server: CpuAccount, asking: readonly Asking[], stretch: number): number {
  let cpus = 0;
  for (const { flow, work } of asking) cpus += roundsOf(flow, flow.time + work * (stretch - server.stretch)) * work;
  return cpus;
}

/** Its requests take as much longer as it must be so that it has the CPU time for all of them; returns by how much that changed. */
function stretch(server: CpuAccount, asking: readonly Asking[]): number {
  const before = server.stretch;
  const now = least(server, (stretch) => used(server, asking, stretch));
  for (const { flow, work } of asking) flow.time += work * (now - before);
  server.stretch = now;
  return Math.abs(now - before);
}

/** The least stretch with which no more is used than there is room for. */
function least({ room, slowness }: CpuAccount, use: (stretch: number) => number): number {
  let [low, high] = [slowness, slowness];
  while (use(high) > room && high < 1e9) [low, high] = [high, high * 2];
  for (let i = 0; i < 50 && low < high; i++) {
    const middle = (low + high) / 2;
    if (use(middle) > room) low = middle;
    else high = middle;
  }
  return high;
}
