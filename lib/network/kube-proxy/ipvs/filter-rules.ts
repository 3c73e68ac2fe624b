// What ipvs mode writes since there are rules of it in the filter table: source ranges of load balancers, health check ports, and
// nothing of the host itself at the addresses of Services.
import type { Version } from '../../../api/index.ts';
import { markedForward, postrouting } from '../iptables/document.ts';
import type { RestoreSection } from '../iptables/document.ts';
import { filterJump, ipvsJumps, type Jump } from '../iptables/jumps.ts';
import type { ProxyConfig } from '../types.ts';
import { accepted, clusterIP, commented, externalIP, ipvsChains, used } from './rules.ts';
import { filterLeads, type IpSets, type Lead, leads } from './sets.ts';

const natChains = ['KUBE-SERVICES', 'KUBE-POSTROUTING', 'KUBE-NODE-PORT', 'KUBE-LOAD-BALANCER', 'KUBE-MARK-MASQ'];
const filterChains = ['KUBE-FORWARD', 'KUBE-NODE-PORT', 'KUBE-PROXY-FIREWALL', 'KUBE-SOURCE-RANGES-FIREWALL', 'KUBE-IPVS-FILTER', 'KUBE-IPVS-OUT-FILTER'];

const access = 'kubernetes ipvs access filter';
const filterJumps: readonly Jump[] = [
  filterJump('INPUT', 'KUBE-NODE-PORT', 'kubernetes health check rules'),
  filterJump('INPUT', 'KUBE-PROXY-FIREWALL', 'kube-proxy firewall rules'),
  filterJump('FORWARD', 'KUBE-PROXY-FIREWALL', 'kube-proxy firewall rules'),
  filterJump('INPUT', 'KUBE-IPVS-FILTER', access),
  filterJump('OUTPUT', 'KUBE-IPVS-OUT-FILTER', access),
];

/** The chains and the jumps into them, in the order in which they are made. */
export function ipvsFrame(version: Version): { chains: readonly { table: 'filter' | 'nat'; chain: string }[]; jumps: readonly Jump[] } {
  if (!version.has('proxy-ipvs-filters')) return { chains: ipvsChains, jumps: ipvsJumps };
  const of = (table: 'filter' | 'nat', chains: readonly string[]) => chains.map((chain) => ({ table, chain }));
  return { chains: [...of('nat', natChains), ...of('filter', filterChains)], jumps: [...ipvsJumps, ...filterJumps] };
}

/** `blocked`: addresses of balancers that nodes may not come from, `203.0.113.10,tcp:80`. */
export function filteredDocument(sets: IpSets, config: ProxyConfig, blocked: readonly string[]): RestoreSection[] {
  return [
    { table: 'nat', units: [{ chains: natChains, rules: natRules(sets, config) }] },
    { table: 'filter', units: [{ chains: filterChains, rules: filterRules(sets, blocked) }] },
  ];
}

const leading = (sets: IpSets) => ({ set, from, to, match, protocol }: Lead) => `${commented(`${from}${protocol ? ` -p ${protocol}` : ''}`, sets[set], match)} -j ${to}`;
const led = (sets: IpSets, all: readonly Lead[]) => all.filter(({ set }) => used(sets[set])).map(leading(sets));

/** What is only local goes before what is masqueraded: up to v1.26 not for SCTP, whose senders were lost with it. */
const localFirst = (all: readonly Lead[]) => {
  const sctp = all.filter(({ protocol }) => protocol === 'sctp');
  return [...all.filter(({ protocol }) => protocol !== 'sctp'), ...sctp.reverse()];
};
const natLeads = localFirst(leads.filter(({ to, from }) => to !== 'KUBE-FIREWALL' && from !== 'KUBE-FIREWALL'));

function natRules(sets: IpSets, config: ProxyConfig): string[] {
  const loopback = config.family === 'IPv6' ? '::1/128' : '127.0.0.0/8';
  return [
    `-A KUBE-SERVICES -s ${loopback} -j RETURN`,
    ...led(sets, natLeads),
    ...clusterIP(sets['KUBE-CLUSTER-IP'], config),
    ...externalIP(sets['KUBE-EXTERNAL-IP'], true),
    ...externalIP(sets['KUBE-EXTERNAL-IP-LOCAL'], false),
    '-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODE-PORT',
    '-A KUBE-LOAD-BALANCER -j KUBE-MARK-MASQ',
    ...accepted(sets),
    ...postrouting(config),
  ];
}

function filterRules(sets: IpSets, blocked: readonly string[]): string[] {
  const returns = (['KUBE-LOAD-BALANCER', 'KUBE-CLUSTER-IP', 'KUBE-EXTERNAL-IP', 'KUBE-EXTERNAL-IP-LOCAL'] as const).map((set) => `-A KUBE-IPVS-FILTER -m set --match-set ${sets[set].name} dst,dst -j RETURN`);
  const health = sets['KUBE-HEALTH-CHECK-NODE-PORT'];
  return [
    ...led(sets, filterLeads),
    '-A KUBE-SOURCE-RANGES-FIREWALL -j DROP',
    ...blocked.map(outFilter),
    markedForward,
    '-A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    `${commented('KUBE-NODE-PORT', health, 'dst')} -j ACCEPT`,
    ...returns,
    `-A KUBE-IPVS-FILTER -m set --match-set ${health.name} dst -j RETURN`,
    `-A KUBE-IPVS-FILTER -m conntrack --ctstate NEW -m set --match-set ${sets['KUBE-IPVS-IPS'].name} dst -j REJECT`,
  ];
}

function outFilter(entry: string): string {
  const [ip, protocol, port] = entry.split(/,|:(?=\d+$)/);
  return `-A KUBE-IPVS-OUT-FILTER -s ${ip} -m ipvs --vaddr ${ip} --vproto ${protocol} --vport ${port} -j DROP`;
}
