import type { Service, Version } from '../api/index.ts';
import type { Cache, Client, Controller } from '../client/index.ts';
import type { Caller, Dial, DialError, DnsAnswer, DnsQuestion, Endpoint, FileView, IngressGate, IngressOptions, Links, Network, Protocol } from '../machine/index.ts';
import { type Edge, lead, type Led } from './balancers.ts';
import { dnsAddress } from './dns/address.ts';
import { CoreDns } from './dns/core-dns.ts';
import type { HostNetwork } from './host-network.ts';
import { Hosts } from './hosts.ts';
import { IngressGates } from './ingress/gate.ts';
import { ingressStatusController } from './ingress/status.ts';
import type { ProxyMode } from './kube-proxy/node-proxy.ts';
import type { Packet } from './netfilter/packet.ts';
import { forward, policed } from './path.ts';
import { contains, type HostMachine, PodNetwork, type Sandbox } from './plugins/pod-network.ts';
import { profileOfConfig, readConfig, writeConfig } from './plugins/config.ts';
import { profileOf } from './plugins/profiles.ts';
import type { PolicyVerdict } from './policy/decide.ts';
import { Policies } from './policy/policies.ts';
import { serviceVariables } from './service-variables.ts';
import { type Journey, travel, type World } from './travel.ts';

export interface NetworkOptions {
  /** Its caches hold Services and EndpointSlices, as kube-proxy's do. */
  client: Client;
  links?: Links;
  /** Range of all pods; nodes without spec.podCIDR get their /24 out of it. A plug-in may have its own. */
  podCIDR?: string;
  /** Range of cluster IPs. Default `10.96.0.0/16`. */
  serviceCIDR?: string;
  /** The network plug-in. Default `flannel`; `none`: nobody has installed one. */
  plugin?: string;
  clusterDomain?: string;
  /** The machine of the API server: a kube-proxy that is cut off from it hears of no changes. */
  controlPlane?: string;
  /** Runs a controller with a client of its own, from when somebody first needs it. */
  runController?(name: string, make: (client: Client) => Controller): void;
  /** How kube-proxy works. Default `iptables`. */
  proxyMode?: ProxyMode;
}

const address = /^\d+\.\d+\.\d+\.\d+$/;

/**
 * Pods and hosts, and the ways between them. Connections to anything but a pod go through the rules of kube-proxy on the caller's
 * node, those to a pod through its plug-in's routes and policies.
 */
export class ClusterNetwork implements Network, World {
  readonly pods: PodNetwork;
  #policies: Policies | undefined;
  readonly dns: CoreDns;
  readonly #services: Cache<Service>;
  readonly #variables = new Map<string, Readonly<Record<string, string>>>();
  /** Address → what a host itself answers with. */
  readonly #hostEndpoints = new Map<string, { endpoint: Endpoint; node: string }>();
  readonly #hosts: Hosts;
  readonly #runController: NetworkOptions['runController'];
  #gates: IngressGates | undefined;
  /** Ports of callers, one after the other. */
  #ephemeral = 0;
  /** What stands between a cloud's network and the world; missing outside of clouds. */
  edge: Edge | undefined;
  /** A fault: what the runtime says of a network plug-in that does not work. */
  missing: string | undefined;
  /** True when nobody has put a plug-in on the machines: somebody still may. */
  readonly #bare: boolean;
  readonly #client: Client;

