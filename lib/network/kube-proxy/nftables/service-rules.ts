// What kube-proxy writes in nftables mode for one port of one Service.
import { addressText, contains, parseRange } from '../addresses.ts';
import { categorize } from '../categorize.ts';
import type { ProxyConfig, ProxyEndpoint, ServicePort } from '../types.ts';
import { type EndpointNames, endpointNames, type PortChains, portChains } from './names.ts';
import { type Commands, commandsFor, type Element, type Words, wordsOf } from './transaction.ts';

/** The commands of one port, in their order, and what they make: chains and sets that go when nobody needs them any longer. */
export interface NftServiceRules {
  chains: readonly string[];
  affinitySets: readonly string[];
  elements: readonly Element[];
  /** After the chains and elements. */
  rules: readonly string[];
}

interface Plan {
  port: ServicePort;
  chains: PortChains;
  cluster: readonly ProxyEndpoint[];
  local: readonly ProxyEndpoint[];
  reachable: readonly ProxyEndpoint[];
  names: ReadonlyMap<ProxyEndpoint, EndpointNames>;
  any: boolean;
  internal: boolean;
  outside: boolean;
  external: boolean;
  firewall: boolean;
  config: ProxyConfig;
  words: Words;
  commands: Commands;
}

export function nftServiceRules(port: ServicePort, endpoints: readonly ProxyEndpoint[], config: ProxyConfig): NftServiceRules {
  const categories = categorize(port, endpoints, config);
  const { cluster, local, reachable, any } = categories;
  const words = wordsOf(config.family);
  const accessible = port.nodePort !== 0 || port.externalIPs.length > 0 || port.loadBalancerIPs.length > 0;
  const plan: Plan = {
    ...categories,
    port,
    chains: portChains(port),
    names: new Map(reachable.map((endpoint) => [endpoint, endpointNames(port, endpoint)])),
    internal: any && !(port.internalLocal && local.length === 0),
    outside: any && !(port.externalLocal && local.length === 0),
    external: any && accessible,
    firewall: port.loadBalancerIPs.length > 0 && port.sourceRanges.length > 0,
    config,
    words,
    commands: commandsFor(words),
  };
  const { chains } = plan;
  const names = [...plan.names.values()];
  const used = [[cluster.length > 0, chains.cluster], [local.length > 0, chains.local], [plan.external, chains.external], [plan.firewall, chains.firewall]] as const;
  return {
    chains: [...names.map(({ chain }) => chain), ...used.flatMap(([is, chain]) => (is ? [chain] : []))],
    affinitySets: port.affinity === undefined ? [] : names.map(({ affinity }) => affinity),
    elements: elementsOf(plan),
    rules: [...internalRules(plan), ...externalRules(plan), ...firewallRules(plan), ...affinitySets(plan), ...spread(plan, chains.cluster, cluster), ...spread(plan, chains.local, local), ...reachable.flatMap((endpoint) => endpointRules(plan, endpoint))],
  };
}

function elementsOf({ port, chains, any, internal, outside, firewall }: Plan): Element[] {
  const protocol = port.protocol.toLowerCase();
  const at = (ip: string) => `${ip} . ${protocol} . ${port.port}`;
  const closed = any ? 'drop' : 'goto reject-chain';
  const refuse = (set: string, key: string): Element => ({ set, key, verdict: closed, comment: port.name });
  const toService = (key: string): Element => ({ set: 'service-ips', key, verdict: `goto ${chains.external}` });
  const ways = (ip: string) => [...(any ? [toService(at(ip))] : []), ...(outside ? [] : [refuse('no-endpoint-services', at(ip))])];
  const nodePort = `${protocol} . ${port.nodePort}`;
  return [
    { set: 'cluster-ips', key: port.clusterIP },
    internal ? { set: 'service-ips', key: at(port.clusterIP), verdict: `goto ${port.internalLocal ? chains.local : chains.cluster}` } : refuse('no-endpoint-services', at(port.clusterIP)),
    ...port.externalIPs.flatMap(ways),
    ...port.loadBalancerIPs.flatMap((ip) => [...ways(ip), ...(firewall ? [{ set: 'firewall-ips', key: at(ip), verdict: `goto ${chains.firewall}` }] : [])]),
    // Node ports are not subject to loadBalancerSourceRanges.
    ...(port.nodePort && any ? [{ set: 'service-nodeports', key: nodePort, verdict: `goto ${chains.external}` }] : []),
    ...(port.nodePort && !outside ? [refuse('no-endpoint-nodeports', nodePort)] : []),
  ];
}

