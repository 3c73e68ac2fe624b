// The network of pods: who has which address, and which way a packet takes from a host. What differs between plug-ins is in their
// profiles. The ranges behind each node are routes; the longest prefix decides, so that ranges that overlap mislead as they do.
import { parseIP } from '../../api/index.ts';
import type { Links } from '../../machine/index.ts';
import { fnv1a } from '../../sim/index.ts';
import type { Family } from '../kube-proxy/types.ts';
import { PodRange } from '../ipam.ts';
import { type Addresses, blocks, rangePerNode, ring } from './addresses.ts';
import { type CniFactory, type CniPlugin, requestOf } from './cni.ts';
import { NodeRanges } from './node-ranges.ts';
import type { Found } from './prefixes.ts';
import type { Profile } from './profile.ts';
import { contains, lanOf } from './ranges.ts';
import { hostsBetween, wayTo } from './routes.ts';
import type { Attachment, HostPlan, Sandbox, Way } from './way.ts';

export type * from './way.ts';
export type * from './cni.ts';
export { contains, lanOf, networkAddress } from './ranges.ts';

export interface PodNetworkOptions {
  profile: Profile;
  /** Range of all pods, and with it the family of their addresses. */
  cidr: string;
  /** A node's own range, as its object says. */
  rangeOf(node: string): string | undefined;
  links?: Links;
  /** The node that the cloud's routes send a packet to. */
  routed?(ip: string): string | undefined;
}

/** One address family's. */
export class PodNetwork {
  readonly family: Family;
  profile!: Profile;
  cidr!: string;
  addresses!: Addresses;
  readonly hosts = new Map<string, HostPlan>();
  /** Computers that are no nodes: they have cables, but no part in the network of pods. */
  readonly outside = new Map<string, HostPlan>();
  readonly #options: PodNetworkOptions;
  readonly #pods = new Map<string, Attachment>();
  readonly #onNode = new Map<string, Map<string, Attachment>>();
  readonly #byIp = new Map<string, HostPlan>();
  #ranges!: NodeRanges;
  #plain: { hosts: number; value: boolean } | undefined;
  /** Grows when a pod comes or goes, a host comes, or another plug-in. */
  changes = 0;
  #cni: { factory: CniFactory; plugins: Map<string, CniPlugin> } | undefined;

  constructor(options: PodNetworkOptions) {
    this.#options = options;
    this.family = options.cidr.includes(':') ? 'IPv6' : 'IPv4';
    this.adopt(options.profile);
  }

  /** Becomes the network of this plug-in; only while no pod has an address. */
  adopt(profile: Profile): void {
    const { rangeOf } = this.#options;
    const cidr = profile.range ?? this.#options.cidr;
    let given = 0;
    const [bits, step] = this.family === 'IPv6' ? [64, 2 ** 64] : [24, 256];
    const fallback = () => `${new PodRange(cidr).at(given++ * step)}/${bits}`;
    this.changes++;
    this.profile = profile;
    this.cidr = cidr;
    this.addresses = {
      node: () => rangePerNode(rangeOf, fallback),
      host: () => rangePerNode(() => cidr),
      blocks: () => blocks({ cidr, bits: Math.max(profile.blockBits!, Number(cidr.split('/')[1])), seed: fnv1a, tunnel: profile.tunnel !== undefined }),
      ring: () => ring({ cidr, peers: () => [...this.hosts.keys()], reaches: (a, b) => hostsBetween(this, a, b) !== undefined }),
    }[profile.addresses]();
    this.#ranges = new NodeRanges(this.addresses, this.hosts, { askAgain: profile.addresses === 'node' });
  }

  /** False: the plug-in knows nothing of this family, and no pod has an address of it. */
  get gives(): boolean {
    return this.family === 'IPv4' || this.profile.v6 !== undefined;
  }

  /** Puts a learner's plug-in in the place of the built-in one. */
  use(factory: CniFactory | undefined): void {
    this.#cni = factory && { factory, plugins: new Map() };
  }

  attach(node: string, sandbox: Sandbox): string {
    const ip = this.#add(node, sandbox);
    const attachment = { sandbox, node, ip };
    this.changes++;
    this.#pods.set(this.#key(node, ip), attachment);
    let here = this.#onNode.get(node);
    if (!here) this.#onNode.set(node, (here = new Map()));
    here.set(ip, attachment);
    return ip;
  }

