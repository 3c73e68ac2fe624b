import type { EndpointSlice, Service } from '../api/index.ts';
import type { Cache, Client } from '../client/index.ts';
import type { Caller, Dial, Endpoint, Links, Network } from '../machine/index.ts';
import { HostNetwork } from './host-network.ts';
import { PodRange, toAddress, toNumber } from './ipam.ts';
import type { ProxyMode } from './kube-proxy/node-proxy.ts';
import { ServiceStore } from './kube-proxy/service-store.ts';
import { serviceVariables } from './service-variables.ts';
import { type Journey, travel, type World } from './travel.ts';

export interface NetworkOptions {
  /** Its caches hold Services and EndpointSlices, as kube-proxy's do. */
  client: Client;
  links?: Links;
  /** Range of all pods; nodes without spec.podCIDR get their /24 out of it. */
  podCIDR?: string;
  clusterDomain?: string;
  /** How kube-proxy works. Default `iptables`. */
  proxyMode?: ProxyMode;
}

/** What a machine tells the network of itself. */
export interface HostMachine {
  readonly boots: number;
}

const address = /^\d+\.\d+\.\d+\.\d+$/;

/** Pods and hosts, and the ways between them. Connections to anything but a pod go through the rules of kube-proxy on the caller's node. */
export class ClusterNetwork implements Network, World {
  readonly #client: Client;
  readonly #links: Links | undefined;
  readonly #base: string;
  readonly #domain: string;
  readonly #services: Cache<Service>;
  readonly #slices: Cache<EndpointSlice>;
  readonly #variables = new Map<string, Readonly<Record<string, string>>>();
  readonly #ranges = new Map<string, PodRange>();
  /** Address → who has it, and on which node. */
  readonly #endpoints = new Map<string, { endpoint: Endpoint; node: string; isHost: boolean }>();
  readonly #store: ServiceStore;
  readonly #machines = new Map<string, { ip: string; machine: HostMachine }>();
  readonly #hosts = new Map<string, HostNetwork>();
  readonly #podCIDR: string;
  readonly #mode: ProxyMode;
  /** Ports of callers, one after the other. */
  #ephemeral = 0;
  /** Set while a network plugin is missing: what the runtime says then. */
  missing: string | undefined;

  constructor({ client, links, podCIDR = '10.244.0.0/16', clusterDomain = 'cluster.local', proxyMode = 'iptables' }: NetworkOptions) {
    this.#client = client;
    this.#links = links;
    this.#base = podCIDR.split('.').slice(0, 2).join('.');
    this.#domain = clusterDomain;
    this.#podCIDR = podCIDR;
    this.#mode = proxyMode;
    this.#store = new ServiceStore(client);
    this.#services = client.cache('Service');
    this.#slices = client.cache('EndpointSlice');
    this.#services.on(() => this.#variables.clear());
  }

  problem(): string | undefined {
    return this.missing;
  }

  attach(node: string, endpoint: Endpoint): string {
    const ip = this.#range(node).allocate();
    this.#endpoints.set(ip, { endpoint, node, isHost: false });
    return ip;
  }

  detach(ip: string): void {
    const found = this.#endpoints.get(ip);
    if (!found) return;
    this.#endpoints.delete(ip);
    this.#ranges.get(found.node)?.release(ip);
  }

  /** A host's own address. */
  attachHost(node: string, ip: string, endpoint: Endpoint, machine: HostMachine = { boots: 1 }): void {
    this.#endpoints.set(ip, { endpoint, node, isHost: true });
    this.#machines.set(node, { ip, machine });
  }

