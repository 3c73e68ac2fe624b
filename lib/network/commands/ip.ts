// ip, bridge and arp, for looking. As iproute2 6.1 and net-tools 2.10 print.
// Differs from Kubernetes: no IPv6 addresses where the cluster has none; of `ip -d link` the line that says what kind of interface it is; every neighbour is known.
import type { HostNetwork } from '../host-network.ts';
import type { Family } from '../kube-proxy/types.ts';
import { contains, networkAddress } from '../plugins/pod-network.ts';
import { type Interface, interfacesOf, interfacesOn, macOf, type Neighbour, neighboursOf, type Route, routesOf } from '../plugins/links.ts';
import { lanRange } from '../plugins/ranges.ts';
import { toAddress, toNumber } from '../ipam.ts';
import { routeText } from './route.ts';
import type { CommandResult } from './iptables.ts';

const help = (text: string): CommandResult => ({ err: `# 도움말: 여기에서는 보기만 할 수 있다: ${text}\n`, code: 255 });

export function ip(host: HostNetwork, args: readonly string[]): CommandResult {
  const details = args.some((arg) => ['-d', '-details'].includes(arg));
  const brief = args.some((arg) => ['-br', '-brief'].includes(arg));
  const [object = '', ...rest] = args.filter((arg) => !/^-(d|details|br|brief|4|6|c|color.*)$/.test(arg));
  const words = rest.filter((word) => !['show', 'list', 'ls', 'sh', 'dev'].includes(word));
  const is = (name: string) => object !== '' && name.startsWith(object);
  const family: Family | undefined = args.includes('-6') ? 'IPv6' : args.includes('-4') ? 'IPv4' : undefined;
  if (is('address') || is('link')) return links(host, { addresses: is('address'), details, brief, only: words[0], family });
  if (is('route')) return words[0] === 'get' ? routeTo(host, words[1] ?? '') : { out: routes(host, { family: family ?? 'IPv4', only: words[0] }) };
  if (is('neighbour') || is('neighbor')) return { out: inFamilies(host, family).flatMap(({ pods, name }) => neighboursOf(pods, name)).filter(({ dev }) => words[0] === undefined || dev === words[0]).map((one) => `${one.ip} dev ${one.dev} lladdr ${one.mac} ${one.state} \n`).join('') };
  return help('ip addr, ip route, ip route get 10.244.1.2, ip -d link show flannel.1, ip neigh');
}

/** The host as it is in one family, or in each that it has. */
const inFamilies = (host: HostNetwork, family?: Family): HostNetwork[] => (['IPv4', 'IPv6'] as const).flatMap((one) => ((family ?? one) === one ? (host.in(one) ?? []) : []));

function routes(host: HostNetwork, { family, only }: { family: Family; only: string | undefined }): string {
  const known = inFamilies(host, family).flatMap(({ pods, name }) => routesOf(pods, name));
  // IPv6 has its default route last.
  const sorted = family === 'IPv6' ? [...known.filter(({ to }) => to !== 'default'), ...linkRoutes(host), ...known.filter(({ to }) => to === 'default')] : known;
  return sorted.filter(({ dev }) => only === undefined || dev === only).map((route) => `${routeText(route, family)} \n`).join('');
}

/** In ipvs mode the addresses of Services lie on a device of kube-proxy's, so that packets for them come to the host itself. */
function withDummy(host: HostNetwork, all: readonly Interface[]): Interface[] {
  const families = inFamilies(host);
  for (const one of families) one.sync();
  const bound = (family: Family) => families.flatMap((one) => (one.family === family ? (one.proxy.ipvs?.bound ?? []) : []));
  if (!families.some(({ proxy }) => proxy.ipvs)) return [...all];
  const dummy: Interface = { index: 0, name: 'kube-ipvs0', kind: 'dummy', mtu: 1500, mac: macOf(`${host.name}/kube-ipvs0`), addresses: bound('IPv4').map((ip) => `${ip}/32`), more: bound('IPv6').map((ip) => `${ip}/128`) };
  const at = all.findIndex(({ kind }) => kind === 'veth');
  return all.toSpliced(at < 0 ? all.length : at, 0, dummy).map((one, i) => ({ ...one, index: i + 1 }));
}

/** Each link has addresses of its own, and a route to the others on it. */
function linkRoutes(host: HostNetwork): Route[] {
  if (!host.in('IPv6')) return [];
  const all = interfacesOn(inFamilies(host).map(({ pods }) => pods), host.name);
  return all.filter(({ more = [] }) => more.some((own) => own.startsWith('fe80:'))).map(({ name }) => ({ to: 'fe80::/64', dev: name, proto: 'kernel' }));
}

