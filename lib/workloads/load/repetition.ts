// Something that a process does over and over again, asking others: after a real round now and then it is known what the others cost.
import type { HttpResponse } from '../../machine/index.ts';
import type { Container } from '../container.ts';
import type { CpuAccount } from '../cpu.ts';
import type { Answers } from './latency.ts';
import { type Flow, loadOf, type Visit } from './load.ts';
import { type Place, Servers, waitOf } from './servers.ts';

/** Whom a request went to, and what came back. */
export interface Asked extends Place {
  response: HttpResponse;
  /** Milliseconds that were waited for it. */
  waited: number;
}

interface Known extends Asked {
  server: CpuAccount | undefined;
  /** Milliseconds of CPU time, and how long it takes beside that. */
  cost: number;
  rest: number;
}

/** Milliseconds: rounds that take less than `quick` are not done one by one, but one in every `tick`; each `glance` it is seen who answers. */
const [quick, tick, glance] = [100, 5_000, 1_000];
/** The shortest round: processes have to be started. */
const shortest = 5;
/** CPU time that it takes to ask, in milliseconds. */
const asking = 1;

export interface RepetitionOptions {
  /** How many do it side by side. Default 1. */
  users?: number;
  /** Rounds a millisecond at most, of all together. */
  most?: number;
}

/**
 * One loop. Differs from Kubernetes: of a quick loop one round every five seconds is done, and the others are taken to be like it: they are
 * counted in CPU time and repeat its output, but leave nothing in the logs of those who are asked.
 */
export class Repetition {
  readonly #container: Container;
  readonly #flow: Flow;
  #open = false;
  over = false;
  #asked: Known[] = [];
  #began = 0;
  /** Up to when rounds are counted, and how many are not yet told of: less than none when the real one was ahead. */
  #counted = 0;
  #owed = 0;
  #took = 0;
  /** Milliseconds of a round when nobody is busy. */
  #alone = 0;
  #places: Servers[] = [];

  constructor(container: Container, { users = 1, most }: RepetitionOptions = {}) {
    this.#container = container;
    this.#flow = { users, think: 0, visits: [], ...(most !== undefined && { most }), time: 0, rounds: 0 };
  }

  /** True when its requests are counted together. */
  get steady(): boolean {
    return this.#open;
  }

  begin(): void {
    this.#asked = [];
    this.#began = this.#counted = this.#container.clock.now;
  }

  asked(one: Asked): void {
    const { by, cpu = 0, delay = 5 } = one.response;
    const server = by as CpuAccount | undefined;
    this.#asked.push({ ...one, server, cost: server ? cpu : 0, rest: server ? delay - cpu * server.stretch : one.waited });
  }

  /** A round is over; `took` is missing where its waits were those of the clock. */
  done(took = this.#container.clock.now - this.#began): void {
    this.#took = took;
    this.#learn(true);
    this.#owed = this.#alone < quick ? this.#owed - 1 : 0;
  }

  /** How long to wait until somebody looks again; 0: the next round is really done. */
  get rest(): number {
    if (this.over) return Infinity;
    const left = this.#began + tick - this.#container.clock.now;
    return this.#alone < quick && left > 0 ? Math.min(left, glance) : 0;
  }

  /** Looks who answers now; returns how many rounds there were since it was asked last, without the real one. */
  others(): number {
    const { now } = this.#container.clock;
    if (this.over) return 0;
    this.#owed += (now - this.#counted) * this.#flow.rounds;
    this.#counted = now;
    const whole = Math.max(0, Math.floor(this.#owed));
    this.#owed -= whole;
    this.#learn(false);
    return whole;
  }

  /** Rounds a millisecond. */
  get rounds(): number {
    return this.#flow.rounds;
  }

  /** How long so many answers take that come now, by server. */
  answers(count: number): Answers[] {
    const [one] = this.#asked;
    const servers = this.#places[0]?.alive ?? [];
    if (!one) return [];
    if (!one.server || servers.length === 0) return [{ count, base: one.rest + one.cost, wait: 0 }];
    const { cost, rest } = one;
    const most = this.#flow.users / servers.length;
    return servers.map((server) => ({ count: count / servers.length, base: rest + cost * server.slowness, wait: waitOf(server, { cost, most }) }));
  }

  /** Nobody answers: until that is over it asks nobody else. */
  pause(): void {
    if (this.#open) loadOf(this.#container.clock).close(this.#flow);
    this.#open = false;
    this.#flow.rounds = 0;
  }

  end(): void {
    this.pause();
    this.over = true;
  }

  /** `fresh`: from a round that is just over. */
  #learn(fresh: boolean): void {
    if (this.over) return;
    const visits: Visit[] = [];
    let think = this.#took;
    this.#alone = this.#took;
    for (const [i, one] of this.#asked.entries()) {
      const { server, cost, rest, waited } = one;
      this.#alone += rest + cost - waited;
      think += rest - waited;
      const servers = server ? (this.#places[i] ??= new Servers()).look(this.#container, one, { last: server, fresh }) : [];
      for (const each of servers) add(visits, { server: each, times: 1 / servers.length, cost });
      add(visits, { server: this.#container.cpu, times: 1, cost: asking });
      think -= asking;
    }
    think = Math.max(0, think + Math.max(0, shortest - this.#alone));
    const flow = this.#flow;
    if (this.#open && Math.abs(think - flow.think) < 1e-3 && areSame(visits, flow.visits)) return;
    Object.assign(flow, { think, visits });
    this.#open = true;
    loadOf(this.#container.clock).open(flow);
  }
}

/** A server that is asked several times in a round is there once. */
function add(visits: Visit[], visit: Visit): void {
  const same = visits.find(({ server }) => server === visit.server);
  if (!same) return void visits.push(visit);
  const times = same.times + visit.times;
  Object.assign(same, { cost: (same.cost * same.times + visit.cost * visit.times) / times, times });
}

function areSame(some: readonly Visit[], others: readonly Visit[]): boolean {
  return some.length === others.length && some.every((one, i) => (['server', 'times', 'cost'] as const).every((what) => one[what] === others[i]![what]));
}
