import type { Service } from '../api/index.ts';
import type { Cache, Client, Controller } from '../client/index.ts';
import type { Caller, Dial, DialError, DnsAnswer, DnsQuestion, Endpoint, IngressGate, IngressOptions, Links, Network } from '../machine/index.ts';
import { CoreDns } from './dns/core-dns.ts';
import type { HostNetwork } from './host-network.ts';
import { type HostMachine, Hosts } from './hosts.ts';
import { IngressGates } from './ingress/gate.ts';
import { ingressStatusController } from './ingress/status.ts';
import { PodRange, toAddress, toNumber } from './ipam.ts';
import type { ProxyMode } from './kube-proxy/node-proxy.ts';
import { serviceVariables } from './service-variables.ts';
import { type Journey, travel, type World } from './travel.ts';

export interface NetworkOptions {
  /** Its caches hold Services and EndpointSlices, as kube-proxy's do. */
  client: Client;
  links?: Links;
  /** Range of all pods; nodes without spec.podCIDR get their /24 out of it. */
  podCIDR?: string;
  /** Range of cluster IPs. Default `10.96.0.0/16`. */
  serviceCIDR?: string;
  clusterDomain?: string;
  /** The machine of the API server: a kube-proxy that is cut off from it hears of no changes. */
  controlPlane?: string;
  /** Runs a controller with a client of its own, from when somebody first needs it. */
  runController?(name: string, make: (client: Client) => Controller): void;
  /** How kube-proxy works. Default `iptables`. */
  proxyMode?: ProxyMode;
}

/** Where pods expect the cluster's DNS. */
const dnsAddress = '10.96.0.10';
const address = /^\d+\.\d+\.\d+\.\d+$/;

/** Pods and hosts, and the ways between them. Connections to anything but a pod go through the rules of kube-proxy on the caller's node. */
export class ClusterNetwork implements Network, World {
  readonly #client: Client;
  readonly #links: Links | undefined;
  readonly #base: string;
  readonly dns: CoreDns;
  readonly #services: Cache<Service>;
  readonly #variables = new Map<string, Readonly<Record<string, string>>>();
  readonly #ranges = new Map<string, PodRange>();
  /** Address → who has it, and on which node. */
  readonly #endpoints = new Map<string, { endpoint: Endpoint; node: string; isHost: boolean }>();
  readonly #hosts: Hosts;
  readonly #runController: NetworkOptions['runController'];
  #gates: IngressGates | undefined;
  /** Ports of callers, one after the other. */
  #ephemeral = 0;
  /** Set while a network plugin is missing: what the runtime says then. */
  missing: string | undefined;

  constructor({ client, links, podCIDR = '10.244.0.0/16', serviceCIDR = '10.96.0.0/16', clusterDomain = 'cluster.local', proxyMode = 'iptables', controlPlane, runController }: NetworkOptions) {
    this.#runController = runController;
    this.#client = client;
    this.#links = links;
    this.#base = podCIDR.split('.').slice(0, 2).join('.');
    this.dns = new CoreDns(client, clusterDomain);
    const addressTowards = (host: string, ip: string) => (this.owner(ip)?.node === host && !this.owner(ip)!.isHost ? this.#gateway(host) : this.#hosts.get(host)!.ip);
    this.#hosts = new Hosts({ client, podCIDR, serviceCIDR, mode: proxyMode, links, controlPlane, addressTowards });
    this.#services = client.cache('Service');
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
    this.#gates?.open.delete(ip);
    this.#ranges.get(found.node)?.release(ip);
  }

  /** A host's own address. */
  attachHost(node: string, ip: string, endpoint: Endpoint, machine: HostMachine = { boots: 1 }): void {
    this.#endpoints.set(ip, { endpoint, node, isHost: true });
    this.#hosts.add(node, ip, machine);
  }

  /** The tables, connections and kube-proxy of a host. */
  host(name: string): HostNetwork | undefined {
    return this.#hosts.get(name);
  }

  owner(ip: string): { node: string; isHost: boolean } | undefined {
    return this.#endpoints.get(ip);
  }

  connected(a: string, b: string): boolean {
    return this.#links?.up(a, b) ?? true;
  }

  dial(caller: Caller, host: string, port: number): Dial {
    const loopback = host === 'localhost' || host.startsWith('127.');
    const ofHost = this.#endpoints.get(caller.ip)?.isHost === true;
    const ip = !loopback ? host : ofHost ? '127.0.0.1' : caller.ip;
    // Whoever calls by name has asked for its address; what is left are names that nobody knows.
    if (!address.test(ip)) return { ip: '', port, error: 'no-such-host' };
    // No rule of kube-proxy is about the address of a pod: there is nothing to walk through.
    const target = this.#endpoints.get(ip);
    const direct = (loopback && !ofHost) || (target && !target.isHost) || !this.#hosts.has(caller.node);
    if (direct) return this.#reach(caller, ip, port);
    const journey = this.travel(caller, ip, port);
    if (!journey.arrived) return { ip, port, error: journey.error ?? 'timeout' };
    const end = this.#reach({ node: journey.arrived }, journey.ip, journey.port);
    return end.error ? { ...end, ip } : { ...end, from: journey.from };
  }

  /** The way of a connection to an address, host by host. */
  travel(caller: Caller, ip: string, port: number, protocol: 'tcp' | 'udp' | 'sctp' = 'tcp'): Journey {
    const [first, count] = [32_768, 28_232];
    const from = ip.startsWith('127.') ? { ...caller, ip } : caller;
    return travel(this, from, { ip, port, protocol, sport: first + (this.#ephemeral++ % count) });
  }

  refusal(node: string, ip: string, port: number): DialError | undefined {
    return this.#reach({ node }, ip, port).error;
  }

  /** True when something answers at `10.244.1.2:80`. */
  listens(at: string): boolean {
    const [ip = '', port = ''] = at.split(':');
    const found = this.#endpoints.get(ip);
    return found?.endpoint.up !== false && found?.endpoint.listener(Number(port)) !== undefined;
  }

  /** The first pod that serves Ingresses starts what looks after their status. */
  serveIngresses(caller: Caller, options: IngressOptions): IngressGate {
    if (!this.#gates) {
      const gates = (this.#gates = new IngressGates({ client: this.#client, dial: (from, ip, port) => this.dial(from, ip, port) }));
      this.#runController?.('nginx-ingress-controller', (client) => ingressStatusController(client, gates));
    }
    return this.#gates.enter(caller, options);
  }

  query(question: DnsQuestion, server: string): DnsAnswer | undefined {
    // Differs from Kubernetes: CoreDNS has no pods and no Service; it answers at the address that kubelets give to pods.
    return server === dnsAddress ? this.dns.query(question) : { rcode: 'NXDOMAIN', records: [] };
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

  #reach({ node }: Pick<Caller, 'node'>, ip: string, port: number): Dial {
    const found = this.#endpoints.get(ip);
    if (!found || found.endpoint.up === false || !this.connected(node, found.node)) return { ip, port, error: 'timeout' };
    const listener = found.endpoint.listener(port);
    return listener ? { ip, port, listener } : { ip, port, error: 'refused' };
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
