// A host's interfaces, routes and neighbours, as its kernel would list them.
import { hexOf } from '../../machine/index.ts';
import { numberOf, PodRange, widthOf } from '../ipam.ts';
import { type Attachment, contains, lanOf, type PodNetwork } from './pod-network.ts';
import { lanBits, lanRange } from './ranges.ts';

export interface Interface {
  index: number;
  name: string;
  kind: 'loopback' | 'device' | 'bridge' | 'veth' | 'vxlan' | 'ipip' | 'tun' | 'dummy';
  mtu: number;
  mac?: string;
  /** `10.0.0.11/16`. */
  address?: string;
  /** More of IPv4. */
  addresses?: string[];
  /** Others: `fd00:10::11/64`. */
  more?: string[];
  /** The bridge that it hangs on. */
  master?: string;
  /** Of a veth: the number of the pod's end, and of its network namespace. */
  peer?: { index: number; namespace: number };
}

export interface Route {
  to: string;
  /** Nothing behind it: what is not routed more exactly is thrown away. */
  blackhole?: true;
  via?: string;
  dev?: string;
  proto?: string;
  link?: true;
  src?: string;
  onlink?: true;
}

export interface Neighbour {
  ip: string;
  mac: string;
  dev: string;
  state: 'PERMANENT' | 'REACHABLE';
}

/** A hardware address of one's own, as the kernel draws them. */
export function macOf(text: string): string {
  const digits = hexOf(text);
  const first = ((Number.parseInt(digits.slice(0, 2), 16) & 0xfc) | 2).toString(16).padStart(2, '0');
  return [first, ...[2, 4, 6, 8, 10].map((at) => digits.slice(at, at + 2))].join(':');
}

const bitsOf = (cidr: string) => cidr.split('/')[1]!;

const planOf = ({ hosts, outside }: PodNetwork, node: string) => (hosts.get(node) ?? outside.get(node))!;

export function interfacesOf(pods: PodNetwork, node: string): Interface[] {
  const { ip, machine } = planOf(pods, node);
  const { tunnel, bridge, mtu } = pods.profile;
  const v6 = ip.includes(':');
  const out: Omit<Interface, 'index'>[] = [
    { name: 'lo', kind: 'loopback', mtu: 65_536, mac: '00:00:00:00:00:00', address: v6 ? '::1/128' : '127.0.0.1/8' },
    { name: 'eth0', kind: 'device', mtu: 1500, mac: machine.mac ?? macOf(node), address: `${ip}/${lanBits(ip)}` },
  ];
  if (pods.outside.has(node)) return out.map((one, i) => ({ index: i + 1, ...one }));
  const own = pods.addresses.own(node);
  if (tunnel) {
    const address = pods.tunnelAddress(node);
    const wide = tunnel.kind === 'tun' ? bitsOf(pods.cidr) : widthOf(ip);
    // Weave Net's is a port of its bridge.
    const ofBridge = pods.profile.relays ? { master: bridge } : { ...(address && { address: `${address}/${wide}` }) };
    out.push({ name: tunnel.device, kind: tunnel.kind, mtu: pods.profile.relays ? 65_535 : mtu, ...(tunnel.kind === 'vxlan' && { mac: macOf(`${node}/${tunnel.device}`) }), ...ofBridge });
  }
  if (bridge && pods.bridged(node)) out.push({ name: bridge, kind: 'bridge', mtu, mac: macOf(`${node}/${bridge}`), address: `${own}/${bitsOf(pods.addresses.ranges(node)[0] ?? pods.cidr)}` });
  const first = out.length + 1;
  const veths = [...pods.podsOn(node)].map((pod, i): Omit<Interface, 'index'> => ({ name: pods.vethOf(pod), kind: 'veth', mtu, mac: bridge ? macOf(pods.vethOf(pod)) : 'ee:ee:ee:ee:ee:ee', peer: { index: 2, namespace: i }, ...(bridge && { master: bridge }) }));
  return [...out.map((one, i) => ({ index: i + 1, ...one })), ...veths.map((one, i) => ({ index: first + i, ...one }))];
}

/** Its interfaces with their addresses of all families: those of IPv6 stand behind, as each interface's own of the link does. */
export function interfacesOn(families: readonly PodNetwork[], node: string): Interface[] {
  const six = families.find(({ family }) => family === 'IPv6');
  const [first, ...others] = families.map((pods) => interfacesOf(pods, node));
  if (!six || !first) return first ?? [];
  const all = [...first];
  for (const one of others.flat()) if (!all.some(({ name }) => name === one.name)) all.splice(all.findLastIndex(({ kind }) => ['device', 'vxlan', 'ipip', 'tun'].includes(kind)) + 1, 0, one);
  const addresses6 = new Map(interfacesOf(six, node).map(({ name, address }) => [name, address]));
  return all.map((one, i) => {
    const more = [addresses6.get(one.name) ?? [], one.mac && one.kind !== 'loopback' ? linkLocal(one.mac) : []].flat();
    const { address, ...rest } = one;
    return { ...rest, ...(address && !address.includes(':') && { address }), index: i + 1, more };
  });
}

