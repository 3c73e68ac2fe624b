// docker0: the network of a host's own containers, and the ports that are published on the host.
import type { Caller, Dial, Echo, Endpoint, Machine, Network } from '../../machine/index.ts';

/** What answers on a port of the host. */
export interface Published {
  hostPort: number;
  /** Address and port of the container. */
  ip: string;
  port: number;
}

export class Bridge implements Network {
  readonly gateway = '172.17.0.1';
  readonly #machine: Machine;
  readonly #endpoints = new Map<string, Endpoint>();
  readonly published = new Map<number, Published>();
  /** Containers on the host's own network. */
  onHost: Endpoint | undefined;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  problem(): undefined {
    return undefined;
  }

  /** The lowest address that is free. */
  attach(_: string, endpoint: Endpoint): string {
    for (let i = 2; ; i++) {
      const ip = `172.17.${i >> 8}.${i & 255}`;
      if (this.#endpoints.has(ip)) continue;
      this.#endpoints.set(ip, endpoint);
      return ip;
    }
  }

  detach(ip: string): void {
    this.#endpoints.delete(ip);
    for (const [port, target] of this.published) if (target.ip === ip) this.published.delete(port);
  }

  dial(caller: Caller, host: string, port: number): Dial {
    const local = host === 'localhost' || host.startsWith('127.');
    const ip = local ? caller.ip : host;
    const fromHost = caller.ip === this.#machine.ip;
    if (ip === this.#machine.ip || ip === this.gateway) {
      const target = this.published.get(port);
      if (target && (!local || fromHost)) return this.#connect(target.ip, target.port, this.gateway);
      const listener = this.onHost?.listener(port) ?? this.#machine.serving.get(port);
      return listener ? { ip, port, listener } : { ip, port, error: 'refused' };
    }
    return this.#endpoints.has(ip) ? this.#connect(ip, port, local ? '127.0.0.1' : fromHost ? this.gateway : caller.ip) : { ip, port, error: 'timeout' };
  }

  #connect(ip: string, port: number, from: string): Dial {
    const listener = this.#endpoints.get(ip)?.listener(port);
    return listener ? { ip, port, from, listener } : { ip, port, error: 'refused' };
  }

  ping(caller: Caller, ip: string): Echo {
    const known = ip === caller.ip || ip.startsWith('127.') || [this.#machine.ip, this.gateway].includes(ip) || this.#endpoints.has(ip);
    return known ? { ttl: 64, cables: 0 } : { error: 'timeout' };
  }

  query(): undefined {
    return undefined;
  }

  host(): undefined {
    return undefined;
  }
}