  #add(node: string, sandbox: Sandbox): string {
    const { type, failed = '' } = this.profile;
    try {
      const own = this.#pluginOf(node);
      const ip = own ? own.add(requestOf(sandbox)) : this.addresses.allocate(node);
      if (own && parseIP(ip) !== (this.family === 'IPv6' ? 6 : 4)) throw new Error(`invalid IP address: ${String(ip)}`);
      return ip;
    } catch (error) {
      throw new Error(`plugin type="${type}" failed (add): ${this.#cni ? '' : failed}${(error as Error).message}`);
    }
  }

  #pluginOf(node: string): CniPlugin | undefined {
    if (!this.#cni) return undefined;
    const { factory, plugins } = this.#cni;
    let plugin = plugins.get(node);
    if (!plugin) plugins.set(node, (plugin = factory({ node, podCIDR: this.addresses.ranges(node)[0] ?? this.cidr })));
    return plugin;
  }

  detach(node: string, ip: string): void {
    const found = this.at(node, ip);
    if (!found) return;
    this.changes++;
    this.#pods.delete(this.#key(node, ip));
    this.#onNode.get(node)!.delete(ip);
    const own = this.#pluginOf(node);
    if (own) own.del(requestOf(found.sandbox));
    else this.addresses.release(node, ip);
  }

  /** Where every host has the same range, an address means another pod on each. */
  #key = (node: string, ip: string) => (this.profile.addresses === 'host' ? `${node} ${ip}` : ip);

  /** The pod with this address, as far as it can be told on this node. */
  pod(node: string, ip: string): Attachment | undefined {
    return this.#pods.get(this.#key(node, ip));
  }

  /** The pod with this address on this very node. */
  at(node: string, ip: string): Attachment | undefined {
    return this.#onNode.get(node)?.get(ip);
  }

  /** All pods that have an address. */
  get attachments(): Iterable<Attachment> {
    return this.#pods.values();
  }

  podsOn(node: string): Iterable<Attachment> {
    return this.#onNode.get(node)?.values() ?? [];
  }

  /** True once a pod has had an address. */
  get used(): boolean {
    return this.#onNode.size > 0;
  }

  /** True once a pod was there: the bridge is made for the first. */
  bridged(node: string): boolean {
    return this.#onNode.has(node);
  }

  connected(a: string, b: string): boolean {
    return this.#options.links?.up(a, b) ?? true;
  }

  /** The address that the host itself shows towards another. */
  sourceOf(node: string, dst: string): string {
    const host = this.hosts.get(node);
    if (!host) return this.outside.get(node)?.ip ?? '';
    const { bridge, tunnel } = this.profile;
    const way = this.way(node, dst);
    // Also where no pod has the address: the route names the bridge.
    if (way.kind === 'pod' || (bridge && way.interface === bridge)) return (bridge && this.addresses.own(node)) || host.ip;
    if (way.kind === 'node' && tunnel && way.interface !== 'eth0') return this.tunnelAddress(node) ?? host.ip;
    return host.ip;
  }

  /** True for the host's addresses among its pods: of its bridge, of its end of a tunnel. */
  isOwn(node: string, ip: string): boolean {
    return this.bridged(node) && (ip === this.addresses.own(node) || ip === this.tunnelAddress(node));
  }

  /** The interface that the host's routes name for an address. */
  outInterface(node: string, dst: string): string {
    const way = this.way(node, dst);
    return (way.kind === 'pod' && this.profile.bridge) || (way.interface ?? 'eth0');
  }

  /** What the node's end of the tunnel is called by. */
  tunnelAddress(node: string): string | undefined {
    const { addresses, type, bridge } = this.profile;
    if (type === 'flannel') return this.addresses.ranges(node)[0]?.split('/')[0];
    return addresses === 'ring' || !bridge ? this.addresses.own(node) : undefined;
  }

  way(node: string, dst: string): Way {
    return wayTo(this, node, dst);
  }

  /** The node that the cloud's routes send a packet to. */
  routedByCloud(dst: string): string | undefined {
    return this.#options.routed?.(dst);
  }

  /** The name of a pod's cable on the host's side. */
  vethOf({ sandbox, ip }: Attachment): string {
    const { veth } = this.profile;
    const id = fnv1a(sandbox.uid ?? ip).toString(16).padStart(8, '0');
    return veth === 'cali' ? `cali${id}${fnv1a(`${id}/`).toString(16).slice(0, 3).padStart(3, '0')}` : `${veth}${id}`;
  }

  addHost(host: HostPlan): void {
    this.changes++;
    this.hosts.set(host.name, host);
    this.#byIp.set(host.ip, host);
  }

  /** The host with this address of its own. */
  hostAt(ip: string): HostPlan | undefined {
    return this.#byIp.get(ip);
  }

  /** The node behind an address, as a node's routes know it, and how long a prefix says so. */
  rangeOf(dst: string, node: string): Found | undefined {
    const { addresses } = this.profile;
    if (addresses === 'node' || addresses === 'blocks') {
      // An address that a node borrowed, or that a learner's plug-in gave away, has a route of its own where routes are per pod.
      const pod = this.profile.bridge ? undefined : this.#pods.get(dst);
      return pod ? { node: pod.node, bits: 32 } : this.#ranges.find(dst);
    }
    const bits = Number(this.cidr.split('/')[1]);
    if (!contains(this.cidr, dst)) return undefined;
    // One wide bridge: whoever has the address answers when somebody asks for it.
    return { node: addresses === 'host' ? node : (this.#pods.get(dst)?.node ?? node), bits };
  }

  /** True when a packet to a pod always arrives if the cable is there: nothing overlaps, and no router is in between. */
  get plain(): boolean {
    const { addresses, tunnel } = this.profile;
    if (addresses === 'host' || this.profile.relays || this.profile.routedBy || this.#cni) return false;
    this.#plain ??= { hosts: -1, value: false };
    if (this.#plain.hosts !== this.hosts.size) {
      const lans = new Set([...this.hosts.values()].map(({ ip }) => lanOf(ip)));
      const overlaps = [...this.hosts.values()].some(({ ip }) => contains(this.cidr, ip));
      this.#plain = { hosts: this.hosts.size, value: !overlaps && (lans.size <= 1 || tunnel?.when === 'always') };
    }
    return this.#plain.value;
  }
}
