// CoreDNS: the cluster's name server. It asks nobody but its caches; names outside of the cluster's domain it passes on.
import type { EndpointSlice, Service } from '../../api/index.ts';
import type { Cache, Client } from '../../client/index.ts';
import type { DnsAnswer, DnsQuestion, DnsRecord } from '../../machine/index.ts';
import { answer, type DnsSource } from './answer.ts';
import { reverseAnswer } from './reverse.ts';

/** As many names may stand for another in one answer. */
const longestChain = 8;

export class CoreDns implements DnsSource {
  readonly name = 'coredns';
  readonly domain: string;
  running = true;
  readonly #client: Client;
  readonly #services: Cache<Service>;
  readonly #slices: Cache<EndpointSlice>;

  constructor(client: Client, domain: string) {
    this.domain = domain;
    this.#client = client;
    this.#services = client.cache('Service');
    this.#slices = client.cache('EndpointSlice');
  }

  start(): void {
    this.running = true;
  }

  stop(): void {
    this.running = false;
  }

  /** Undefined: it is down, and nobody answers. */
  query({ name, type }: DnsQuestion): DnsAnswer | undefined {
    if (!this.running) return undefined;
    let asked = name.toLowerCase().replace(/\.$/, '');
    const chain: DnsRecord[] = [];
    for (let left = longestChain; left > 0; left--) {
      const one = this.#one({ name: asked, type });
      const [alias] = one.records;
      if (alias?.type !== 'CNAME' || type === 'CNAME') return { ...one, records: [...chain, ...one.records], ...(chain.length > 0 && { rcode: 'NOERROR' as const }) };
      chain.push(alias);
      asked = alias.data.replace(/\.$/, '').toLowerCase();
    }
    return { rcode: 'SERVFAIL', records: [] };
  }

  #one(question: DnsQuestion): DnsAnswer {
    const { name } = question;
    if (name === this.domain || name.endsWith(`.${this.domain}`)) return answer(question, this);
    if ((name.endsWith('.in-addr.arpa') || name.endsWith('.ip6.arpa'))) return reverseAnswer(question, { domain: this.domain, services: this.#services, slices: this.#slices });
    // Differs from Kubernetes: there is no Internet behind it, so that no other name exists.
    return { rcode: 'NXDOMAIN', records: [] };
  }

  service(namespace: string, name: string): Service | undefined {
    return this.#services.get({ namespace, name });
  }

  slices(service: string): Iterable<EndpointSlice> {
    return this.#slices.by('service', service);
  }

  /** Differs from Kubernetes: a namespace is known by its Services, or read from the API server. */
  hasNamespace(name: string): boolean {
    if (this.#services.inNamespace(name).size > 0) return true;
    return this.#client.find('Namespace', { name }) !== undefined;
  }
}
