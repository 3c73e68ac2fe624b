// What is there whatever Services there are: base chains, the chains that they lead to, and the maps that those ask.
import type { Version } from '../../../api/index.ts';
import { contains, parseRange } from '../addresses.ts';
import type { ProxyConfig } from '../types.ts';
import { commandsFor, type Words, wordsOf } from './transaction.ts';

const masqueradeMark = '0x004000';

interface Base {
  /** Whatever comes: with which type, at which hook, how early. */
  chains: readonly (readonly [name: string, inside: string])[];
  /** Chains that look at packets before their destination is translated. */
  firewall: readonly [prerouting: string, output: string];
  /** Where packets from the node itself are told that a cluster IP has no such port. */
  clusterIPs: string;
}

const natChains = [
  ['nat-prerouting', 'type nat hook prerouting priority -100'],
  ['nat-output', 'type nat hook output priority -100'],
  ['nat-postrouting', 'type nat hook postrouting priority 100'],
] as const;

/** The translation is at -100. Since v1.33 only the firewall comes before it. */
const since33: Base = {
  chains: [
    ['filter-prerouting-pre-dnat', 'type filter hook prerouting priority -110'],
    ['filter-output-pre-dnat', 'type filter hook output priority -110'],
    ['filter-input', 'type filter hook input priority 0'],
    ['filter-forward', 'type filter hook forward priority 0'],
    ['filter-output', 'type filter hook output priority 0'],
    ...natChains,
  ],
  firewall: ['filter-prerouting-pre-dnat', 'filter-output-pre-dnat'],
  clusterIPs: 'filter-output',
};

const before33: Base = {
  chains: [
    ['filter-prerouting', 'type filter hook prerouting priority -110'],
    ['filter-input', 'type filter hook input priority -110'],
    ['filter-forward', 'type filter hook forward priority -110'],
    ['filter-output', 'type filter hook output priority -110'],
    ['filter-output-post-dnat', 'type filter hook output priority -90'],
    ...natChains,
  ],
  firewall: ['filter-prerouting', 'filter-output'],
  clusterIPs: 'filter-output-post-dnat',
};

const isNew = 'ct state new ';
/** To, from, of which packets. */
const jumpsOf = ({ firewall, clusterIPs }: Base) =>
  [
    ['nodeport-endpoints-check', 'filter-input', isNew],
    ['service-endpoints-check', 'filter-input', isNew],
    ['service-endpoints-check', 'filter-forward', isNew],
    ['service-endpoints-check', 'filter-output', isNew],
    ['firewall-check', firewall[0], isNew],
    ['firewall-check', firewall[1], isNew],
    ['services', 'nat-output', ''],
    ['services', 'nat-prerouting', ''],
    ['masquerading', 'nat-postrouting', ''],
    ['cluster-ips-check', 'filter-forward', isNew],
    ['cluster-ips-check', clusterIPs, isNew],
  ] as const;

/** Sets and maps that say which Services there are: they are filled element by element. */
const filled = [
  ['set', 'cluster-ips'],
  ['map', 'service-ips'],
  ['map', 'firewall-ips'],
  ['map', 'no-endpoint-services'],
  ['map', 'no-endpoint-nodeports'],
  ['map', 'service-nodeports'],
] as const;

/** `anew`: the first time, base chains that somebody left with other priorities are made again. */
export function setupLines(version: Version, config: ProxyConfig, { anew }: { anew: boolean }): string[] {
  const base = version.has('proxy-nft-filter-priority') ? since33 : before33;
  const words = wordsOf(config.family);
  const { fresh, chain, remove, rule, flush } = commandsFor(words);
  const made = new Set<string>();
  const ensure = (name: string) => {
    if (made.has(name)) return [];
    made.add(name);
    return fresh(name);
  };
  return [
    `add table ${words.table} { comment "rules for kube-proxy" ; }`,
    ...(anew ? base.chains.flatMap(([name]) => [chain(name), remove('chain', name)]) : []),
    ...base.chains.flatMap(([name, inside]) => fresh(name, inside)),
    ...jumpsOf(base).flatMap(([to, from, when]) => [...ensure(to), rule(from, `${when}jump ${to}`)]),
    ...['services', 'cluster-ips-check', 'masquerading', 'mark-for-masquerade'].flatMap(ensure),
    ...masquerading(words),
    ...clusterIPsCheck(words, config),
    ...nodePortIPs(words, config),
    ...endpointsCheck(words, config),
    ...dispatch(words, config),
    ...filled.map(([kind, name]) => flush(kind, name)),
  ];
}

