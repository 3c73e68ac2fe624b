// The rules of one Service port since v1.24: outside traffic takes KUBE-EXT, traffic that stays on the node KUBE-SVL.
import { endpointChain, serviceChains } from '../../chain-names.ts';
import { contains, parseRange } from '../addresses.ts';
import { categorize } from '../categorize.ts';
import type { ProxyConfig, ProxyEndpoint, ServicePort } from '../types.ts';
import { comment, type GeneratorOptions, hashOf, loopback, optionalComment, protocolOf, type RuleGenerator, share, stickTo, to } from './rules.ts';

interface Plan {
  port: ServicePort;
  service: string;
  local: string;
  external: string;
  firewall: string | undefined;
  /** The chains of the endpoints. */
  seps: ReadonlyMap<ProxyEndpoint, string>;
  any: boolean;
  internal: boolean;
  outside: boolean;
  options: GeneratorOptions;
}

export const extRules: RuleGenerator = (port, endpoints, options) => {
  const names = serviceChains(hashOf(port));
  const { cluster, local, reachable, any } = categorize(port, endpoints, options.config);
  const accessible = port.nodePort !== 0 || port.externalIPs.length > 0 || port.loadBalancerIPs.length > 0;
  const plan: Plan = {
    port,
    service: names.service,
    local: names.local,
    external: names.external,
    firewall: any && port.loadBalancerIPs.length > 0 && port.sourceRanges.length > 0 ? names.firewall : undefined,
    seps: new Map(reachable.map((endpoint) => [endpoint, sepOf(port, endpoint)])),
    any,
    internal: any && !(port.internalLocal && local.length === 0),
    outside: any && !(port.externalLocal && local.length === 0),
    options,
  };
  const [viaCluster, viaLocal] = [cluster.length > 0, local.length > 0];
  return {
    filter: { chains: [], rules: filterRules(plan) },
    nat: {
      chains: [...(any && accessible ? [plan.external] : []), ...(plan.firewall ? [plan.firewall] : []), ...(viaCluster ? [plan.service] : []), ...(viaLocal ? [plan.local] : []), ...plan.seps.values()],
      rules: [
        ...captures(plan),
        ...masquerade(plan),
        ...(any && accessible ? externalChain(plan) : []),
        ...firewallChain(plan),
        ...(viaCluster ? spread(plan, plan.service, cluster) : []),
        ...(viaLocal ? spread(plan, plan.local, local) : []),
        ...reachable.flatMap((endpoint) => endpointRules(plan, endpoint)),
      ],
    },
  };
};

const sepOf = (port: ServicePort, { address }: ProxyEndpoint) => endpointChain({ port: port.name, protocol: protocolOf(port) }, address);

function filterRules({ port, any, internal, outside, firewall }: Plan): string[] {
  const why = comment(any ? `${port.name} has no local endpoints` : `${port.name} has no endpoints`);
  const end = any ? 'DROP' : 'REJECT';
  const protocol = protocolOf(port);
  const rules = internal ? [] : [`-A KUBE-SERVICES ${why} ${to(port, port.clusterIP)} -j ${end}`];
  const closed = (ip: string) => `-A KUBE-EXTERNAL-SERVICES ${why} ${to(port, ip)} -j ${end}`;
  if (!outside) rules.push(...port.externalIPs.map(closed));
  if (firewall) rules.push(...port.loadBalancerIPs.map((ip) => `-A KUBE-PROXY-FIREWALL ${comment(`${port.name} traffic not accepted by ${firewall}`)} ${to(port, ip)} -j DROP`));
  if (!outside) rules.push(...port.loadBalancerIPs.map(closed));
  if (!outside && port.nodePort) rules.push(`-A KUBE-EXTERNAL-SERVICES ${why} -m addrtype --dst-type LOCAL -m ${protocol} -p ${protocol} --dport ${port.nodePort} -j ${end}`);
  if (port.healthCheckNodePort) rules.push(`-A KUBE-NODEPORTS ${comment(`${port.name} health check node port`)} -m tcp -p tcp --dport ${port.healthCheckNodePort} -j ACCEPT`);
  return rules;
}

