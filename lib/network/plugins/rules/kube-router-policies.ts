// One policy of kube-router's: for each rule the sets of its two ends, and two lines for each port.
import { base32, sha256 } from '../../../api/index.ts';
import { canonicalRange } from '../../kube-proxy/addresses.ts';
import type { IpSet } from '../../kube-proxy/index.ts';
import type { Family } from '../../kube-proxy/types.ts';
import { peerMatcher } from '../../policy/decide.ts';
import type { NetworkPolicy, PolicyPeer, PolicyPort } from '../../policy/types.ts';
import { type PolicyWorld, rulesOf } from '../../policy/world.ts';
import { setOf } from './plan.ts';

/** What names are made of; the family is part of it. */
export const nameOf = ({ metadata }: NetworkPolicy, family: Family) => `${metadata.namespace}${metadata.name}${family}`;
/** What a set of IPv4 is called in the other family. */
export const setIn = (family: Family, name: string) => (family === 'IPv6' ? `inet6:${name}` : name);

export interface PolicyParts {
  world: PolicyWorld;
  sets: Map<string, IpSet>;
  /** Addresses of the pods that the policy selects. */
  targets: readonly string[];
  family: Family;
}

type Side = 'src' | 'dst';

interface Port {
  protocol?: string;
  port?: string;
  /** Pods that call this port by a name. */
  named?: string[];
}

export function addPolicyRules(policy: NetworkPolicy, direction: 'ingress' | 'egress', { world, sets, targets, family }: PolicyParts): string[] {
  const key = `${policy.metadata.namespace}${policy.metadata.name}`;
  const add = (side: Side, content: string, type: 'hash:ip' | 'hash:net', entries: Iterable<string>): string => {
    const name = setIn(family, `${side === 'src' ? 'KUBE-SRC-' : 'KUBE-DST-'}${base32(sha256(`${content}${family}`)).slice(0, 16)}`);
    sets.set(name, setOf(name, type, entries));
    return name;
  };
  const ingress = direction === 'ingress';
  const [here, there]: [Side, Side] = ingress ? ['dst', 'src'] : ['src', 'dst'];
  const target = add(here, key, 'hash:ip', targets);
  return rulesOf(policy, direction).flatMap(({ ports, peers }, i) => {
    const content = `${key}${direction}rule${i}`;
    const pods = peers.filter(({ ipBlock }) => !ipBlock).map((peer) => peerMatcher(peer, policy.metadata.namespace!));
    const ips = world.pods.filter((pod) => pods.some((matches) => matches({ ip: pod.ip, pod }))).map(({ ip }) => ip);
    const ends: (string | undefined)[] = peers.length === 0 ? [undefined] : [];
    if (pods.length > 0 && ips.length > 0) ends.push(add(there, `${content}pod`, 'hash:ip', ips));
    peers.forEach(({ ipBlock }, k) => {
      if (ipBlock) ends.push(add(there, `${content}ipblock${k}`, 'hash:net', netsOf(ipBlock)));
    });
    const wanted = portsOf(ports, world);
    return ends.flatMap((end, e) => wanted.flatMap(({ protocol, port, named }, k) => {
      const set = named && add('dst', `${content}${k}namedport`, 'hash:ip', ingress ? named.filter((ip) => targets.includes(ip)) : named);
      const sides = { [here]: [target], [there]: end ? [end] : [] } as Record<Side, string[]>;
      if (set) sides.dst = ingress ? [set] : [...sides.dst, set];
      return twoLines(saying(policy, { ingress, end, block: peers.length > 0 && e >= (ips.length > 0 ? 1 : 0) }), sides, { protocol, port });
    }));
  });
}

/** A set takes no range of all addresses, and each only once. */
const halves = (cidr: string) => (cidr.endsWith('/0') ? (cidr.includes(':') ? ['::/1', '8000::/1'] : ['0.0.0.0/1', '128.0.0.0/1']) : [canonicalRange(cidr)!.replace(cidr.includes(':') ? /\/128$/ : /\/32$/, '')]);

function netsOf({ cidr, except = [] }: NonNullable<PolicyPeer['ipBlock']>): string[] {
  const left = new Set(except.flatMap(halves));
  return [...halves(cidr).filter((range) => !left.has(range)), ...[...left].map((range) => `${range} nomatch`)];
}

function saying({ metadata }: NetworkPolicy, { ingress, end, block }: { ingress: boolean; end: string | undefined; block: boolean }): string {
  const about = `selected by policy name: ${metadata.name} namespace ${metadata.namespace}`;
  if (!end) return ingress ? `rule to ACCEPT traffic from all sources to dest pods ${about}` : `rule to ACCEPT traffic from source pods to all destinations ${about}`;
  if (block) return ingress ? `rule to ACCEPT traffic from specified ipBlocks to dest pods ${about}` : `rule to ACCEPT traffic from source pods to specified ipBlocks ${about}`;
  return `rule to ACCEPT traffic from source pods to dest pods ${about.replace('name: ', 'name ')}`;
}

function twoLines(comment: string, sides: Readonly<Record<Side, readonly string[]>>, { protocol, port }: Port): string[] {
  const words = [`-m comment --comment "${comment}"`, ...(['src', 'dst'] as const).flatMap((side) => sides[side].map((set) => `-m set --match-set ${set} ${side}`)), protocol && `-p ${protocol}`, port && `-m ${protocol} --dport ${port}`].filter(Boolean);
  return [`${words.join(' ')} -j MARK --set-xmark 0x10000/0x10000`, `${words.join(' ')} -m mark --mark 0x10000/0x10000 -j RETURN`];
}

/** A name may be another number in each pod. */
function portsOf(ports: readonly PolicyPort[], { pods }: PolicyWorld): Port[] {
  if (ports.length === 0) return [{}];
  return ports.flatMap(({ protocol = 'TCP', port, endPort }): Port[] => {
    const small = protocol.toLowerCase();
    if (port === undefined) return [{ protocol: small }];
    if (typeof port === 'number') return [{ protocol: small, port: endPort === undefined || endPort === port ? String(port) : `${port}:${endPort}` }];
    const byNumber = new Map<number, string[]>();
    for (const { ip, ports: declared } of pods) {
      for (const { name, containerPort, protocol: its = 'TCP' } of declared) if (name === port && its === protocol) byNumber.set(containerPort, [...(byNumber.get(containerPort) ?? []), ip]);
    }
    return [...byNumber].map(([number, named]) => ({ protocol: small, port: String(number), named }));
  });
}
