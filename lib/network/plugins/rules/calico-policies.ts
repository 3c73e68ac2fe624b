// NetworkPolicies as Calico's chains and sets (libcalico-go/lib/backend/k8s/conversion, felix/rules/policy.go).
import type { LabelSelector } from '../../../api/index.ts';
import type { IpSet } from '../../kube-proxy/index.ts';
import { peerMatcher } from '../../policy/decide.ts';
import type { NetworkPolicy, PolicyPeer, PolicyPort } from '../../policy/types.ts';
import { type PolicyWorld, rulesOf } from '../../policy/world.ts';
import { accept, type CalicoRule, clearMark, isSet, scratch, scratchOther, setMark, setName } from './calico-render.ts';
import type { Chains } from './calico-dispatch.ts';
import { policyChain } from './calico-endpoints.ts';
import { setOf } from './plan.ts';

export const calicoName = ({ metadata }: NetworkPolicy) => `${metadata.namespace}/knp.default.${metadata.name}`;

interface Around {
  world: PolicyWorld;
  namespace: string;
  direction: 'ingress' | 'egress';
  /** Where sets that a rule needs are put. */
  sets: Map<string, IpSet>;
  /** Of IPv6. */
  six: boolean;
}

export function addPolicy(chains: Chains, policy: NetworkPolicy, { direction, ...around }: Omit<Around, 'namespace'>): void {
  const name = calicoName(policy);
  const rules = rulesOf(policy, direction).flatMap(({ ports, peers }) => oneRule(ports, peers, { ...around, direction, namespace: policy.metadata.namespace! }));
  // What returns at the end of a chain does so anyway.
  while (rules.at(-1)?.action === '--jump RETURN') rules.pop();
  const [first = {}, ...rest] = rules;
  chains.set(policyChain(direction, name), [{ ...first, comments: [...(first.comments ?? []), `Policy ${name} ${direction}`] }, ...rest]);
}

/** One for each protocol and peer. */
function oneRule(ports: readonly PolicyPort[], peers: readonly PolicyPeer[], around: Around): CalicoRule[] {
  const byProtocol = new Map<string, PolicyPort[]>();
  for (const port of ports) byProtocol.set(port.protocol ?? 'TCP', [...(byProtocol.get(port.protocol ?? 'TCP') ?? []), port]);
  const protocols: [string | undefined, PolicyPort[]][] = ports.length === 0 ? [[undefined, []]] : [...byProtocol].sort(([a], [b]) => (a < b ? -1 : 1));
  // A protocol without a port is about all of its ports.
  return protocols.flatMap(([protocol, some]) => (peers.length === 0 ? [undefined] : peers).flatMap((peer) => allowing(protocol?.toLowerCase(), some.every(({ port }) => port !== undefined) ? some : [], { ...around, peer })));
}

function allowing(protocol: string | undefined, ports: readonly PolicyPort[], { peer, ...around }: Around & { peer?: PolicyPeer }): CalicoRule[] {
  const [side, option] = around.direction === 'ingress' ? ['src', '--source'] : ['dst', '--destination'];
  const { blocks, match: portMatch } = portsOf(protocol, ports, around);
  const block = peer?.ipBlock;
  const excepted = block?.except ?? [];
  if (excepted.length > 0 && blocks.length === 0) blocks.push({ action: setMark(scratch, scratch | scratchOther) });
  for (const cidr of excepted) blocks.push({ match: `${option} ${cidr}`, action: clearMark(scratch) });
  const peerText = block ? (block.cidr.endsWith('/0') ? undefined : `${option} ${block.cidr}`) : peer && `-m set --match-set ${peerSet(peer, around)} ${side}`;
  const words = [protocol && `-p ${protocol}`, side === 'src' && peerText, side === 'dst' && peerText, portMatch, blocks.length > 0 && isSet(scratch)].filter(Boolean).join(' ');
  return [...blocks, { ...(words && { match: words }), action: setMark(accept) }, { match: isSet(accept), action: '--jump RETURN' }];
}

/** Ports that fit into one match; more of them, or names beside numbers, are tried one after the other first. */
function portsOf(protocol: string | undefined, ports: readonly PolicyPort[], around: Around): { blocks: CalicoRule[]; match?: string } {
  const numbers = ports.filter(({ port }) => typeof port === 'number').map(({ port, endPort }) => (endPort === undefined || endPort === port ? String(port) : `${port}:${endPort}`));
  const listed = splits(numbers).map((some) => `-m multiport --destination-ports ${some.join(',')}`);
  const named = ports.filter(({ port }) => typeof port === 'string').map(({ port }) => `-m set --match-set ${portSet(protocol ?? 'tcp', String(port), around)} dst,dst`);
  const [only, ...more] = [...listed, ...named];
  if (more.length === 0) return { blocks: [], ...(only && { match: only }) };
  return { blocks: [{ action: setMark(0, scratch | scratchOther) }, ...listed.map((match) => ({ match: `-p ${protocol} ${match}`, action: setMark(scratch) })), ...named.map((match) => ({ match, action: setMark(scratch) }))] };
}

/** A list of ports has 15 places, a range takes two. */
function splits(ports: readonly string[]): string[][] {
  const out: string[][] = [];
  let left = 0;
  for (const port of ports) {
    const needs = port.includes(':') ? 2 : 1;
    if (left < needs) {
      out.push([]);
      left = 15;
    }
    out.at(-1)!.push(port);
    left -= needs;
  }
  return out;
}

function portSet(protocol: string, name: string, { sets, world, six }: Around): string {
  const set = setName('n', `${protocol},${name}`, six);
  if (!sets.has(set)) {
    const members = world.pods.flatMap(({ ip, ports }) => ports.filter((port) => port.name === name && (port.protocol ?? 'TCP').toLowerCase() === protocol).map(({ containerPort }) => `${ip},${protocol}:${containerPort}`));
    sets.set(set, setOf(set, 'hash:ip,port', members));
  }
  return set;
}

function peerSet(peer: PolicyPeer, { sets, world, namespace, six }: Around): string {
  const set = setName('s', selectorText(peer, namespace), six);
  if (!sets.has(set)) {
    const matches = peerMatcher(peer, namespace);
    sets.set(set, setOf(set, 'hash:net', world.pods.filter((pod) => matches({ ip: pod.ip, pod })).map(({ ip }) => ip)));
  }
  return set;
}

/** As Calico's own selectors say it: labels of the namespace begin with `pcns.`. */
function selectorText({ podSelector, namespaceSelector }: PolicyPeer, namespace: string): string {
  const pods = ['projectcalico.org/orchestrator == "k8s"', ...terms(podSelector, '')].join(' && ');
  const inNamespaces = namespaceSelector ? terms(namespaceSelector, 'pcns.').join(' && ') || 'has(projectcalico.org/namespace)' : `projectcalico.org/namespace == "${namespace}"`;
  return `(${inNamespaces} && ${pods})`;
}

function terms(selector: LabelSelector | undefined, prefix: string): string[] {
  const labels = Object.entries(selector?.matchLabels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `${prefix}${key} == "${value}"`);
  const listed = (values: readonly string[] | undefined) => `{${(values ?? []).map((value) => `"${value}"`).join(', ')}}`;
  const others = (selector?.matchExpressions ?? []).map(({ key, operator, values }) => ({ In: `${prefix}${key} in ${listed(values)}`, NotIn: `${prefix}${key} not in ${listed(values)}`, Exists: `has(${prefix}${key})`, DoesNotExist: `!has(${prefix}${key})` })[operator as 'In'] ?? '');
  return [...labels, ...others];
}
