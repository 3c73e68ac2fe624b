// Which endpoint the next connection gets in userspace mode: one after the other, or the one that a client had before.
import type { Random } from '../../../sim/index.ts';
import type { ProxyEndpoint, ServicePort } from '../types.ts';

export class RoundRobin {
  #endpoints: readonly string[] = [];
  #index = 0;
  /** Client → its endpoint, and when it last came, in milliseconds. */
  readonly #affinity = new Map<string, { endpoint: string; lastUsed: number }>();

  /** Other endpoints than before are shuffled, and begun with the first; whoever had one that is gone forgets it. */
  use(endpoints: readonly ProxyEndpoint[], random: Random): void {
    const addresses = endpoints.map(({ address }) => address);
    if ([...this.#endpoints].sort().join() === [...addresses].sort().join()) return;
    for (const [client, { endpoint }] of this.#affinity) if (!addresses.includes(endpoint)) this.#affinity.delete(client);
    this.#endpoints = random.shuffle(addresses);
    this.#index = 0;
  }

  /** `anew`: the one that the client had does not answer. */
  next({ affinity }: ServicePort, client: string, { now, anew }: { now: number; anew: boolean }): string | undefined {
    const known = affinity === undefined || anew ? undefined : this.#affinity.get(client);
    if (known && now - known.lastUsed < affinity! * 1000) {
      known.lastUsed = now;
      return known.endpoint;
    }
    const endpoint = this.#endpoints[this.#index];
    if (endpoint === undefined) return undefined;
    this.#index = (this.#index + 1) % this.#endpoints.length;
    if (affinity !== undefined) this.#affinity.set(client, { endpoint, lastUsed: now });
    return endpoint;
  }
}
