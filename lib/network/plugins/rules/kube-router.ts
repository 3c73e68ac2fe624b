// kube-router's network policies: a chain for each policy, and one for each pod of the node that runs through those about it
// (pkg/controllers/netpol); packets that leave the cluster get the node's address (pkg/controllers/routing).
// Differs from Kubernetes: names of chains do not change with every sync; each ipBlock has a set of its own, and a named port of an
// egress rule means every pod that has one; a policy of both directions has two chains, since in one its rules about what pods send
// would let in what another pod of the policy sends.
import { base32, sha256 } from '../../../api/index.ts';
import type { IpSet } from '../../kube-proxy/index.ts';
import type { Family } from '../../kube-proxy/types.ts';
import type { NetworkPolicy } from '../../policy/types.ts';
import { policyTypes, type PolicyWorld, type WorldPod } from '../../policy/world.ts';
import { selects } from './calico.ts';
import { addPolicyRules, nameOf, setIn } from './kube-router-policies.ts';
import { type Plan, type PlanInput, type PlannedChain, type PlannedRule, type Planner, setOf } from './plan.ts';

const hash = (text: string) => base32(sha256(text)).slice(0, 16);
const commented = (text: string) => `-m comment --comment "${text}"`;
const tops = { INPUT: 'KUBE-ROUTER-INPUT', FORWARD: 'KUBE-ROUTER-FORWARD', OUTPUT: 'KUBE-ROUTER-OUTPUT' } as const;

/** A comment that ends in a hash of the rule, by which kube-router finds it again. */
function withHash(chain: string, words: readonly string[]): string {
  const at = words.indexOf('--comment') + 1;
  const said = `"${words[at]} - ${hash(chain + words.join(''))}"`;
  return words.with(at, said).join(' ');
}

const egress = (pods: string, nodes: string) => `-m set --match-set ${pods} src -m set ! --match-set ${pods} dst -m set ! --match-set ${nodes} dst -j MASQUERADE`;

export function kubeRouterPlanner(): Planner {
  let before = new Map<string, PlannedChain>();
  return (input) => {
    const { pods, world } = input;
    const subnets = [...pods.hosts.keys()].flatMap((name) => pods.addresses.ranges(name));
    const [ofPods, ofNodes] = [setIn(pods.family, 'kube-router-pod-subnets'), setIn(pods.family, 'kube-router-node-ips')];
    const sets = new Map([setOf(ofPods, 'hash:net', subnets), setOf(ofNodes, 'hash:ip', [...pods.hosts.values()].map(({ ip }) => ip))].map((set) => [set.name, set]));
    const nat: PlannedRule = { table: 'nat', chain: 'POSTROUTING', rule: egress(ofPods, ofNodes), place: 'last' };
    if (!world) return { rules: [nat], chains: [], sets: [...sets.values()] };
    const chains = filterChains(input, world, sets);
    const same = (chain: PlannedChain) => {
      const old = before.get(chain.name);
      return old?.lines.join('\n') === chain.lines.join('\n') ? old : chain;
    };
    const now = chains.map(same);
    before = new Map(now.map((chain) => [chain.name, chain]));
    const jumps = Object.entries(tops).map(([chain, top]): PlannedRule => ({ table: 'filter', chain, rule: withHash(chain, ['-m', 'comment', '--comment', 'kube-router netpol', '-j', top]), place: 'first' }));
    const accepted = Object.keys(tops).map((chain): PlannedRule => ({ table: 'filter', chain, rule: `${commented('rule to explicitly ACCEPT traffic that comply to network policies')} -m mark --mark 0x20000/0x20000 -j ACCEPT`, place: 'last' }));
    return { rules: [nat, ...jumps, ...accepted], chains: now, sets: [...sets.values()] } satisfies Plan;
  };
}

function filterChains({ node, serviceCIDR, pods }: PlanInput, world: PolicyWorld, sets: Map<string, IpSet>): PlannedChain[] {
  const here = new Set([...pods.podsOn(node)].map(({ ip }) => ip));
  const local = world.pods.filter((pod) => pod.node === node && here.has(pod.ip));
  const chain = (name: string, rules: readonly string[]): PlannedChain => ({ table: 'filter', name, lines: rules.map((rule) => `-A ${name} ${rule}`) });
  const jumps = { 'KUBE-ROUTER-INPUT': inputRules(serviceCIDR), 'KUBE-ROUTER-FORWARD': [] as string[], 'KUBE-ROUTER-OUTPUT': [] as string[] };
  for (const pod of local) addJumps(jumps, pod);
  const policies = world.policies.flatMap((policy) => policyTypes(policy).map((direction) => chain(policyChainOf(policy, direction, pods.family), policyRules(policy, direction, { world, sets, family: pods.family }))));
  return [...Object.entries(jumps).map(([name, rules]) => chain(name, rules)), chain('KUBE-NWPLCY-DEFAULT', defaults(pods.family)), ...policies, ...local.map((pod) => chain(podChain(pod), podRules(pod, world.policies, pods.family)))];
}

