// The rules of one Service port as releases before v1.24 write them: outside traffic of externalTrafficPolicy Local takes KUBE-XLB.
import { endpointChain, serviceChains } from '../../chain-names.ts';
import { contains, parseRange, single } from '../addresses.ts';
import type { ProxyConfig, ProxyEndpoint, ServicePort } from '../types.ts';
import { comment, type GeneratorOptions, hashOf, isLocal, loopback, optionalComment, protocolOf, type RuleGenerator, share, stickTo, to } from './rules.ts';

interface Names {
  service: string;
  local: string;
  firewall: string;
}

const namesOf = (port: ServicePort): Names => {
  const { service, balancer: local, firewall } = serviceChains(hashOf(port));
  return { service, local, firewall };
};

export const xlbRules: RuleGenerator = (port, endpoints, options) => {
  const names = namesOf(port);
  const protocol = protocolOf(port);
  const seps = endpoints.map(({ address }) => endpointChain({ port: port.name, protocol }, address));
  const any = endpoints.length > 0;
  const firewall = any && port.loadBalancerIPs.length > 0;
  // Those releases stop in the middle of a Service whose node port no address of the node serves.
  const stops = port.nodePort !== 0 && !servesNodePorts(options.config);
  const own = [...(any ? [names.service] : []), ...(port.externalLocal ? [names.local] : []), ...(firewall ? port.loadBalancerIPs.map(() => names.firewall) : [])];
  return {
    filter: { chains: [], rules: any ? [] : rejections(port, options.config) },
    nat: {
      chains: stops ? own : [...own, ...seps],
      rules: any ? [...captures(port, names, options), ...(stops ? [] : balancing(port, names, { endpoints, seps }, options))] : [],
    },
  };
};

/** What nobody answers is refused rather than left to time out. */
function rejections(port: ServicePort, config: ProxyConfig): string[] {
  const why = comment(`${port.name} has no endpoints`);
  const outside = [...port.externalIPs, ...port.loadBalancerIPs].map((ip) => `-A KUBE-EXTERNAL-SERVICES ${why} ${to(port, single(ip))} -j REJECT`);
  const protocol = protocolOf(port);
  return [
    `-A KUBE-SERVICES ${why} ${to(port, single(port.clusterIP))} -j REJECT`,
    ...outside,
    ...(port.nodePort && servesNodePorts(config) ? [`-A KUBE-EXTERNAL-SERVICES ${why} -m addrtype --dst-type LOCAL -m ${protocol} -p ${protocol} --dport ${port.nodePort} -j REJECT`] : []),
  ];
}

/** False when no address of the node is in the ranges for node ports. */
function servesNodePorts({ nodePortAddresses = [], localAddresses = [] }: ProxyConfig): boolean {
  return nodePortAddresses.length === 0 || nodePortAddresses.some((text) => text.endsWith('/0') || localAddresses.some((ip) => contains(parseRange(text)!, ip)));
}

/** From the addresses of the Service into its chains. */
function captures(port: ServicePort, names: Names, { config }: GeneratorOptions): string[] {
  const target = port.externalLocal ? names.local : names.service;
  const cluster = `-A KUBE-SERVICES ${comment(`${port.name} cluster IP`)} ${to(port, single(port.clusterIP))}`;
  const masquerade = config.masqueradeAll ? ' -j KUBE-MARK-MASQ' : config.clusterCIDR ? ` ! -s ${config.clusterCIDR} -j KUBE-MARK-MASQ` : undefined;
  const external = port.externalIPs.flatMap((ip) => {
    const rule = `-A KUBE-SERVICES ${comment(`${port.name} external IP`)} ${to(port, single(ip))}`;
    return [
      ...(port.externalLocal ? [] : [`${rule} -j KUBE-MARK-MASQ`]),
      `${rule} -m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL -j ${target}`,
      `${rule} -m addrtype --dst-type LOCAL -j ${target}`,
    ];
  });
  return [
    ...(masquerade ? [cluster + masquerade] : []),
    `${cluster} -j ${names.service}`,
    ...external,
    ...port.loadBalancerIPs.flatMap((ip) => loadBalancer(port, ip, { names, target, config })),
    ...(servesNodePorts(config) ? nodePort(port, target, config) : []),
  ];
}

