// Services and their endpoints as every kube-proxy of the cluster knows them, worked out when somebody asks.
// Differs from Kubernetes: all kube-proxies hear of a change at the same moment, from one copy.
import type { EndpointSlice, Service } from '../../api/index.ts';
import type { Cache, Client } from '../../client/index.ts';
import { endpointsOf } from './endpoints.ts';
import { servicePortsOf } from './service-ports.ts';
import { type EndpointsMap, type Family, portKey, type ServicePort } from './types.ts';

export class ServiceStore {
  readonly ports = new Map<string, ServicePort>();
  readonly endpoints: EndpointsMap = new Map();
  readonly #services: Cache<Service>;
  readonly #slices: Cache<EndpointSlice>;
  readonly #family: Family;
  /** False: only ready endpoints are kept, as before v1.22. */
  readonly #all: boolean;
  readonly #byPort: boolean;
  /** Services that are not as they were; undefined until somebody asks. */
  #dirty: Set<string> | undefined;
  /** Port keys by Service. */
  #keys = new Map<string, readonly string[]>();
  /** When each port last changed. */
  #changed = new Map<string, number>();
  revision = 0;

  constructor(client: Client, { family = 'IPv4' }: { family?: Family } = {}) {
    this.#services = client.cache('Service');
    this.#slices = client.cache('EndpointSlice');
    this.#family = family;
    this.#all = client.version.has('endpointslice-serving');
    this.#byPort = client.version.has('proxy-endpoints-by-port');
    this.#services.on(({ object: { metadata } }) => this.#dirty?.add(`${metadata.namespace}/${metadata.name}`));
    this.#slices.index('service', (slice) => [serviceOf(slice)]);
    this.#slices.on(({ object, old }) => {
      this.#dirty?.add(serviceOf(object));
      if (old) this.#dirty?.add(serviceOf(old));
    });
  }

  /** Takes in what has changed since somebody last asked. */
  refresh(): void {
    const names = this.#dirty ?? new Set([...this.#services].map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
    if (this.#dirty && names.size === 0) return;
    this.revision++;
    for (const name of names) this.#take(name);
    if (this.#dirty) this.#dirty.clear();
    else this.#dirty = new Set();
  }

  /** Keys of ports that changed after a revision, also of those that are gone. */
  changedSince(revision: number): string[] {
    const out: string[] = [];
    for (const [key, at] of this.#changed) if (at > revision) out.push(key);
    return out;
  }

  #take(service: string): void {
    const [namespace = '', name = ''] = service.split('/');
    const object = this.#services.get({ namespace, name });
    const ports = object && !isOthers(object) ? servicePortsOf(object, this.#family) : [];
    const found = ports.length > 0 ? endpointsOf(service, this.#slices.by('service', service), { family: this.#family, all: this.#all, byPort: this.#byPort }) : new Map<string, never>();
    const keys = ports.map(({ key }) => key);
    for (const key of new Set([...(this.#keys.get(service) ?? []), ...keys])) {
      this.#changed.set(key, this.revision);
      this.ports.delete(key);
      this.endpoints.delete(key);
    }
    for (const port of ports) {
      this.ports.set(port.key, port);
      const endpoints = found.get(portKey(port));
      if (endpoints) this.endpoints.set(port.key, endpoints);
    }
    if (keys.length > 0) this.#keys.set(service, keys);
    else this.#keys.delete(service);
  }
}

/** Labels by which somebody says that another proxy, or none, looks after it (cmd/kube-proxy/app/server.go). */
const isOthers = ({ metadata: { labels } }: Service) => labels?.['service.kubernetes.io/service-proxy-name'] !== undefined || labels?.['service.kubernetes.io/headless'] !== undefined;

const serviceOf = ({ metadata }: EndpointSlice) => `${metadata.namespace}/${metadata.labels?.['kubernetes.io/service-name']}`;
