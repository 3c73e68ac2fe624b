import type { Version } from '../api/index.ts';
import type { Client, Controller } from '../client/index.ts';
import type { Caller, Dial, DnsAnswer, DnsQuestion, Echo, Endpoint, FileView, IngressGate, IngressOptions, Links, Network, Protocol } from '../machine/index.ts';
import { type Edge, lead } from './balancers.ts';
import { Connections } from './connections.ts';
import { CoreDns } from './dns/core-dns.ts';
import { NameServers } from './dns/servers.ts';
import { Families, type Stack } from './families.ts';
import type { HostNetwork } from './host-network.ts';
import { Hosts } from './hosts.ts';
import { IngressGates } from './ingress/gate.ts';
import { ingressStatusController } from './ingress/status.ts';
import { PodRange } from './ipam.ts';
import type { ProxyMode } from './kube-proxy/node-proxy.ts';
import type { Family } from './kube-proxy/types.ts';
import { familyOf } from './kube-proxy/addresses.ts';
import type { Packet } from './netfilter/packet.ts';
import { forward, policed } from './path.ts';
import { contains, type HostMachine, PodNetwork, type Sandbox } from './plugins/pod-network.ts';
import { profileOfConfig, readConfig, writeConfig } from './plugins/config.ts';
import { inFamily, withoutPods } from './plugins/profile.ts';
import { profileOf, profiles } from './plugins/profiles.ts';
import type { PolicyVerdict } from './policy/decide.ts';
import { Policies } from './policy/policies.ts';
import { ServiceVariables } from './service-variables.ts';
import { type PacketTrace, traceOf } from './trace.ts';

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
  /** CoreDNS has pods: without the Service kube-dns nobody answers. */
  coreDNS?: boolean;
}

/**
 * Pods and hosts, and the ways between them. Connections to anything but a pod go through the rules of kube-proxy on the caller's
 * node, those to a pod through its plug-in's routes and policies.
 */
export class ClusterNetwork implements Network {
  /** The pods' network in the family that they have their first address of. */
  readonly pods: PodNetwork;
  readonly #families: Families;
  readonly #connections: Connections;
  /** Where pods expect the cluster's DNS. */
  readonly dnsAddress: string;
  #policies: Policies | undefined;
  readonly dns: CoreDns;
  readonly #nameServers: NameServers;
  readonly #variables: ServiceVariables;
  readonly #runController: NetworkOptions['runController'];
  #gates: IngressGates | undefined;
  /** What stands between a cloud's network and the world; missing outside of clouds. */
  edge: Edge | undefined;
  /** What pods may run that works on the whole cluster; missing where there is no such thing. */
  runComponent: Network['runComponent'];
  /** A fault: what the runtime says of a network plug-in that does not work. */
  missing: string | undefined;
  /** True when nobody has put a plug-in on the machines: somebody still may. */
  readonly #bare: boolean;
  readonly #client: Client;
  readonly #coreDNS: boolean;

