// The few iptables rules of ipvs mode: they do not grow with the Services, only the sets do.
import type { RestoreSection } from '../iptables/document.ts';
import { markedForward, podForward, postrouting } from '../iptables/document.ts';
import type { ProxyConfig } from '../types.ts';
import { type IpSet, type IpSets, leads } from './sets.ts';

const chains = ['KUBE-SERVICES', 'KUBE-POSTROUTING', 'KUBE-FIREWALL', 'KUBE-NODE-PORT', 'KUBE-LOAD-BALANCER', 'KUBE-MARK-MASQ'];

export const ipvsChains: readonly { table: 'filter' | 'nat'; chain: string }[] = [...chains.map((chain) => ({ table: 'nat' as const, chain })), { table: 'filter', chain: 'KUBE-FORWARD' }];

export const commented = (chain: string, { name, comment }: IpSet, match: string) => `-A ${chain} -m comment --comment "${comment}" -m set --match-set ${name} ${match}`;

/** `existing` are the chains that are there already: up to v1.20 those that are not appear as KUBE-POSTROUTING, a harmless mistake. */
export function ipvsDocument(sets: IpSets, config: ProxyConfig, existing: ReadonlySet<string>): RestoreSection[] {
  return [
    { table: 'nat', units: [{ chains: chains.map((chain) => (existing.has(chain) ? chain : 'KUBE-POSTROUTING')), rules: natRules(sets, config) }] },
    { table: 'filter', units: [{ chains: ['KUBE-FORWARD'], rules: [markedForward, ...podForward] }] },
  ];
}

export const used = (set: IpSet) => set.used;

/** No other rule may come between a packet and its virtual service. */
export const accepted = (sets: IpSets) => [sets['KUBE-CLUSTER-IP'], sets['KUBE-LOAD-BALANCER']].filter(used).map(({ name }) => `-A KUBE-SERVICES -m set --match-set ${name} dst,dst -j ACCEPT`);

function natRules(sets: IpSets, config: ProxyConfig): string[] {
  return [
    ...leads.filter(({ set }) => used(sets[set])).map(({ set, from, to, match, protocol }) => commented(`${from}${protocol ? ` -p ${protocol}` : ''}`, sets[set], match) + ` -j ${to}`),
    ...clusterIP(sets['KUBE-CLUSTER-IP'], config),
    ...externalIP(sets['KUBE-EXTERNAL-IP'], true),
    ...externalIP(sets['KUBE-EXTERNAL-IP-LOCAL'], false),
    '-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODE-PORT',
    '-A KUBE-LOAD-BALANCER -j KUBE-MARK-MASQ',
    '-A KUBE-FIREWALL -j KUBE-MARK-DROP',
    ...accepted(sets),
    ...postrouting(config),
  ];
}

export function clusterIP(set: IpSet, { masqueradeAll, clusterCIDR }: ProxyConfig): string[] {
  if (!set.used) return [];
  if (masqueradeAll) return [`${commented('KUBE-SERVICES', set, 'dst,dst')} -j KUBE-MARK-MASQ`];
  if (clusterCIDR) return [`${commented('KUBE-SERVICES', set, 'dst,dst')} ! -s ${clusterCIDR} -j KUBE-MARK-MASQ`];
  // The node has all service addresses: it may have taken one for its sender.
  return [`${commented('KUBE-SERVICES', set, 'src,dst')} -j KUBE-MARK-MASQ`];
}

export function externalIP(set: IpSet, masquerade: boolean): string[] {
  if (!set.used) return [];
  const rule = commented('KUBE-SERVICES', set, 'dst,dst');
  return [
    ...(masquerade ? [`${rule} -j KUBE-MARK-MASQ`] : []),
    `${rule} -m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL -j ACCEPT`,
    `${rule} -m addrtype --dst-type LOCAL -j ACCEPT`,
  ];
}
