// CoreDNS: the cluster's name server. What it does with which name stands in the ConfigMap `coredns`, if somebody made one; else as
// kubeadm sets it up: the cluster's names are looked up in caches, all others are passed on.
import type { EndpointSlice, Service } from '../../api/index.ts';
import type { Cache, Client } from '../../client/index.ts';
import { answerByCorefile, type DnsAnswer, type DnsQuestion, followAliases, parseCorefile } from '../../machine/index.ts';
import { answer, type DnsSource } from './answer.ts';
import { reverseAnswer } from './reverse.ts';

type Ask = (question: DnsQuestion, server: string) => DnsAnswer | undefined;

/** Differs from Kubernetes: there is no Internet behind it, so that no other name exists. */
const nowhere: DnsAnswer = { rcode: 'NXDOMAIN', records: [] };

export class CoreDns implements DnsSource {
  readonly name = 'coredns';
  readonly domain: string;
  running = true;
  readonly #client: Client;
  readonly #services: Cache<Service>;
  readonly #slices: Cache<EndpointSlice>;
  readonly #ask: Ask;

  /** `ask`: another server, by its address. */
  constructor(client: Client, domain: string, ask: Ask = () => undefined) {
    this.#ask = ask;
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
  query(question: DnsQuestion): DnsAnswer | undefined {
    return this.running ? followAliases(question, (one) => this.#one(one)) : undefined;
  }

  #one(question: DnsQuestion): DnsAnswer {
    // Differs from Kubernetes: what changed there counts at once, not with the next reload.
    const corefile = this.#client.find('ConfigMap', { namespace: 'kube-system', name: 'coredns' })?.data?.['Corefile'];
    if (corefile === undefined) return this.kubernetes(question) ?? nowhere;
    return answerByCorefile(parseCorefile(corefile), question, { kubernetes: () => this.kubernetes(question), ask: (asked, server) => (server.startsWith('/') ? nowhere : this.#ask(asked, server)) });
  }

  /** What the plugin kubernetes knows. Undefined: the name is none of the cluster's. */
  kubernetes(question: DnsQuestion): DnsAnswer | undefined {
    const { name } = question;
    if (name === this.domain || name.endsWith(`.${this.domain}`)) return answer(question, this);
    if (name.endsWith('.in-addr.arpa') || name.endsWith('.ip6.arpa')) return reverseAnswer(question, { domain: this.domain, services: this.#services, slices: this.#slices });
    return undefined;
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