function links(host: HostNetwork, { addresses, details, brief, only, family }: { addresses: boolean; details: boolean; brief: boolean; only: string | undefined; family: Family | undefined }): CommandResult {
  const { pods, name: node } = host;
  const all = withDummy(host, interfacesOn(inFamilies(host).map((one) => one.pods), node));
  const shown = all.filter(({ name, more = [] }) => (only === undefined || name === only) && !(family === 'IPv6' && addresses && more.length === 0));
  if (shown.length === 0) return { err: `Device "${only}" does not exist.\n`, code: 1 };
  const local = (pods.hosts.get(node) ?? pods.outside.get(node))!.ip;
  if (family === 'IPv6' && addresses && !brief) return { out: shown.map(sixText).join('') };
  return { out: shown.map((one) => (brief ? briefText(one, addresses) : linkText(one, { addresses, details, local, tunnel: pods.profile.tunnel }))).join('') };
}

const flagsOf = ({ kind }: Interface) => ({ loopback: 'LOOPBACK', ipip: 'NOARP', tun: 'POINTOPOINT,MULTICAST,NOARP', dummy: 'BROADCAST,NOARP' })[kind as string] ?? 'BROADCAST,MULTICAST';
const nameOf = ({ name, kind, peer }: Interface) => (kind === 'veth' ? `${name}@if${peer!.index}` : kind === 'ipip' ? `${name}@NONE` : name);
const upOf = ({ kind }: Interface) => (kind === 'dummy' ? '' : ',UP,LOWER_UP');
const addressesOf = ({ address, addresses = [] }: Interface) => (address ? [address, ...addresses] : addresses);
const stateOf = ({ kind }: Interface) => (kind === 'dummy' ? 'DOWN' : ['device', 'bridge', 'veth'].includes(kind) ? 'UP' : 'UNKNOWN');

function briefText(one: Interface, addresses: boolean): string {
  const last = addresses ? [...addressesOf(one), ...(one.more ?? [])].join(' ') : `${one.mac ?? '0.0.0.0'} <${flagsOf(one)}${upOf(one)}>`;
  return `${nameOf(one).padEnd(16)} ${stateOf(one).padEnd(14)} ${last} \n`;
}

interface LinkOptions {
  addresses: boolean;
  details: boolean;
  /** The host's own address. */
  local: string;
  tunnel: { vni?: number; port?: number } | undefined;
}

function linkText(one: Interface, { addresses, details, local, tunnel }: LinkOptions): string {
  const { index, kind, mtu, mac, master, peer, more } = one;
  const queue = kind === 'dummy' ? 'noop' : kind === 'device' ? 'fq_codel' : kind === 'tun' ? 'fq_codel' : 'noqueue';
  const long = kind === 'loopback' || kind === 'device' || kind === 'bridge' || kind === 'ipip';
  const head = `${index}: ${nameOf(one)}: <${flagsOf(one)}${upOf(one)}> mtu ${mtu} qdisc ${queue}${master ? ` master ${master}` : ''} state ${stateOf(one)}${addresses ? '' : ' mode DEFAULT'} group default ${long ? 'qlen 1000' : kind === 'tun' ? 'qlen 500' : ''}\n`;
  const type = kind === 'loopback' ? 'loopback' : kind === 'ipip' ? 'ipip' : kind === 'tun' ? 'none' : 'ether';
  const end = kind === 'tun' ? '' : kind === 'ipip' ? ' 0.0.0.0 brd 0.0.0.0' : ` ${mac} brd ${kind === 'loopback' ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff'}`;
  const link = `    link/${type}${end}${peer ? ` link-netnsid ${peer.namespace}` : ''}${details ? ' promiscuity 0' : ''}\n`;
  return head + link + (details ? detailsOf(one, local, tunnel) : '') + (addresses ? addressesOf(one).map((own) => addressText(one, own)).join('') : '') + (addresses ? (more ?? []).map((own) => address6Text(one, own)).join('') : '');
}

function detailsOf({ kind, master }: Interface, local: string, tunnel: LinkOptions['tunnel']): string {
  const own = {
    vxlan: `vxlan ${tunnel?.vni === undefined ? 'external' : `id ${tunnel.vni} local ${local} dev eth0`} srcport 0 0 dstport ${tunnel?.port} nolearning ttl auto ageing 300 udpcsum noudp6zerocsumtx noudp6zerocsumrx`,
    ipip: 'ipip any remote any local any ttl inherit nopmtudisc',
    tun: 'tun type tun pi off vnet_hdr off persist off',
    bridge: 'bridge forward_delay 1500 hello_time 200 max_age 2000',
    veth: 'veth',
    dummy: 'dummy',
  }[kind as string];
  return own === undefined ? '' : `    ${own} \n${master ? `    bridge_slave state forwarding \n` : ''}`;
}

