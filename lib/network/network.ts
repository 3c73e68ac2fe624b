import type { Service, Version } from '../api/index.ts';
import type { Cache, Client, Controller } from '../client/index.ts';
import type { Caller, Dial, DnsAnswer, DnsQuestion, Echo, Endpoint, FileView, IngressGate, IngressOptions, Links, Network, Protocol } from '../machine/index.ts';
import { type Edge, lead } from './balancers.ts';
import { CoreDns } from './dns/core-dns.ts';
import type { HostNetwork } from './host-network.ts';
import { Hosts } from './hosts.ts';
import { IngressGates } from './ingress/gate.ts';
import { ingressStatusController } from './ingress/status.ts';
import { PodRange } from './ipam.ts';
import type { ProxyMode } from './kube-proxy/node-proxy.ts';
import type { Family } from './kube-proxy/types.ts';
import { familyOf } from './kube-proxy/addresses.ts';
import { isIcmp, type Packet, splitPort } from './netfilter/packet.ts';
import { echoOf } from './echo.ts';
import { forward, policed } from './path.ts';
import { contains, type HostMachine, PodNetwork, type Sandbox } from './plugins/pod-network.ts';
import { profileOfConfig, readConfig, writeConfig } from './plugins/config.ts';
import { inFamily, withoutPods } from './plugins/profile.ts';
import { profileOf, profiles } from './plugins/profiles.ts';
import type { PolicyVerdict } from './policy/decide.ts';
import { Policies } from './policy/policies.ts';
import { serviceVariables } from './service-variables.ts';
import { type PacketTrace, traceOf } from './trace.ts';
import { type Journey, travel, type World } from './travel.ts';

export interface NetworkOptions {
  /** Its caches hold Services and EndpointSlices, as kube-proxy's do. */
  client: Client;
  links?: Links;
  /** Range of all pods; nodes without spec.podCIDR get their /24 out of it. A plug-in may have its own. Of two families both, the first one first. */
  podCIDR?: string;
  /** Range of cluster IPs, or one of each family. Default `10.96.0.0/16`. */
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

/** Its pods and its machines in one address family. */
interface Stack extends World {
  readonly pods: PodNetwork;
  readonly hosts: Hosts;
}

/**
 * Pods and hosts, and the ways between them. Connections to anything but a pod go through the rules of kube-proxy on the caller's
 * node, those to a pod through its plug-in's routes and policies.
 */
export class ClusterNetwork implements Network {
  /** The pods' network in the family that they have their first address of. */
  readonly pods: PodNetwork;
  /** By family, the cluster's first one first. */
  readonly #stacks: readonly Stack[];
  /** In clusters with both families: `node address` → the other address of the pod that has it. */
  readonly #twins = new Map<string, string>();
  /** Where pods expect the cluster's DNS. */
  readonly dnsAddress: string;
  #policies: Policies | undefined;
  readonly dns: CoreDns;
  readonly #services: Cache<Service>;
  readonly #variables = new Map<string, Readonly<Record<string, string>>>();
  /** Address → what a host itself answers with. */
  readonly #hostEndpoints = new Map<string, { endpoint: Endpoint; node: string }>();
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
    const hosts = (pods: PodNetwork) => new Hosts({ client, serviceCIDR, mode: proxyMode, links, controlPlane, pods, plugged: () => !this.#bare || this.pods.used, policies: () => this.policies, twins: () => this.#stacks.find((one) => one.pods !== pods)?.hosts });
    this.#stacks = podCIDR.split(',').map((cidr) => {
      const rangeOf = (node: string) => rangeOfNode(client, node, familyOf(cidr));
      const pods = new PodNetwork({ profile: inFamily(profile, familyOf(cidr)) ?? withoutPods(profile), cidr, links, rangeOf, routed: (ip) => this.edge?.routes().find(({ destinationCIDR }) => contains(destinationCIDR, ip))?.targetNode });
      return this.#stack(pods, hosts(pods));
    });
    const serving = this.#stacks.find(({ pods }) => inFamily(profile, pods.family));
    if (!serving) throw new RangeError(`네트워크 '${plugin}'은(는) IPv6를 모른다. IPv6만 있는 클러스터에 쓸 수 있는 것: ${profiles.filter(({ v6 }) => v6).map(({ name }) => name).join(', ')}`);
    this.pods = serving.pods;
    this.dnsAddress = new PodRange(serviceCIDR.split(',')[0]!).at(10);
    if (profile.policy && !this.#bare) this.#policies = new Policies(client, profile.policy, this.dnsAddress);
    this.dns = new CoreDns(client, clusterDomain);
    this.#services = client.cache('Service');
    this.#services.on(() => this.#variables.clear());
  }