/** What comes to the node itself for a Service is for nobody here yet. */
function inputRules(serviceCIDR: string): string[] {
  const nodePorts = (protocol: string) => withHash('KUBE-ROUTER-INPUT', ['-p', protocol, '-m', 'comment', '--comment', `allow LOCAL ${protocol.toUpperCase()} traffic to node ports`, '-m', 'addrtype', '--dst-type', 'LOCAL', '-m', 'multiport', '--dports', '30000:32767', '-j', 'RETURN']);
  return [withHash('KUBE-ROUTER-INPUT', ['-m', 'comment', '--comment', 'allow traffic to primary/secondary cluster IP range', '-d', serviceCIDR, '-j', 'RETURN']), nodePorts('tcp'), nodePorts('udp')];
}

const podChain = ({ namespace, name }: WorldPod) => `KUBE-POD-FW-${hash(namespace + name)}`;
const policyChainOf = (policy: NetworkPolicy, direction: 'ingress' | 'egress', family: Family) => `KUBE-NWPLCY-${hash(nameOf(policy, family) + (policyTypes(policy).length === 2 ? direction : ''))}`;

function addJumps(chains: Record<'KUBE-ROUTER-INPUT' | 'KUBE-ROUTER-FORWARD' | 'KUBE-ROUTER-OUTPUT', string[]>, pod: WorldPod): void {
  const to = podChain(pod);
  const text = (side: string) => commented(`rule to jump traffic ${side} POD name:${pod.name} namespace: ${pod.namespace} to chain ${to}`);
  chains['KUBE-ROUTER-FORWARD'].push(`-d ${pod.ip} ${text('destined to')} -j ${to}`);
  chains['KUBE-ROUTER-OUTPUT'].push(`-d ${pod.ip} ${text('destined to')} -j ${to}`);
  chains['KUBE-ROUTER-FORWARD'].push(`-d ${pod.ip} -m physdev --physdev-is-bridged ${text('destined to')} -j ${to}`);
  for (const top of Object.values(tops)) chains[top].push(`-s ${pod.ip} ${text('from')} -j ${to}`);
  chains['KUBE-ROUTER-FORWARD'].push(`-s ${pod.ip} -m physdev --physdev-is-bridged ${text('from')} -j ${to}`);
}

function podRules(pod: WorldPod, policies: readonly NetworkPolicy[], family: Family): string[] {
  const mine = policies.filter((policy) => selects(policy, pod));
  const through = mine.flatMap((policy) => policyTypes(policy).map((direction) => `${direction === 'ingress' ? '-d' : '-s'} ${pod.ip} ${commented(`run through nw policy ${policy.metadata.name}`)} -j ${policyChainOf(policy, direction, family)}`));
  const unasked = (direction: 'ingress' | 'egress') => (mine.some((policy) => policyTypes(policy).includes(direction)) ? [] : [`${direction === 'ingress' ? '-d' : '-s'} ${pod.ip} ${commented(`run through default ${direction} network policy chain`)} -j KUBE-NWPLCY-DEFAULT`]);
  const name = `POD name:${pod.name} namespace: ${pod.namespace}`;
  return [
    `${commented('rule for stateful firewall for pod')} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
    `${commented('rule to drop invalid state for pod')} -m conntrack --ctstate INVALID -j DROP`,
    `-d ${pod.ip} ${commented("rule to permit the traffic traffic to pods when source is the pod's local node")} -m addrtype --src-type LOCAL -j ACCEPT`,
    ...unasked('egress'),
    ...unasked('ingress'),
    ...through.toReversed(),
    `${commented(`rule to log dropped traffic ${name}`)} -m mark ! --mark 0x10000/0x10000 -m limit --limit 10/min --limit-burst 10 -j NFLOG --nflog-group 100`,
    `${commented(`rule to REJECT traffic destined for ${name}`)} -m mark ! --mark 0x10000/0x10000 -j REJECT`,
    '-j MARK --set-mark 0/0x10000',
    `${commented('set mark to ACCEPT traffic that comply to network policies')} -j MARK --set-mark 0x20000/0x20000`,
  ];
}

const icmp = (comment: string, type: string) => `-p icmp ${commented(comment)} -m icmp --icmp-type ${type} -j ACCEPT`;
const icmp6 = (comment: string, type: string) => `-p ipv6-icmp ${commented(comment)} -m icmp6 --icmpv6-type ${type} -j ACCEPT`;
const messages: Readonly<Record<string, string>> = { 'allow icmp echo requests': 'echo-request', 'allow icmp destination unreachable messages': 'destination-unreachable', 'allow icmp time exceeded messages': 'time-exceeded' };
/** Neighbours find each other by these in IPv6. */
const discovery: Readonly<Record<string, string>> = { 'allow icmp neighbor solicitation messages': 'neighbor-solicitation', 'allow icmp neighbor advertisement messages': 'neighbor-advertisement', 'allow icmp echo reply messages': 'echo-reply' };
const defaults = (family: Family) => [
  ...Object.entries(family === 'IPv6' ? { ...messages, ...discovery } : messages).map(([comment, type]) => (family === 'IPv6' ? icmp6 : icmp)(comment, type)),
  `${commented('rule to mark traffic matching a network policy')} -j MARK --set-xmark 0x10000/0x10000`,
];

function policyRules(policy: NetworkPolicy, direction: 'ingress' | 'egress', around: { world: PolicyWorld; sets: Map<string, IpSet>; family: Family }): string[] {
  const targets = around.world.pods.filter((pod) => pod.node !== '' && selects(policy, pod)).map(({ ip }) => ip);
  return addPolicyRules(policy, direction, { ...around, targets });
}