  constructor({ client, links, podCIDR = '10.244.0.0/16', serviceCIDR = '10.96.0.0/16', clusterDomain = 'cluster.local', proxyMode = 'iptables', controlPlane, runController, plugin = 'flannel' }: NetworkOptions) {
    this.#runController = runController;
    this.#client = client;
    this.#bare = plugin === 'none';
    const profile = profileOf(this.#bare ? 'flannel' : plugin);
    this.pods = new PodNetwork({ profile, cidr: podCIDR, links, rangeOf: (node) => client.find('Node', { name: node })?.spec.podCIDR, routed: (ip) => this.edge?.routes().find(({ destinationCIDR }) => contains(destinationCIDR, ip))?.targetNode });
    if (profile.policy && !this.#bare) this.#policies = new Policies(client, profile.policy);
    this.dns = new CoreDns(client, clusterDomain);
    this.#hosts = new Hosts({ client, podCIDR: this.pods.cidr, serviceCIDR, mode: proxyMode, links, controlPlane, pods: this.pods, plugged: () => !this.#bare || this.pods.used, policies: () => this.policies });
    this.#services = client.cache('Service');
    this.#services.on(() => this.#variables.clear());
  }

  /** What enforces policies: missing where the plug-in does not. Its caches are made when somebody asks for the first time. */
  get policies(): Policies | undefined {
    const { policy } = this.pods.profile;
    if (policy && !this.#policies) this.#policies = new Policies(this.#client, policy);
    return policy && this.#policies;
  }

  /** The runtime looks into /etc/cni/net.d; a disk that nobody has touched is as it was furnished. */
  problem(node: string): string | undefined {
    if (this.missing) return this.missing;
    const machine = this.pods.hosts.get(node)?.machine;
    if (!machine || (!this.#bare && !machine.filesUsed)) return undefined;
    const config = machine.files && readConfig(machine.files);
    if (!config) return noPlugin(this.#client.version);
    const profile = this.#bare && !this.pods.used ? profileOfConfig(config) : undefined;
    if (profile && profile.type !== this.pods.profile.type) this.pods.adopt(profile);
    return undefined;
  }

  /** What lies on a machine's disk because the plug-in was installed. */
  furnish(files: FileView): void {
    if (!this.#bare) writeConfig(files, this.pods.profile);
  }

  attach(node: string, sandbox: Sandbox): string {
    return this.pods.attach(node, sandbox);
  }

  detach(node: string, ip: string): void {
    this.pods.detach(node, ip);
    this.#gates?.open.delete(ip);
  }

  /** A host's own address. */
  attachHost(node: string, ip: string, endpoint: Endpoint, machine: HostMachine = { boots: 1 }): void {
    // On a node kube-proxy listens too.
    const answering: Endpoint = { get up() { return endpoint.up; }, listener: (port) => endpoint.listener(port) ?? this.#hosts.get(node)?.listener(port) };
    this.#hostEndpoints.set(ip, { endpoint: answering, node });
    if (machine.isNode === false) this.pods.outside.set(node, { name: node, ip, machine });
    else this.pods.addHost({ name: node, ip, machine });
    this.#hosts.add(node, ip, machine);
  }

  /** The tables, connections and kube-proxy of a host. */
  host(name: string): HostNetwork | undefined {
    return this.#hosts.get(name);
  }

  lead(packet: Packet): Led | undefined {
    return this.edge && lead(this.edge, packet);
  }

  /** The HTTP status that a host answers a GET with; undefined when it does not. */
  probe(ip: string, { port, path }: { port: number; path: string }): number | undefined {
    const end = this.#answer(this.#hostEndpoints.get(ip)?.endpoint, ip, port);
    return end.error ? undefined : end.listener({ method: 'GET', path, host: ip, port, from: ip }).status;
  }

  dial(caller: Caller, host: string, port: number, protocol: Protocol = 'tcp'): Dial {
    const loopback = host === 'localhost' || host.startsWith('127.');
    const ofHost = this.#hostEndpoints.has(caller.ip);
    const ip = !loopback ? host : ofHost ? '127.0.0.1' : caller.ip;
    // Whoever calls by name has asked for its address; what is left are names that nobody knows.
    if (!address.test(ip)) return { ip: '', port, error: 'no-such-host' };
    if ((loopback && !ofHost) || !this.#hosts.has(caller.node)) return this.#local(caller, ip, port);
    if (this.#straight(caller, ip)) {
      const end = this.#answer(this.pods.pod(caller.node, ip)!.sandbox, ip, port);
      return end.error || !ofHost ? end : { ...end, from: this.pods.sourceOf(caller.node, ip) };
    }
    const journey = this.travel(caller, ip, port, protocol);
    const { arrived, pod, error = 'timeout' } = journey;
    if (!arrived) return { ip, port, error };
    const end = this.#answer(pod ? pod.sandbox : this.#hostEndpoints.get(journey.ip)?.endpoint, journey.ip, journey.port);
    return end.error ? { ...end, ip } : { ...end, from: journey.from };
  }

  /** A pod that no rule, route or policy can keep apart from the caller: there is nothing to walk through. */
  #straight({ node }: Caller, ip: string): boolean {
    const target = this.pods.plain && !this.policies?.active && this.#hosts.isNode(node) ? this.pods.pod(node, ip) : undefined;
    if (!target) return false;
    if (target.node === node) return true;
    const port = this.pods.profile.tunnel?.port;
    return this.pods.connected(node, target.node) && (!port || this.pods.hosts.get(target.node)?.machine.admits?.(port) !== false);
  }

  /** The way of a connection to an address, host by host. */
  travel(caller: Caller, ip: string, port: number, protocol: Protocol = 'tcp'): Journey {
    const [first, count] = [32_768, 28_232];
    const from = ip.startsWith('127.') ? { ...caller, ip } : caller;
    return travel(this, from, { ip, port, protocol, sport: first + (this.#ephemeral++ % count) });
  }

  refusal(node: string, ip: string, port: number): DialError | undefined {
    return this.dial({ node, ip: this.#hosts.get(node)!.ip }, ip, port).error;
  }

  /** True when something answers at `10.244.1.2:80`. */
  listens(at: string, node: string): boolean {
    const [ip = '', port = ''] = at.split(':');
    return this.#answer(this.pods.pod(node, ip)?.sandbox ?? this.#hostEndpoints.get(ip)?.endpoint, ip, Number(port)).error === undefined;
  }

  /** The first pod that serves Ingresses starts what looks after their status. */
  serveIngresses(caller: Caller, options: IngressOptions): IngressGate {
    if (!this.#gates) {
      const gates = (this.#gates = new IngressGates({ client: this.#client, dial: (from, ip, port) => this.dial(from, ip, port) }));
      this.#runController?.('nginx-ingress-controller', (client) => ingressStatusController(client, gates));
    }
    return this.#gates.enter(caller, options);
  }

  query(question: DnsQuestion, server: string, caller?: Caller): DnsAnswer | undefined {
    // Differs from Kubernetes: CoreDNS has no pods and no Service; it answers at the address that kubelets give to pods.
    if (caller && server === dnsAddress && this.dnsVerdict(caller)?.allowed === false) return undefined;
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

  /** What policies say of a pod's questions to CoreDNS. */
  dnsVerdict({ node, ip }: Caller): PolicyVerdict | undefined {
    const pod = this.policies?.active ? this.pods.at(node, ip) : undefined;
    if (!pod) return undefined;
    const judged = this.policies!.judge('egress', { from: { ip, pod }, to: { ip: dnsAddress, dns: true }, protocol: 'udp', port: 53 });
    const host = this.host(node);
    if (!host || !policed(host)) return judged;
    const allowed = forward(host, { protocol: 'udp', src: ip, sport: 32_768, dst: dnsAddress, dport: 53, inInterface: this.pods.profile.bridge ?? this.pods.vethOf(pod) }).outcome === 'forward';
    return judged?.allowed === allowed ? judged : { direction: 'egress', allowed, policies: [] };
  }

  /** The pod itself, or whatever has the address on a host that is no part of the network. */
  #local({ node }: Caller, ip: string, port: number): Dial {
    const target = this.pods.pod(node, ip);
    const host = this.#hostEndpoints.get(ip);
    const on = target?.node ?? host?.node;
    if (on === undefined || !this.pods.connected(node, on)) return { ip, port, error: 'timeout' };
    return this.#answer(target?.sandbox ?? host?.endpoint, ip, port);
  }

  #answer(endpoint: Endpoint | undefined, ip: string, port: number): Dial {
    if (!endpoint || endpoint.up === false) return { ip, port, error: 'timeout' };
    const listener = endpoint.listener(port);
    return listener ? { ip, port, listener } : { ip, port, error: 'refused' };
  }
}

const noPlugin = (version: Version) => (version.has('containerd-by-default') ? 'Network plugin returns error: cni plugin not initialized' : 'docker: network plugin is not ready: cni config uninitialized');

export const createNetwork = (options: NetworkOptions): ClusterNetwork => new ClusterNetwork(options);