  /** What enforces policies: missing where the plug-in does not. Its caches are made when somebody asks for the first time. */
  get policies(): Policies | undefined {
    const { policy } = this.pods.profile;
    if (policy && !this.#policies) this.#policies = new Policies(this.#client, policy, this.dnsAddress);
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
    if (profile && profile.type !== this.pods.profile.type) for (const { pods } of this.#stacks) pods.adopt(inFamily(profile, pods.family) ?? withoutPods(profile));
    return undefined;
  }

  /** What lies on a machine's disk because the plug-in was installed. */
  furnish(files: FileView): void {
    if (!this.#bare) writeConfig(files, this.pods.profile);
  }

  attach(node: string, sandbox: Sandbox): string {
    const ip = this.pods.attach(node, sandbox);
    for (const { pods } of this.#stacks) if (pods !== this.pods && pods.gives) this.#attachTwin(node, ip, { pods, sandbox });
    return ip;
  }

  #attachTwin(node: string, ip: string, { pods, sandbox }: { pods: PodNetwork; sandbox: Sandbox }): void {
    try {
      const other = pods.attach(node, sandbox);
      this.#twins.set(`${node} ${ip}`, other).set(`${node} ${other}`, ip);
    } catch (error) {
      this.pods.detach(node, ip);
      throw error;
    }
  }

  /** All addresses of the pod that has this one, the cluster's first family first. */
  addresses(node: string, ip: string): readonly string[] {
    const other = this.#twins.get(`${node} ${ip}`);
    return other === undefined ? [ip] : [ip, other];
  }

  detach(node: string, ip: string): void {
    this.pods.detach(node, ip);
    const other = this.#twins.get(`${node} ${ip}`);
    if (other !== undefined) {
      for (const { pods } of this.#stacks) pods.detach(node, other);
      for (const one of [ip, other]) this.#twins.delete(`${node} ${one}`);
    }
    this.#gates?.open.delete(ip);
  }

  /** A host's own address. */
  attachHost(node: string, ip: string, endpoint: Endpoint, machine: HostMachine = { boots: 1 }): void {
    // On a node kube-proxy listens too.
    const answering: Endpoint = { get up() { return endpoint.up; }, listener: (port) => endpoint.listener(port) ?? this.host(node)?.listener(port) };
    for (const { pods, hosts } of this.#stacks) {
      const own = (machine.ips ?? [ip]).find((one) => familyOf(one) === pods.family);
      if (own === undefined) continue;
      this.#hostEndpoints.set(own, { endpoint: answering, node });
      if (machine.isNode === false) pods.outside.set(node, { name: node, ip: own, machine });
      else pods.addHost({ name: node, ip: own, machine });
      hosts.add(node, own, machine);
    }
  }

  /** The tables, connections and kube-proxy of a host. */
  host(name: string): HostNetwork | undefined {
    return this.#stacks[0]!.hosts.get(name);
  }

  /** A host's kube-proxy: one process, whatever families it writes rules of. */
  kubeProxy(name: string): { readonly running: boolean; start(): void; stop(): void } {
    const proxies = this.#stacks.flatMap(({ hosts }) => hosts.get(name)?.proxy ?? []);
    return {
      get running() {
        return proxies[0]!.running;
      },
      start: () => proxies.forEach((proxy) => proxy.start()),
      stop: () => proxies.forEach((proxy) => proxy.stop()),
    };
  }

  #stack(pods: PodNetwork, hosts: Hosts): Stack {
    const network = this;
    return {
      pods,
      hosts,
      host: (name) => hosts.get(name),
      refusal: (node, ip, port) => this.dial({ node, ip: hosts.get(node)!.ip }, ip, port).error,
      get policies() {
        return network.policies;
      },
      // Differs from a real cloud: its load balancers have IPv4 addresses only.
      lead: (packet) => this.edge && lead(this.edge, packet),
    };
  }

  #stackOf(ip: string): Stack | undefined {
    const family = familyOf(ip);
    return this.#stacks.find(({ pods }) => pods.family === family);
  }

  /** The caller as it shows itself in another family; undefined when it has no address there. */
  #as(caller: Caller, family: Family): Caller | undefined {
    if (familyOf(caller.ip) === family) return caller;
    const ips = this.#hostEndpoints.has(caller.ip) ? this.#stackOf(caller.ip)?.hosts.addresses(caller.node) : this.addresses(caller.node, caller.ip);
    const ip = ips?.find((one) => familyOf(one) === family);
    return ip === undefined ? undefined : { ...caller, ip };
  }

  /** The HTTP status that a host answers a GET with; undefined when it does not. */
  probe(ip: string, { port, path }: { port: number; path: string }): number | undefined {
    const end = this.#answer(this.#hostEndpoints.get(ip)?.endpoint, ip, port);
    return end.error ? undefined : end.listener({ method: 'GET', path, host: ip, port, from: ip }).status;
  }

  dial(asking: Caller, host: string, port: number, protocol: Protocol = 'tcp'): Dial {
    const loopback = host === 'localhost' || host.startsWith('127.') || host === '::1';
    const ofHost = this.#hostEndpoints.has(asking.ip);
    const ip = !loopback ? host : ofHost ? (host === '::1' || !this.#stackOf('127.0.0.1') ? '::1' : '127.0.0.1') : asking.ip;
    // Whoever calls by name has asked for its address; what is left are names that nobody knows.
    if (!isAddress(ip)) return { ip: '', port, error: 'no-such-host' };
    const stack = this.#stackOf(ip);
    const caller = stack && this.#as(asking, stack.pods.family);
    if (!caller) return { ip, port, error: 'unreachable' };
    const { pods, hosts } = stack;
    if ((loopback && !ofHost) || !hosts.has(caller.node)) return this.#local(caller, ip, port);
    if (this.#straight(stack, caller, ip)) {
      const end = this.#answer(pods.pod(caller.node, ip)!.sandbox, ip, port);
      if (end.error) return end;
      return ofHost ? { ...end, from: pods.sourceOf(caller.node, ip) } : caller === asking ? end : { ...end, from: caller.ip };
    }
    const journey = this.travel(caller, ip, { port, protocol });
    const { arrived, pod, error = 'timeout' } = journey;
    if (!arrived) return { ip, port, error };
    const end = this.#answer(pod ? pod.sandbox : this.#hostEndpoints.get(journey.ip)?.endpoint, journey.ip, journey.port);
    return end.error ? { ...end, ip } : { ...end, from: journey.from };
  }

  /** A pod that no rule, route or policy can keep apart from the caller: there is nothing to walk through. */
  #straight({ pods, hosts }: Stack, { node }: Caller, ip: string): boolean {
    const target = pods.plain && !this.policies?.active && hosts.isNode(node) ? pods.pod(node, ip) : undefined;
    if (!target) return false;
    if (target.node === node) return true;
    const port = pods.profile.tunnel?.port;
    return pods.connected(node, target.node) && (!port || pods.hosts.get(target.node)?.machine.admits?.(port) !== false);
  }

  ping(asking: Caller, ip: string, id: number): Echo {
    const stack = this.#stackOf(ip);
    const caller = stack && this.#as(asking, stack.pods.family);
    if (!caller) return { error: 'unreachable' };
    const { pods, hosts } = stack;
    if (ip === caller.ip || ip.startsWith('127.') || ip === '::1') return { ttl: 64, cables: 0 };
    const answers = (endpoint: Endpoint | undefined) => endpoint !== undefined && endpoint.up !== false;
    if (!hosts.has(caller.node)) {
      const { error } = this.#local(caller, ip, 0);
      return error && error !== 'refused' ? { error } : { ttl: 64, cables: 1 };
    }
    const journey = this.travel(caller, ip, { protocol: familyOf(ip) === 'IPv6' ? 'ipv6-icmp' : 'icmp', id });
    return echoOf(journey, { pods, answers: answers(journey.pod?.sandbox ?? this.#hostEndpoints.get(journey.ip)?.endpoint) });
  }

  /** The way of a connection to an address, host by host. */
  travel(caller: Caller, ip: string, { port = 0, protocol = 'tcp', id }: { port?: number; protocol?: Packet['protocol']; id?: number }): Journey {
    const [first, count] = [32_768, 28_232];
    const stack = this.#stackOf(ip);
    const from = ip.startsWith('127.') || ip === '::1' ? { ...caller, ip } : stack && this.#as(caller, stack.pods.family);
    if (!stack || !from) return { stages: [], ip, port, from: caller.ip, error: 'unreachable' };
    return travel(stack, from, { ip, port, protocol, sport: id ?? first + (this.#ephemeral++ % count) });
  }

  /** The same, told hop by hop. */
  trace(caller: Caller, { ip, port, protocol }: { ip: string; port: number; protocol?: Packet['protocol'] }): PacketTrace {
    return traceOf(this.travel(caller, ip, { port, ...(protocol && { protocol }) }), this.#stackOf(ip)?.pods ?? this.pods);
  }

  /** True when something answers at `10.244.1.2:80`; to an echo request every address that has power does. */
  listens(at: string, node: string, protocol?: Packet['protocol']): boolean {
    const echo = protocol !== undefined && isIcmp(protocol);
    const [ip, port] = echo ? [at, 0] : splitPort(at);
    const { error } = this.#answer(this.#stackOf(ip)?.pods.pod(node, ip)?.sandbox ?? this.#hostEndpoints.get(ip)?.endpoint, ip, port);
    return error === undefined || (echo && error === 'refused');
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
    if (caller && server === this.dnsAddress && this.dnsVerdict(caller)?.allowed === false) return undefined;
    return server === this.dnsAddress ? this.dns.query(question) : { rcode: 'NXDOMAIN', records: [] };
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
    const judged = this.policies!.judge('egress', { from: { ip, pod }, to: { ip: this.dnsAddress, dns: true }, protocol: 'udp', port: 53 });
    const host = this.#stackOf(ip)?.hosts.get(node);
    if (!host || familyOf(ip) !== familyOf(this.dnsAddress) || !policed(host)) return judged;
    const allowed = forward(host, { protocol: 'udp', src: ip, sport: 32_768, dst: this.dnsAddress, dport: 53, inInterface: this.pods.profile.bridge ?? this.pods.vethOf(pod) }).outcome === 'forward';
    return judged?.allowed === allowed ? judged : { direction: 'egress', allowed, policies: [] };
  }

  /** The pod itself, or whatever has the address on a host that is no part of the network. */
  #local({ node }: Caller, ip: string, port: number): Dial {
    const target = this.#stackOf(ip)?.pods.pod(node, ip);
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

const isAddress = (text: string) => text.includes(':') || /^\d+\.\d+\.\d+\.\d+$/.test(text);

function rangeOfNode(client: Client, node: string, family: Family): string | undefined {
  const { podCIDR, podCIDRs = podCIDR ? [podCIDR] : [] } = client.find('Node', { name: node })?.spec ?? {};
  return podCIDRs.find((cidr) => familyOf(cidr) === family);
}

const noPlugin = (version: Version) => (version.has('containerd-by-default') ? 'Network plugin returns error: cni plugin not initialized' : 'docker: network plugin is not ready: cni config uninitialized');

export const createNetwork = (options: NetworkOptions): ClusterNetwork => new ClusterNetwork(options);