function masquerading(words: Words): string[] {
  const { rule } = commandsFor(words);
  return [
    rule('mark-for-masquerade', `mark set mark or ${masqueradeMark}`),
    rule('masquerading', `mark and ${masqueradeMark} == 0 return`),
    rule('masquerading', `mark set mark xor ${masqueradeMark}`),
    rule('masquerading', 'masquerade fully-random'),
  ];
}

function clusterIPsCheck(words: Words, { serviceCIDR }: ProxyConfig): string[] {
  const { set, rule } = commandsFor(words);
  return [
    set('set', 'cluster-ips', `type ${words.address} ; comment "Active ClusterIPs"`),
    rule('cluster-ips-check', `${words.ip} daddr @cluster-ips reject`, 'Reject traffic to invalid ports of ClusterIPs'),
    ...(serviceCIDR ? [rule('cluster-ips-check', `${words.ip} daddr { ${serviceCIDR} } drop`, 'Drop traffic to unallocated ClusterIPs')] : []),
  ];
}

const everywhere = ({ nodePortAddresses = [] }: ProxyConfig) => nodePortAddresses.some((range) => range.endsWith('/0'));

/** Unlike iptables mode, node ports are served on the node's primary address only, unless somebody says otherwise. */
function nodePortIPs(words: Words, config: ProxyConfig): string[] {
  const { nodePortAddresses = [], localAddresses = [], nodeIP } = config;
  const { set, remove, flush, element } = commandsFor(words);
  const made = set('set', 'nodeport-ips', `type ${words.address} ; comment "IPs that accept NodePort traffic"`);
  if (everywhere(config)) return [made, remove('set', 'nodeport-ips')];
  const served = nodePortAddresses.length === 0 ? [nodeIP] : localAddresses.filter((ip) => nodePortAddresses.some((text) => contains(parseRange(text)!, ip)));
  return [made, flush('set', 'nodeport-ips'), ...served.map((key) => element({ set: 'nodeport-ips', key }))];
}

function endpointsCheck(words: Words, config: ProxyConfig): string[] {
  const { set, fresh, rule } = commandsFor(words);
  const local = everywhere(config) ? words.notLocalhost : `${words.ip} daddr @nodeport-ips`;
  return [
    set('map', 'no-endpoint-services', `type ${words.address} . inet_proto . inet_service : verdict ; comment "vmap to drop or reject packets to services with no endpoints"`),
    set('map', 'no-endpoint-nodeports', 'type inet_proto . inet_service : verdict ; comment "vmap to drop or reject packets to service nodeports with no endpoints"'),
    ...fresh('reject-chain', 'comment "helper for @no-endpoint-services / @no-endpoint-nodeports"'),
    rule('reject-chain', 'reject'),
    rule('service-endpoints-check', `${words.ip} daddr . meta l4proto . th dport vmap @no-endpoint-services`),
    rule('nodeport-endpoints-check', `${local} meta l4proto . th dport vmap @no-endpoint-nodeports`),
  ];
}

function dispatch(words: Words, config: ProxyConfig): string[] {
  const { set, rule } = commandsFor(words);
  const byAddress = `${words.ip} daddr . meta l4proto . th dport vmap`;
  const local = everywhere(config) ? `fib daddr type local ${words.notLocalhost}` : `${words.ip} daddr @nodeport-ips`;
  return [
    set('map', 'firewall-ips', `type ${words.address} . inet_proto . inet_service : verdict ; comment "destinations that are subject to LoadBalancerSourceRanges"`),
    rule('firewall-check', `${byAddress} @firewall-ips`),
    set('map', 'service-ips', `type ${words.address} . inet_proto . inet_service : verdict ; comment "ClusterIP, ExternalIP and LoadBalancer IP traffic"`),
    set('map', 'service-nodeports', 'type inet_proto . inet_service : verdict ; comment "NodePort traffic"'),
    rule('services', `${byAddress} @service-ips`),
    rule('services', `${local} meta l4proto . th dport vmap @service-nodeports`),
  ];
}