function addressText({ name, kind }: Interface, address: string): string {
  const [own = '', bits = '32'] = address.split('/');
  const size = 2 ** (32 - Number(bits));
  const broadcast = bits === '32' || kind === 'loopback' || kind === 'tun' ? '' : ` brd ${toAddress(toNumber(networkAddress(address)) + size - 1)}`;
  return `    inet ${own}/${bits}${broadcast} scope ${kind === 'loopback' ? 'host' : 'global'} ${name}\n       valid_lft forever preferred_lft forever\n`;
}

function address6Text({ kind }: Interface, address: string): string {
  const scope = kind === 'loopback' ? 'host' : address.startsWith('fe80:') ? 'link' : 'global';
  return `    inet6 ${address} scope ${scope} \n       valid_lft forever preferred_lft forever\n`;
}

/** `ip -6 addr` says less of the interface. */
function sixText(one: Interface): string {
  return `${one.index}: ${nameOf(one)}: <${flagsOf(one)}${upOf(one)}> mtu ${one.mtu} state ${stateOf(one)} qlen 1000\n${(one.more ?? []).map((own) => address6Text(one, own)).join('')}`;
}

/** `ip route get`: which way this very address goes. */
function routeTo(host: HostNetwork, to: string): CommandResult {
  const v6 = to.includes(':');
  const { pods, name } = host.in(v6 ? 'IPv6' : 'IPv4') ?? {};
  if (!v6 && !/^\d+\.\d+\.\d+\.\d+$/.test(to)) return { err: `Error: any valid prefix is expected rather than "${to}".\n`, code: 1 };
  if (!pods || !name) return { err: 'RTNETLINK answers: Network is unreachable\n', code: 2 };
  const from = pods.sourceOf(name, to);
  const dev = pods.outside.has(name) ? 'eth0' : pods.outInterface(name, to);
  const route = routesOf(pods, name).filter((one) => one.dev === dev && one.via && one.to !== 'default').find((one) => contains(one.to, to)) ?? routesOf(pods, name).find((one) => one.to === 'default' && dev === 'eth0' && !contains(lanRange((pods.hosts.get(name) ?? pods.outside.get(name))!.ip), to));
  if (v6) return { out: `${to} from ::${route?.via ? ` via ${route.via}` : ''} dev ${dev} src ${from} metric ${route?.via ? 1024 : 256} pref medium\n` };
  return { out: `${to}${route?.via ? ` via ${route.via}` : ''} dev ${dev} src ${from} uid 0 \n    cache \n` };
}

/** `bridge fdb show dev flannel.1`: which node has the other end of the tunnel with this hardware address. */
export function bridge(host: HostNetwork, args: readonly string[]): CommandResult {
  const at = args.indexOf('dev');
  const ofSix = host.in('IPv6');
  const { pods, name } = ofSix && args[at + 1] === ofSix.pods.profile.tunnel?.device ? ofSix : host;
  return fdb({ pods, name }, args, at);
}

function fdb({ pods, name }: Pick<HostNetwork, 'pods' | 'name'>, args: readonly string[], at: number): CommandResult {
  if (args[0] !== 'fdb') return help('bridge fdb show dev flannel.1');
  const wanted = at < 0 ? undefined : args[at + 1];
  const { tunnel } = pods.profile;
  const lines = tunnel?.kind === 'vxlan' && !pods.profile.relays ? [...pods.hosts.values()].filter((host) => host.name !== name).flatMap((host) => neighboursOf(pods, name).filter((one) => one.dev === tunnel.device && pods.addresses.ranges(host.name)[0]?.startsWith(`${one.ip}/`)).map((one) => `${one.mac} dev ${tunnel.device} dst ${host.ip} self permanent\n`)) : [];
  if (wanted !== undefined && wanted !== tunnel?.device) return interfacesOf(pods, name).some((one) => one.name === wanted) ? { out: '' } : { err: `Cannot find device "${wanted}"\n`, code: 255 };
  return { out: wanted === undefined ? lines.join('') : lines.map((line) => line.replace(` dev ${wanted}`, '')).join('') };
}

const arpColumns = 'Address                  HWtype  HWaddress           Flags Mask            Iface\n';
const arpLine = ({ ip: address, mac, dev, state }: Neighbour) => `${address.padEnd(24)} ether   ${mac.padEnd(19)} ${(state === 'PERMANENT' ? 'CM' : 'C').padEnd(21)} ${dev}\n`;

/** Of IPv4 only: IPv6 has neighbour discovery instead, `ip -6 neigh`. */
export const arp = (host: HostNetwork): CommandResult => ({ out: arpColumns + inFamilies(host, 'IPv4').flatMap(({ pods, name }) => neighboursOf(pods, name)).map(arpLine).join('') });
