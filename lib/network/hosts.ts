// The hosts of a cluster, with the tables and the kube-proxy of each. They are made when somebody asks.
import type { Client } from '../client/index.ts';
import type { Links } from '../machine/index.ts';
import { HostNetwork } from './host-network.ts';
import type { ProxyMode } from './kube-proxy/node-proxy.ts';
import { ServiceStore } from './kube-proxy/service-store.ts';
import { rangeIn } from './plugins/ranges.ts';
import type { HostMachine, PodNetwork } from './plugins/pod-network.ts';
import type { Policies } from './policy/policies.ts';

export interface HostsOptions {
  client: Client;
  /** Of both families. */
  serviceCIDR: string;
  mode: ProxyMode;
  links?: Links;
  controlPlane?: string;
  pods: PodNetwork;
  /** The same machines in the other address family. */
  twins?(): Hosts | undefined;
  plugged(): boolean;
  policies(): Policies | undefined;
}

/** In one address family. */
export class Hosts {
  readonly #options: HostsOptions;
  readonly #store: ServiceStore;
  readonly #machines = new Map<string, { ip: string; machine: HostMachine }>();
  readonly #hosts = new Map<string, HostNetwork>();

  constructor(options: HostsOptions) {
    this.#options = options;
    this.#store = new ServiceStore(options.client, { family: options.pods.family });
    const { links, controlPlane } = options;
    if (links && controlPlane) links.onChange(() => this.#cutOff(links, controlPlane));
  }

  add(name: string, ip: string, machine: HostMachine): void {
    this.#machines.set(name, { ip, machine });
  }

  /** The machine's addresses of both families. */
  addresses(name: string): readonly string[] {
    const planned = this.#machines.get(name);
    return planned?.machine.ips ?? (planned ? [planned.ip] : []);
  }

  has(name: string): boolean {
    return this.#machines.has(name);
  }

  /** True for every machine of the cluster's own network, and for names of no machine. */
  isNode(name: string): boolean {
    return this.#machines.get(name)?.machine.isNode !== false;
  }

  get(name: string): HostNetwork | undefined {
    const planned = this.#machines.get(name);
    if (this.#hosts.has(name) || !planned) return this.#hosts.get(name);
    const { client, mode, serviceCIDR, pods, twins, plugged, policies } = this.#options;
    const { family } = pods;
    const host = new HostNetwork({
      name,
      ip: planned.ip,
      version: client.version,
      random: client.random.fork(family === 'IPv6' ? `host/${name}/ipv6` : `host/${name}`),
      store: this.#store,
      mode,
      podCIDR: pods.cidr,
      serviceCIDR: rangeIn(serviceCIDR, family) ?? '',
      twin: () => twins?.()?.get(name),
      now: () => client.clock.now,
      boots: () => planned.machine.boots,
      zone: () => client.find('Node', { name })?.metadata.labels?.['topology.kubernetes.io/zone'],
      pods,
      plugged,
      policies,
      isNode: planned.machine.isNode,
    });
    this.#hosts.set(name, host);
    return host;
  }

  /** What a kube-proxy knew when the cable was cut is what it goes by until it is mended. */
  #cutOff(links: Links, controlPlane: string): void {
    for (const name of this.#machines.keys()) {
      const up = links.up(name, controlPlane);
      if (!up || this.#hosts.has(name)) this.get(name)!.proxy.connected = up;
    }
  }
}
