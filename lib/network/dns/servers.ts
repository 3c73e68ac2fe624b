// Who answers questions for names: CoreDNS at its own address, and whatever listens on port 53 of a pod or a Service.
import type { Caller, Dial, DnsAnswer, DnsQuestion } from '../../machine/index.ts';
import { familyOf, contains, parseRange } from '../kube-proxy/addresses.ts';

export interface NameServerOptions {
  /** Ranges of pods and of Services. */
  ranges: readonly string[];
  dial(caller: Caller, ip: string, port: number, protocol: 'udp'): Dial;
}

/** As many servers may ask another one for the same question: two that ask each other would go on for ever. */
const longest = 8;

export class NameServers {
  readonly #options: NameServerOptions;
  #asking = 0;

  constructor(options: NameServerOptions) {
    this.#options = options;
  }

  /** Undefined: nobody there answers. */
  ask(question: DnsQuestion, server: string, caller: Caller): DnsAnswer | undefined {
    if (this.#asking >= longest || !this.has(server)) return undefined;
    this.#asking++;
    try {
      const dial = this.#options.dial(caller, server, 53, 'udp');
      return dial.error ? undefined : dial.listener.dns?.(question);
    } finally {
      this.#asking--;
    }
  }

  /** True where a name server of the cluster's own may be. */
  has(server: string): boolean {
    return this.#options.ranges.some((range) => familyOf(range) === familyOf(server) && contains(parseRange(range)!, server));
  }
}
