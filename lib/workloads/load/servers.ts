// Who answers the requests that go to one place, and how long they wait there.
import type { Dial } from '../../machine/index.ts';
import type { Container } from '../container.ts';
import type { CpuAccount } from '../cpu.ts';

/** Where it is not known how requests spread, it is learned from the last so many. */
const remembered = 10;
const isAddress = /^[\d.]+$|:/;

export interface Place {
  host: string;
  port: number;
  /** The last connection to it. */
  dial: Dial;
}

/** The servers behind one address. */
export class Servers {
  #ip = '';
  #key = '';
  #servers: CpuAccount[] = [];

  get alive(): CpuAccount[] {
    return this.#servers.filter(({ alive }) => alive);
  }

  /** Each has the same share. `last` is who answered last; `fresh`: that was just now. */
  look(caller: Container, { host, port, dial }: Place, { last, fresh }: { last: CpuAccount; fresh: boolean }): CpuAccount[] {
    const { network } = caller.pod;
    if (!this.#servers.includes(last)) this.#ip = isAddress.test(host) ? host : (caller.resolve(host).addresses[0] ?? '');
    const endpoints = dial.error ? undefined : network.spread?.(caller.caller(), this.#ip, port);
    if (!endpoints) {
      if (this.#key !== this.#ip) this.#servers = [];
      this.#key = this.#ip;
      if (fresh) this.#servers = [...this.alive, last].slice(-remembered);
      return this.#servers;
    }
    const key = endpoints.map((one) => `${one.ip}:${one.port}`).join();
    if (this.#key === key && this.alive.length === endpoints.length) return this.#servers;
    this.#key = key;
    return (this.#servers = endpoints.flatMap((one) => {
      const end = network.dial(caller.caller(), one.ip, one.port);
      return end.error || !end.listener.process ? [] : [end.listener.process.cpu as CpuAccount];
    }));
  }
}

/**
 * Milliseconds that a request waits for others: what keeps a full server just busy, before that as in an M/M/m queue (Sakasegawa's
 * approximation), never longer than all that can be there take.
 */
export function waitOf({ room, slowness, stretch, served }: CpuAccount, { cost, most }: { cost: number; most: number }): number {
  const servers = Math.max(1, room / slowness);
  const busy = Math.min(1, served.uses / room);
  const queued = busy < 1 ? ((cost * slowness) / servers) * (busy ** (Math.sqrt(2 * (servers + 1)) - 1) / (1 - busy)) : Infinity;
  return Math.max(cost * (stretch - slowness), Math.min(queued, (Math.max(0, most - 1) * cost) / room));
}
