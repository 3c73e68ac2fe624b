import type { EndpointSlice, Service } from '../api/index.ts';
import type { Cache, Client } from '../client/index.ts';
import type { Caller, Dial, Endpoint, Links, Network } from '../machine/index.ts';
import { PodRange } from './ipam.ts';
import { serviceVariables } from './service-variables.ts';

export interface NetworkOptions {
  /** Its caches hold Services and EndpointSlices, as kube-proxy's do. */
  client: Client;
  links?: Links;
  /** Range of all pods; nodes without spec.podCIDR get their /24 out of it. */
  podCIDR?: string;
  clusterDomain?: string;
}

const address = /^\d+\.\d+\.\d+\.\d+$/;

/** Differs from Kubernetes: a packet does not go hop by hop yet; a Service is answered by one of its ready endpoints at once. */
export class ClusterNetwork implements Network {
  readonly #client: Client;
  readonly #links: Links | undefined;
  readonly #base: string;
  readonly #domain: string;
  readonly #services: Cache<Service>;
  readonly #slices: Cache<EndpointSlice>;
  readonly #variables = new Map<string, Readonly<Record<string, string>>>();
  readonly #ranges = new Map<string, PodRange>();
  /** Address → who has it, and on which node. */
  readonly #endpoints = new Map<string, { endpoint: Endpoint; node: string }>();
  /** Set while a network plugin is missing: what the runtime says then. */
  missing: string | undefined;

  constructor({ client, links, podCIDR = '10.244.0.0/16', clusterDomain = 'cluster.local' }: NetworkOptions) {
    this.#client = client;
    this.#links = links;
    this.#base = podCIDR.split('.').slice(0, 2).join('.');
    this.#domain = clusterDomain;
    this.#services = client.cache('Service');
    this.#slices = client.cache('EndpointSlice');
    this.#services.on(() => this.#variables.clear());
    this.#services.index('clusterIP', (service) => service.spec.clusterIPs ?? (service.spec.clusterIP ? [service.spec.clusterIP] : []));
    this.#slices.index('service', (slice) => [`${slice.metadata.namespace}/${slice.metadata.labels?.['kubernetes.io/service-name']}`]);
  }

  problem(): string | undefined {
    return this.missing;
  }

  attach(node: string, endpoint: Endpoint): string {
    const ip = this.#range(node).allocate();
    this.#endpoints.set(ip, { endpoint, node });
    return ip;
  }

  detach(ip: string): void {
    const found = this.#endpoints.get(ip);
    if (!found) return;
    this.#endpoints.delete(ip);
    this.#ranges.get(found.node)?.release(ip);
  }

  /** A host's own address. */
  attachHost(node: string, ip: string, endpoint: Endpoint): void {
    this.#endpoints.set(ip, { endpoint, node });
  }

  dial(caller: Caller, host: string, port: number): Dial {
    let ip = host === 'localhost' || host.startsWith('127.') ? caller.ip : host;
    if (!address.test(ip)) {
      const { addresses } = this.resolve(host, caller.namespace);
      if (addresses.length === 0) return { ip: '', port, error: 'no-such-host' };
      ip = addresses.length === 1 ? addresses[0]! : this.#client.random.pick(addresses);
    }
    const service = first(this.#services.by('clusterIP', ip));
    if (!service) return this.#reach(caller, ip, port);
    const target = this.#target(service, port);
    // kube-proxy rejects what has no endpoint; a port that the Service does not have goes nowhere.
    if (!target) return { ip, port, error: service.spec.ports?.some((p) => p.port === port) ? 'refused' : 'timeout' };
    const end = this.#reach(caller, target.ip, target.port);
    return end.error ? { ...end, ip } : end;
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
    return { name: full, addresses: this.#ready(found).map((end) => end.ip) };
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

  #target(service: Service, port: number): { ip: string; port: number } | undefined {
    const wanted = service.spec.ports?.find((p) => p.port === port);
    if (!wanted) return undefined;
    const ends = this.#ready(service, wanted.name ?? '');
    return ends.length === 0 ? undefined : this.#client.random.pick(ends);
  }

  #ready(service: Service, portName?: string): { ip: string; port: number }[] {
    const out: { ip: string; port: number }[] = [];
    for (const slice of this.#slices.by('service', `${service.metadata.namespace}/${service.metadata.name}`)) {
      const port = slice.ports?.find((p) => portName === undefined || (p.name ?? '') === portName)?.port ?? 0;
      for (const end of slice.endpoints ?? []) {
        if (end.conditions?.ready !== false) for (const ip of end.addresses) out.push({ ip, port });
      }
    }
    return out;
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

function first<T>(items: Iterable<T>): T | undefined {
  for (const item of items) return item;
  return undefined;
}

export const createNetwork = (options: NetworkOptions): ClusterNetwork => new ClusterNetwork(options);