  constructor({ client, links, podCIDR = '10.244.0.0/16', serviceCIDR = '10.96.0.0/16', clusterDomain = 'cluster.local', proxyMode = 'iptables', controlPlane, runController, plugin = 'flannel', coreDNS = false }: NetworkOptions) {
    this.#coreDNS = coreDNS;
    this.#runController = runController;
    this.#client = client;
    this.#bare = plugin === 'none';
    const profile = profileOf(this.#bare ? 'flannel' : plugin);
    const hosts = (pods: PodNetwork) => new Hosts({ client, serviceCIDR, mode: proxyMode, links, controlPlane, pods, plugged: () => !this.#bare || this.pods.used, policies: () => this.policies, twins: () => this.#families.stacks.find((one) => one.pods !== pods)?.hosts });
    const stacks = podCIDR.split(',').map((cidr): Stack => {
      const rangeOf = (node: string) => rangeOfNode(client, node, familyOf(cidr));
      const pods = new PodNetwork({ profile: inFamily(profile, familyOf(cidr)) ?? withoutPods(profile), cidr, links, rangeOf, routed: (ip) => this.edge?.routes().find(({ destinationCIDR }) => contains(destinationCIDR, ip))?.targetNode });
      return this.#stack(pods, hosts(pods));
    });
    const serving = stacks.find(({ pods }) => inFamily(profile, pods.family));
    if (!serving) throw new RangeError(`네트워크 플러그인 '${plugin}'에는 IPv6가 없다. IPv6만 있는 클러스터에 쓸 수 있는 것: ${profiles.filter(({ v6 }) => v6).map(({ name }) => name).join(', ')}`);
    this.pods = serving.pods;
    this.#families = new Families(stacks, serving.pods);
    this.#connections = new Connections(this.#families, () => this.policies);
    this.dnsAddress = new PodRange(serviceCIDR.split(',')[0]!).at(10);
    if (profile.policy && !this.#bare) this.#policies = new Policies(client, profile.policy, this.#builtInDns);
    this.#nameServers = new NameServers({ ranges: `${podCIDR},${serviceCIDR}`.split(','), dial: (caller, ip, port, protocol) => this.dial(caller, ip, port, protocol) });
    // Differs from Kubernetes: CoreDNS has no pod, and asks other servers from the control plane.
    this.dns = new CoreDns(client, clusterDomain, (question, server) => {
      const host = this.host(controlPlane ?? '');
      return server === this.dnsAddress || !host ? undefined : this.#nameServers.ask(question, server, { node: host.name, ip: host.ip });
    });
    this.#variables = new ServiceVariables(client.cache('Service'));
  }

  /** The address of a CoreDNS without pods. */
  readonly #builtInDns = () => (this.dnsInPods ? undefined : this.dnsAddress);

  /** What enforces policies: missing where the plug-in does not. Its caches are made when somebody asks for the first time. */
  get policies(): Policies | undefined {
    const { policy } = this.pods.profile;
    if (policy && !this.#policies) this.#policies = new Policies(this.#client, policy, this.#builtInDns);
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
    if (profile && profile.type !== this.pods.profile.type) for (const { pods } of this.#families.stacks) pods.adopt(inFamily(profile, pods.family) ?? withoutPods(profile));
    return undefined;
  }

  /** What lies on a machine's disk because the plug-in was installed. */
  furnish(files: FileView): void {
    if (!this.#bare) writeConfig(files, this.pods.profile);
  }

  attach(node: string, sandbox: Sandbox): string {
    return this.#families.attach(node, sandbox);
  }

  /** All addresses of the pod that has this one, the cluster's first family first. */
  addresses(node: string, ip: string): readonly string[] {
    return this.#families.addresses(node, ip);
  }

  detach(node: string, ip: string): void {
    this.#families.detach(node, ip);
    this.#gates?.open.delete(ip);
  }

  /** A host's own address. */
  attachHost(node: string, ip: string, endpoint: Endpoint, machine: HostMachine = { boots: 1 }): void {
    // On a node kube-proxy listens too.
    const answering: Endpoint = { get up() { return endpoint.up; }, refuses: (port, from) => endpoint.refuses?.(port, from), listener: (port, local) => endpoint.listener(port) ?? this.host(node)?.listener(port, local) };
    for (const { pods, hosts } of this.#families.stacks) {
      const own = (machine.ips ?? [ip]).find((one) => familyOf(one) === pods.family);
      if (own === undefined) continue;
      this.#connections.addHost(own, node, answering);
      if (machine.isNode === false) pods.outside.set(node, { name: node, ip: own, machine });
      else pods.addHost({ name: node, ip: own, machine });
      hosts.add(node, own, machine);
    }
  }

  /** The tables, connections and kube-proxy of a host. */
  host(name: string): HostNetwork | undefined {
    return this.#families.stacks[0]!.hosts.get(name);
  }

  /** A host's kube-proxy: one process, whatever families it writes rules of. */
  kubeProxy(name: string): { readonly running: boolean; start(): void; stop(): void } {
    const proxies = this.#families.stacks.flatMap(({ hosts }) => hosts.get(name)?.proxy ?? []);
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

  /** The HTTP status that a host answers a GET with; undefined when it does not. */
  probe(ip: string, at: { port: number; path: string }): number | undefined {
    return this.#connections.probe(ip, at);
  }

  dial(caller: Caller, host: string, port: number, protocol?: Protocol): Dial {
    return this.#connections.dial(caller, host, port, protocol);
  }

  /** What kube-proxy on the caller's node spreads connections to an address evenly over. */
  spread(caller: Caller, ip: string, port: number): readonly { ip: string; port: number }[] | undefined {
    return this.#families.of(ip)?.hosts.get(caller.node)?.proxy.spread(ip, port);
  }

  ping(caller: Caller, ip: string, id: number): Echo {
    return this.#connections.ping(caller, ip, id);
  }

  /** The way of a connection to an address, told hop by hop. */
  trace(caller: Caller, { ip, port, protocol }: { ip: string; port: number; protocol?: Packet['protocol'] }): PacketTrace {
    return traceOf(this.#connections.travel(caller, ip, { port, ...(protocol && { protocol }) }), this.#families.of(ip)?.pods ?? this.pods);
  }

  /** True when something answers at `10.244.1.2:80`. */
  listens(at: string, node: string, protocol?: Packet['protocol']): boolean {
    return this.#connections.listens(at, node, protocol);
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
    // Differs from Kubernetes: unless somebody has installed it, CoreDNS has no pods and no Service; it answers at the address that kubelets give to pods.
    if (server === this.dnsAddress && !this.dnsInPods) return caller && this.dnsVerdict(caller)?.allowed === false ? undefined : this.dns.query(question);
    return caller && this.#nameServers.has(server) ? this.#nameServers.ask(question, server, caller) : { rcode: 'NXDOMAIN', records: [] };
  }

  /** What CoreDNS' plugin kubernetes knows of a name, for a CoreDNS that runs in a pod. */
  clusterNames(question: DnsQuestion): DnsAnswer | undefined {
    return this.dns.kubernetes(question);
  }

  /** Somebody has installed CoreDNS: names are asked for at its Service, wherever that leads. */
  get dnsInPods(): boolean {
    return this.#coreDNS || this.dns.service('kube-system', 'kube-dns')?.spec.clusterIP === this.dnsAddress;
  }

  /** What containers that start now find of Services in their environment. */
  variables(namespace: string): Readonly<Record<string, string>> {
    return this.#variables.of(namespace);
  }

  /** What policies say of a pod's questions to a CoreDNS without pods. */
  dnsVerdict({ node, ip }: Caller): PolicyVerdict | undefined {
    const pod = this.policies?.active && !this.dnsInPods ? this.pods.at(node, ip) : undefined;
    if (!pod) return undefined;
    const judged = this.policies!.judge('egress', { from: { ip, pod }, to: { ip: this.dnsAddress, dns: true }, protocol: 'udp', port: 53 });
    const host = this.#families.of(ip)?.hosts.get(node);
    if (!host || familyOf(ip) !== familyOf(this.dnsAddress) || !policed(host)) return judged;
    const allowed = forward(host, { protocol: 'udp', src: ip, sport: 32_768, dst: this.dnsAddress, dport: 53, inInterface: this.pods.profile.bridge ?? this.pods.vethOf(pod) }).outcome === 'forward';
    return judged?.allowed === allowed ? judged : { direction: 'egress', allowed, policies: [] };
  }
}

function rangeOfNode(client: Client, node: string, family: Family): string | undefined {
  const { podCIDR, podCIDRs = podCIDR ? [podCIDR] : [] } = client.find('Node', { name: node })?.spec ?? {};
  return podCIDRs.find((cidr) => familyOf(cidr) === family);
}

const noPlugin = (version: Version) => (version.has('containerd-by-default') ? 'Network plugin returns error: cni plugin not initialized' : 'docker: network plugin is not ready: cni config uninitialized');

export const createNetwork = (options: NetworkOptions): ClusterNetwork => new ClusterNetwork(options);