/** What an interface gives itself, made of its hardware address (RFC 4291). */
function linkLocal(mac: string): string {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac.split(':').map((part) => Number.parseInt(part, 16));
  const groups = [((a ^ 2) << 8) | b, (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f];
  return `fe80::${groups.map((group) => group.toString(16)).join(':')}/64`;
}

export function routesOf(pods: PodNetwork, node: string): Route[] {
  const { ip } = planOf(pods, node);
  const lan = lanRange(ip);
  const gateway = new PodRange(lan).at(1);
  const routes: Route[] = [{ to: lan, dev: 'eth0', proto: 'kernel', link: true, src: ip }, ...(pods.outside.has(node) ? [] : [...ownRoutes(pods, node), ...remoteRoutes(pods, node)])];
  return [{ to: 'default', via: gateway, dev: 'eth0', proto: 'static' }, ...routes.sort((a, b) => (numberOf(a.to.split('/')[0]!) < numberOf(b.to.split('/')[0]!) ? -1 : 1))];
}

function ownRoutes(pods: PodNetwork, node: string): Route[] {
  const { bridge, proto, addresses } = pods.profile;
  const own = pods.addresses.own(node);
  if (bridge) return pods.bridged(node) ? (addresses === 'ring' ? [pods.cidr] : pods.addresses.ranges(node)).map((to) => ({ to, dev: bridge, proto: 'kernel', link: true, src: own! })) : [];
  const ranges: Route[] = pods.addresses.ranges(node).map((to) => ({ to, blackhole: true, ...(proto && { proto }) }));
  return [...ranges, ...[...pods.podsOn(node)].map((pod): Route => ({ to: pod.ip, dev: pods.vethOf(pod), link: true }))];
}

function remoteRoutes(pods: PodNetwork, node: string): Route[] {
  const { profile, hosts, addresses } = pods;
  if (profile.addresses === 'ring' || profile.addresses === 'host' || profile.routedBy) return [];
  const here = hosts.get(node)!;
  const ways = [...hosts.values()].filter(({ name }) => name !== node).flatMap((host) => [...addresses.ranges(host.name), ...borrowed(pods, host.name)].map((to): Route | undefined => remoteRoute(pods, { here: here.ip, there: host.ip, to })));
  return ways.filter((route) => route !== undefined);
}

/** Where routes are per block: pods whose address lies in the block of another node have a route of their own. */
function borrowed(pods: PodNetwork, node: string): string[] {
  if (pods.profile.addresses !== 'blocks') return [];
  const own = pods.addresses.ranges(node);
  return [...pods.podsOn(node)].map(({ ip }) => ip).filter((ip) => !own.some((range) => contains(range, ip)));
}

function remoteRoute({ profile }: PodNetwork, { here, there, to }: { here: string; there: string; to: string }): Route | undefined {
  const { tunnel, proto } = profile;
  const neighbours = lanOf(here) === lanOf(there);
  if (!tunnel || (tunnel.when === 'cross-subnet' && neighbours)) return neighbours ? { to, via: there, dev: 'eth0', ...(proto && { proto }) } : undefined;
  const { device, kind } = tunnel;
  if (kind === 'vxlan') return { to, via: to.split('/')[0]!, dev: device, onlink: true };
  if (kind === 'ipip') return { to, via: there, dev: device, ...(proto && { proto }), onlink: true };
  return undefined;
}

/** The neighbours that the plug-in wrote, and those that were asked for. */
export function neighboursOf(pods: PodNetwork, node: string): Neighbour[] {
  if (pods.outside.has(node)) return [];
  const { tunnel, bridge } = pods.profile;
  const others = [...pods.hosts.values()].filter(({ name }) => name !== node);
  const here = pods.hosts.get(node)!;
  const hosts = others.filter(({ ip }) => lanOf(ip) === lanOf(here.ip)).map(({ name, ip, machine }): Neighbour => ({ ip, mac: machine.mac ?? macOf(name), dev: 'eth0', state: 'REACHABLE' }));
  const local = [...pods.podsOn(node)].map((pod): Neighbour => ({ ip: pod.ip, mac: podMac(pod), dev: bridge ?? pods.vethOf(pod), state: 'REACHABLE' }));
  if (tunnel?.kind !== 'vxlan' || pods.profile.relays) return [...hosts, ...local];
  const ends = others.flatMap(({ name }): Neighbour[] => pods.addresses.ranges(name).map((range) => ({ ip: range.split('/')[0]!, mac: macOf(`${name}/${tunnel.device}`), dev: tunnel.device, state: 'PERMANENT' })));
  return [...hosts, ...ends, ...local];
}

const podMac = ({ node, ip }: Attachment) => macOf(`${node} ${ip}`);
