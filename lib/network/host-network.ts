// The network of one machine: its tables and connections, and the way of a packet through them.
import type { Version } from '../api/index.ts';
import type { Answering } from '../machine/index.ts';
import { type Random, timestamp } from '../sim/index.ts';
import { IpvsTable } from './ipvs-table.ts';
import { addKubeletRules } from './kubelet-rules.ts';
import { healthListener } from './kube-proxy/health.ts';
import { NodeProxy, type ProxyMode } from './kube-proxy/node-proxy.ts';
import type { ServiceStore } from './kube-proxy/service-store.ts';
import type { IpSet } from './kube-proxy/index.ts';
import { Conntrack } from './netfilter/conntrack.ts';
import type { HostFacts, Packet } from './netfilter/packet.ts';
import { walk } from './netfilter/walk.ts';
import { Tables } from './netfilter/tables.ts';
import { NftRuleset } from './nftables/index.ts';
import type { Family, ProxyConfig } from './kube-proxy/types.ts';
import { type FamilyTables, otherFamily } from './other-family.ts';
import { PlugAgent } from './plug-agent.ts';
import type { PodNetwork } from './plugins/pod-network.ts';
import type { Policies } from './policy/policies.ts';

export interface HostOptions {
  name: string;
  ip: string;
  version: Version;
  random: Random;
  store: ServiceStore;
  mode: ProxyMode;
  /** Range of all pods. */
  podCIDR: string;
  /** Range of cluster IPs. */
  serviceCIDR: string;
  now(): number;
  /** The zone of the node, as its label says. */
  zone(): string | undefined;
  /** How often the machine has booted. */
  boots(): number;
  /** Its routes, and its addresses among the pods. What it is in the one address family or the other follows them. */
  pods: PodNetwork;
  /** The same machine in the other address family, where it has one. */
  twin?(): HostNetwork | undefined;
  /** False while nobody has installed a plug-in. */
  plugged?(): boolean;
  /** What policies there are; missing where the plug-in enforces none. */
  policies?(): Policies | undefined;
  /** False: no node of the cluster, so that there is no kube-proxy. Default true. */
  isNode?: boolean;
}

/** In one address family: what is IPv4's and what is IPv6's knows nothing of each other. */
export class HostNetwork implements HostFacts {
  readonly name: string;
  readonly family: Family;
  readonly ip: string;
  readonly random: Random;
  readonly conntrack = new Conntrack();
  readonly ipvs = new IpvsTable();
  readonly recent = new Map<string, Map<string, number>>();
  readonly proxy: NodeProxy;
  readonly pods: PodNetwork;
  #tables: Tables;
  #nft = new NftRuleset();
  readonly #options: HostOptions;
  #boots: number;
  #sets = new Map<string, IpSet>();
  #bound = new Set<string>();
  readonly #plug: PlugAgent;
  readonly #config: ProxyConfig;