function loadBalancer(port: ServicePort, ip: string, { names, target, config }: { names: Names; target: string; config: ProxyConfig }): string[] {
  const why = comment(`${port.name} loadbalancer IP`);
  const chain = `-A ${names.firewall} ${why}`;
  const allowed = port.sourceRanges.map((range) => `${chain} -s ${range} -j ${target}`);
  // A request from the node itself may come back from the balancer's address.
  const fromNode = port.sourceRanges.some((text) => {
    const range = parseRange(text);
    return range && contains(range, config.nodeIP);
  });
  return [
    `-A KUBE-SERVICES ${why} ${to(port, single(ip))} -j ${names.firewall}`,
    ...(port.externalLocal ? [] : [`${chain} -j KUBE-MARK-MASQ`]),
    ...(allowed.length > 0 ? allowed : [`${chain} -j ${target}`]),
    ...(fromNode ? [`${chain} -s ${single(ip)} -j ${target}`] : []),
    `${chain} -j KUBE-MARK-DROP`,
  ];
}

function nodePort(port: ServicePort, target: string, config: ProxyConfig): string[] {
  if (!port.nodePort) return [];
  const protocol = protocolOf(port);
  const rule = `-A KUBE-NODEPORTS -m comment --comment ${port.name} -m ${protocol} -p ${protocol} --dport ${port.nodePort}`;
  return [port.externalLocal ? `${rule} -s ${loopback(config)} -j KUBE-MARK-MASQ` : `${rule} -j KUBE-MARK-MASQ`, `${rule} -j ${target}`];
}

interface Targets {
  endpoints: readonly ProxyEndpoint[];
  /** Their chains, in the same order. */
  seps: readonly string[];
}

function balancing(port: ServicePort, names: Names, { endpoints, seps }: Targets, { config, terse }: GeneratorOptions): string[] {
  const protocol = protocolOf(port);
  const name = optionalComment(port.name, terse);
  const { affinity } = port;
  const sticky = affinity === undefined ? [] : seps.map((sep) => `-A ${names.service} ${name}${stickTo(sep, affinity)}`);
  const spread = endpoints.flatMap(({ ip, address }, i) => [
    `-A ${names.service} ${name}${share(endpoints.length - i)}-j ${seps[i]}`,
    // A pod that reaches itself through the Service has to see another sender.
    `-A ${seps[i]} ${name}-s ${single(ip)} -j KUBE-MARK-MASQ`,
    `-A ${seps[i]} ${name}${affinity === undefined ? '' : `-m recent --name ${seps[i]} --set `}-m ${protocol} -p ${protocol} -j DNAT --to-destination ${address}`,
  ]);
  const local = seps.filter((_, i) => isLocal(endpoints[i]!, config));
  return [...sticky, ...spread, ...(port.externalLocal ? localOnly(port, names, local, config) : [])];
}

function localOnly(port: ServicePort, { service, local }: Names, seps: readonly string[], { clusterCIDR }: ProxyConfig): string[] {
  const { affinity } = port;
  return [
    ...(clusterCIDR ? [`-A ${local} ${comment('Redirect pods trying to reach external loadbalancer VIP to clusterIP')} -s ${clusterCIDR} -j ${service}`] : []),
    `-A ${local} ${comment(`masquerade LOCAL traffic for ${port.name} LB IP`)} -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ`,
    `-A ${local} ${comment(`route LOCAL traffic for ${port.name} LB IP to service chain`)} -m addrtype --src-type LOCAL -j ${service}`,
    ...(seps.length === 0 ? [`-A ${local} ${comment(`${port.name} has no local endpoints`)} -j KUBE-MARK-DROP`] : []),
    ...(affinity === undefined ? [] : seps.map((sep) => `-A ${local} -m comment --comment ${port.name} ${stickTo(sep, affinity)}`)),
    ...seps.map((sep, i) => `-A ${local} ${comment(`Balancing rule ${i} for ${port.name}`)} ${share(seps.length - i)}-j ${sep}`),
  ];
}