  /** The tables, connections and kube-proxy of a host. They are made when somebody asks. */
  host(name: string): HostNetwork | undefined {
    const known = this.#hosts.get(name);
    const planned = this.#machines.get(name);
    if (known || !planned) return known;
    const { version, clock, random } = this.#client;
    const host = new HostNetwork({
      name,
      ip: planned.ip,
      version,
      random: random.fork(`host/${name}`),
      store: this.#store,
      mode: this.#mode,
      podCIDR: this.#podCIDR,
      now: () => clock.now,
      boots: () => planned.machine.boots,
      addressTowards: (ip) => (this.owner(ip)?.node === name && ip !== planned.ip ? this.#gateway(name) : planned.ip),
    });
    this.#hosts.set(name, host);
    return host;
  }

  owner(ip: string): { node: string; isHost: boolean } | undefined {
    return this.#endpoints.get(ip);
  }

  connected(a: string, b: string): boolean {
    return this.#links?.up(a, b) ?? true;
  }

  dial(caller: Caller, host: string, port: number): Dial {
    const own = host === 'localhost' || host.startsWith('127.');
    let ip = own ? caller.ip : host;
    if (!address.test(ip)) {
      const { addresses } = this.resolve(host, caller.namespace);
      if (addresses.length === 0) return { ip: '', port, error: 'no-such-host' };
      ip = addresses.length === 1 ? addresses[0]! : this.#client.random.pick(addresses);
    }
    // No rule of kube-proxy is about the address of a pod: there is nothing to walk through.
    const target = this.#endpoints.get(ip);
    if (own || (target && !target.isHost) || !this.#machines.has(caller.node)) return this.#reach(caller, ip, port);
    const journey = this.travel(caller, ip, port);
    if (!journey.arrived) return { ip, port, error: journey.error ?? 'timeout' };
    const end = this.#reach(caller, journey.ip, journey.port);
    return end.error ? { ...end, ip } : { ...end, from: journey.from };
  }

  /** The way of a connection to an address, host by host. */
  travel(caller: Caller, ip: string, port: number, protocol: 'tcp' | 'udp' | 'sctp' = 'tcp'): Journey {
    const [first, count] = [32_768, 28_232];
    return travel(this, caller, { ip, port, protocol, sport: first + (this.#ephemeral++ % count) });
  }

  resolve(name: string, namespace = 'default'): { name: string; addresses: string[] } {
    if (name === 'localhost' || address.test(name)) return { name, addresses: [name === 'localhost' ? '127.0.0.1' : name] };
    const suffix = `.svc.${this.#domain}`;
    const absolute = name.replace(/\.$/, '');
    const short = absolute.endsWith(suffix) ? absolute.slice(0, -suffix.length) : absolute.replace(/\.svc$/, '');
    const [service = '', ns = namespace, ...more] = short.split('.');
    const found = more.length === 0 ? this.#services.get({ namespace: ns, name: service }) : undefined;
    const full = `${service}.${ns}${suffix}`;
    if (!found) return { name: absolute, addresses: [] };
    if (found.spec.clusterIP !== 'None') return { name: full, addresses: found.spec.clusterIP ? [found.spec.clusterIP] : [] };
    return { name: full, addresses: this.#ready(found) };
  }

  /** What containers that start now find of Services in their environment. */
  variables(namespace: string): Readonly<Record<string, string>> {
    let variables = this.#variables.get(namespace);
    if (!variables) {
      variables = serviceVariables(this.#services.get({ namespace: 'default', name: 'kubernetes' }), this.#services.inNamespace(namespace));
      this.#variables.set(namespace, variables);
    }
    return variables;
  }

  #reach(caller: Caller, ip: string, port: number): Dial {
    const found = this.#endpoints.get(ip);
    if (!found || found.endpoint.up === false || (this.#links && !this.#links.up(caller.node, found.node))) return { ip, port, error: 'timeout' };
    const listener = found.endpoint.listener(port);
    return listener ? { ip, port, listener } : { ip, port, error: 'refused' };
  }

  #ready(service: Service): string[] {
    const out: string[] = [];
    for (const slice of this.#slices.by('service', `${service.metadata.namespace}/${service.metadata.name}`)) {
      for (const end of slice.endpoints ?? []) if (end.conditions?.ready !== false) out.push(...end.addresses);
    }
    return out;
  }

  /** The address of the bridge that a node's pods hang on. */
  #gateway(node: string): string {
    const [base = ''] = this.#range(node).cidr.split('/');
    return toAddress(toNumber(base) + 1);
  }

  #range(node: string): PodRange {
    const cidr = this.#client.find('Node', { name: node })?.spec.podCIDR;
    let range = this.#ranges.get(node);
    if (!range) {
      range = new PodRange(cidr ?? `${this.#base}.${this.#ranges.size}.0/24`);
      this.#ranges.set(node, range);
    }
    return range;
  }
}

export const createNetwork = (options: NetworkOptions): ClusterNetwork => new ClusterNetwork(options);