/** From the addresses of the Service into its chains. */
function captures({ port, service, local, external, firewall, any, internal, options: { config } }: Plan): string[] {
  const rules = internal ? [`-A KUBE-SERVICES ${comment(`${port.name} cluster IP`)} ${to(port, port.clusterIP)} -j ${port.internalLocal ? local : service}`] : [];
  if (!any) return rules;
  for (const ip of port.externalIPs) rules.push(`-A KUBE-SERVICES ${comment(`${port.name} external IP`)} ${to(port, ip)} -j ${external}`);
  for (const ip of port.loadBalancerIPs) rules.push(`-A KUBE-SERVICES ${comment(`${port.name} loadbalancer IP`)} ${to(port, ip)} -j ${firewall ?? external}`);
  if (port.nodePort) rules.push(...nodePort(port, external, config));
  return rules;
}

function nodePort(port: ServicePort, external: string, config: ProxyConfig): string[] {
  const protocol = protocolOf(port);
  const [start, end] = [`-A KUBE-NODEPORTS -m comment --comment ${port.name} -m ${protocol} -p ${protocol}`, `--dport ${port.nodePort}`];
  const counted = config.nfacct && config.family !== 'IPv6';
  return [...(counted ? [`${start} -d ${loopback(config)} ${end} -m nfacct --nfacct-name localhost_nps_accepted_pkts -j ${external}`] : []), `${start} ${end} -j ${external}`];
}

function masquerade({ port, service, local, internal, options: { config } }: Plan): string[] {
  if (!internal || !(config.masqueradeAll || config.clusterCIDR)) return [];
  const from = config.masqueradeAll ? '' : `! -s ${config.clusterCIDR} `;
  return [`-A ${port.internalLocal ? local : service} ${comment(`${port.name} cluster IP`)} ${to(port, port.clusterIP)} ${from}-j KUBE-MARK-MASQ`];
}

function externalChain({ port, service, local, external, outside, options: { config } }: Plan): string[] {
  const target = port.externalLocal ? local : service;
  const rest = outside ? [`-A ${external} -j ${target}`] : [];
  if (!port.externalLocal) return [`-A ${external} ${comment(`masquerade traffic for ${port.name} external destinations`)} -j KUBE-MARK-MASQ`, ...rest];
  return [
    // As if the packet had gone out to the balancer and come back.
    ...(config.clusterCIDR ? [`-A ${external} ${comment(`pod traffic for ${port.name} external destinations`)} -s ${config.clusterCIDR} -j ${service}`] : []),
    `-A ${external} ${comment(`masquerade LOCAL traffic for ${port.name} external destinations`)} -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ`,
    `-A ${external} ${comment(`route LOCAL traffic for ${port.name} external destinations`)} -m addrtype --src-type LOCAL -j ${service}`,
    ...rest,
  ];
}

function firewallChain({ port, external, firewall, options: { config } }: Plan): string[] {
  if (!firewall) return [];
  const chain = `-A ${firewall} ${comment(`${port.name} loadbalancer IP`)}`;
  const fromNode = port.sourceRanges.some((text) => {
    const range = parseRange(text);
    return range && contains(range, config.nodeIP);
  });
  return [
    ...port.sourceRanges.map((range) => `${chain} -s ${range} -j ${external}`),
    ...(fromNode ? port.loadBalancerIPs.map((ip) => `${chain} -s ${ip} -j ${external}`) : []),
    `-A ${firewall} ${comment(`other traffic to ${port.name} will be dropped by KUBE-PROXY-FIREWALL`)}`,
  ];
}

function spread({ port, seps: chains, options: { terse } }: Plan, chain: string, endpoints: readonly ProxyEndpoint[]): string[] {
  const { affinity } = port;
  const seps = endpoints.map((endpoint) => chains.get(endpoint)!);
  const why = endpoints.map(({ address }) => optionalComment(`"${port.name} -> ${address}"`, terse));
  return [
    ...(affinity === undefined ? [] : seps.map((sep, i) => `-A ${chain} ${why[i]}${stickTo(sep, affinity)}`)),
    ...seps.map((sep, i) => `-A ${chain} ${why[i]}${share(seps.length - i)}-j ${sep}`),
  ];
}

function endpointRules({ port, seps, options: { terse } }: Plan, endpoint: ProxyEndpoint): string[] {
  const [sep, protocol, name] = [seps.get(endpoint)!, protocolOf(port), optionalComment(port.name, terse)];
  return [
    // A pod that reaches itself through the Service has to see another sender.
    `-A ${sep} ${name}-s ${endpoint.ip} -j KUBE-MARK-MASQ`,
    `-A ${sep} ${name}${port.affinity === undefined ? '' : `-m recent --name ${sep} --set `}-m ${protocol} -p ${protocol} -j DNAT --to-destination ${endpoint.address}`,
  ];
}