  constructor(options: HostOptions) {
    const { name, ip, version, store, mode, podCIDR, serviceCIDR } = options;
    this.#options = options;
    this.name = name;
    this.ip = ip;
    this.pods = options.pods;
    this.family = options.pods.family;
    this.random = options.random;
    this.#boots = options.boots();
    const { pods, plugged, policies } = options;
    this.#plug = new PlugAgent({ node: name, version, serviceCIDR, ipvs: mode === 'ipvs', pods, ...(plugged && { plugged }), ...(policies && { policies }) });
    this.#tables = this.#fresh();
    const config = (this.#config = {
      hostname: name, nodeIP: ip, family: this.family, localAddresses: [ip], clusterCIDR: podCIDR, serviceCIDR, randomFully: true, nfacct: version.has('proxy-nfacct'),
      get zone() {
        return options.zone();
      },
    });
    const host = this;
    this.proxy = new NodeProxy({
      mode,
      version,
      config,
      store,
      random: options.random,
      get tables() {
        return host.#tables;
      },
      get nft() {
        return host.#nft;
      },
      get now() {
        return host.now;
      },
      forget: (flows) => this.conntrack.delete(flows),
    });
    if (!this.isNode) this.proxy.leave();
  }

  /** From now on whoever asks whether the machine lets a connection in asks its rules, too: somebody has written some by hand. */
  guard(): void {
    const machine = this.pods.hosts.get(this.name)?.machine;
    if (machine) machine.packetFilter ??= (port, from) => this.#letsIn(port, from);
  }

  /** Differs from Linux: a component's request is a new connection each time, so that a rule about established ones lets none of them through. */
  #letsIn(port: number, from: string): 'accept' | 'drop' | 'reject' {
    const own = from === '' || this.isLocal(from);
    const packet: Packet = { protocol: 'tcp', src: from || this.ip, sport: 32_768, dst: from.startsWith('127.') ? from : this.ip, dport: port, mark: 0, state: 'NEW', inInterface: own ? 'lo' : 'eth0', outInterface: '', bridged: false, dnat: false };
    const { kind } = walk('filter', 'INPUT', packet, { tables: this.tables, host: this });
    return kind === 'DROP' ? 'drop' : kind === 'REJECT' ? 'reject' : 'accept';
  }

  /** What kube-proxy itself answers on a port of the host. */
  listener(port: number, local = false): Answering | undefined {
    const { store, version, now, mode } = this.#options;
    if (!this.proxy.running) return undefined;
    return healthListener({ port, node: this.name, store, version, now: () => timestamp(now()), mode, local });
  }

  /** False for a computer somewhere outside. */
  get isNode(): boolean {
    return this.#options.isNode !== false;
  }

  /** It in an address family; undefined where the cluster has no addresses of that. */
  in(family: Family): HostNetwork | undefined {
    return family === this.family ? this : this.#options.twin?.();
  }

  /** What it has in the tables of an address family, if the cluster uses that or not. */
  tablesIn(family: Family): FamilyTables {
    const { version, mode } = this.#options;
    return this.in(family) ?? otherFamily(family, { version, mode, random: this.random, isNode: this.isNode, config: this.#config });
  }

  get now(): number {
    return this.#options.now();
  }

  /** As they are now: brought up to date first, if kube-proxy runs. */
  get tables(): Tables {
    this.sync();
    return this.#tables;
  }

  /** The tables of nftables, which kube-proxy has one of in nftables mode. */
  get nft(): NftRuleset {
    this.sync();
    return this.#nft;
  }

  sync(): void {
    this.#booted();
    this.proxy.sync();
    const { ipvs } = this.proxy;
    if (ipvs) {
      this.ipvs.use(ipvs.virtualServers);
      if (this.#sets.get(ipvs.sets['KUBE-CLUSTER-IP'].name) !== ipvs.sets['KUBE-CLUSTER-IP']) {
        this.#sets = new Map(Object.values(ipvs.sets).map((set) => [set.name, set]));
        this.#bound = new Set(ipvs.bound);
      }
    }
    if (this.isNode) this.#plug.sync(this.#tables);
  }

  /** True where packets meet the policies as rules. */
  get policed(): boolean {
    return this.#plug.policed;
  }

  addressTowards(ip: string): string {
    return this.pods.sourceOf(this.name, ip);
  }

  /** The interface that its routes send a packet out by. */
  outInterface(ip: string): string {
    return this.pods.outInterface(this.name, ip);
  }

  isLocal(address: string): boolean {
    return address === this.ip || address.startsWith('127.') || address === '::1' || this.#bound.has(address) || this.pods.isOwn(this.name, address);
  }

  set(name: string): IpSet | undefined {
    return this.#sets.get(name) ?? this.#plug.sets.get(name);
  }

  /** All sets of addresses and ports, as `ipset list` shows them. */
  get sets(): IpSet[] {
    this.sync();
    return [...this.#sets.values(), ...this.#plug.sets.values()];
  }

  #fresh(): Tables {
    const tables = new Tables(this.family);
    if (this.isNode) addKubeletRules(tables, this.#options.version);
    return tables;
  }

  /** A machine that was off has forgotten everything. */
  #booted(): void {
    const boots = this.#options.boots();
    if (boots === this.#boots) return;
    this.#boots = boots;
    this.#tables = this.#fresh();
    this.#plug.reset();
    this.#nft = new NftRuleset();
    this.conntrack.clear();
    this.recent.clear();
    this.#sets = new Map();
    this.#bound = new Set();
    this.proxy.reset();
  }
}