/** Whoever is no pod may come from anywhere: the answer has to come back this way. */
function internalRules({ port, chains, internal, config: { masqueradeAll, clusterCIDR }, words, commands: { rule } }: Plan): string[] {
  if (!internal || !(masqueradeAll || clusterCIDR)) return [];
  const from = masqueradeAll ? '' : `${words.ip} saddr != ${clusterCIDR} `;
  return [rule(port.internalLocal ? chains.local : chains.cluster, `${words.ip} daddr ${port.clusterIP} ${port.protocol.toLowerCase()} dport ${port.port} ${from}jump mark-for-masquerade`)];
}

function externalRules({ port, chains, external, outside, config: { clusterCIDR }, words, commands: { rule } }: Plan): string[] {
  if (!external) return [];
  const rest = outside ? [rule(chains.external, `goto ${port.externalLocal ? chains.local : chains.cluster}`)] : [];
  if (!port.externalLocal) return [rule(chains.external, 'jump mark-for-masquerade'), ...rest];
  return [
    // As if the packet had gone out to the balancer and come back.
    ...(clusterCIDR ? [rule(chains.external, `${words.ip} saddr ${clusterCIDR} goto ${chains.cluster}`, 'short-circuit pod traffic')] : []),
    rule(chains.external, 'fib saddr type local jump mark-for-masquerade', 'masquerade local traffic'),
    rule(chains.external, `fib saddr type local goto ${chains.cluster}`, 'short-circuit local traffic'),
    ...rest,
  ];
}

function firewallRules({ port, chains, firewall, config: { nodeIP }, words, commands: { rule } }: Plan): string[] {
  if (!firewall) return [];
  const ranges = port.sourceRanges.flatMap((text) => parseRange(text) ?? []);
  const sources = ranges.map(({ base, bits, family }) => `${addressText(base, family)}/${bits}`);
  // A request from the node itself may come back from the balancer's address.
  if (ranges.some((range) => contains(range, nodeIP))) sources.push(...port.loadBalancerIPs);
  return [rule(chains.firewall, `${words.ip} saddr != { ${sources.join(' , ')} } drop`)];
}

function affinitySets({ port, names, words, commands: { set } }: Plan): string[] {
  if (port.affinity === undefined) return [];
  return [...names.values()].map(({ affinity }) => set('set', affinity, `type ${words.address} ; flags dynamic,timeout ; timeout ${port.affinity}s`));
}

/** Clients that an endpoint knows go back to it; all others draw. */
function spread({ port, names: all, words, commands: { rule } }: Plan, chain: string, endpoints: readonly ProxyEndpoint[]): string[] {
  if (endpoints.length === 0) return [];
  const names = endpoints.map((endpoint) => all.get(endpoint)!);
  const ways = names.map((name, i) => `${i} : goto ${name.chain}`).join(' , ');
  return [...(port.affinity === undefined ? [] : names.map(({ chain: to, affinity }) => rule(chain, `${words.ip} saddr @${affinity} goto ${to}`))), rule(chain, `numgen random mod ${endpoints.length} vmap { ${ways} }`)];
}

function endpointRules({ port, names, words, commands: { rule } }: Plan, endpoint: ProxyEndpoint): string[] {
  const { chain, affinity } = names.get(endpoint)!;
  return [
    // A pod that reaches itself through the Service has to see another sender.
    rule(chain, `${words.ip} saddr ${endpoint.ip} jump mark-for-masquerade`),
    ...(port.affinity === undefined ? [] : [rule(chain, `update @${affinity} { ${words.ip} saddr }`)]),
    rule(chain, `meta l4proto ${port.protocol.toLowerCase()} dnat to ${endpoint.address}`),
  ];
}
