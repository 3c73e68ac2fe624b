// May this connection be made? NetworkPolicy as its specification says: policies only ever allow; a pod that some policy of a
// direction selects is isolated in that direction, and what none of its policies allows is not let through.
import { selectorFromLabelSelector } from '../../api/index.ts';
import { contains } from '../plugins/pod-network.ts';
import type { NetworkPolicy, PolicyPort, PolicyPeer } from './types.ts';

export interface PeerPod {
  namespace: string;
  name: string;
  labels: Readonly<Record<string, string>>;
  namespaceLabels: Readonly<Record<string, string>>;
  /** The ports that its containers declare. */
  ports: readonly { name?: string; containerPort: number; protocol?: string }[];
}

/** One end of a connection; without a pod it is a machine, or something outside of the cluster. */
export interface Peer {
  ip: string;
  pod?: PeerPod;
}

export type Direction = 'ingress' | 'egress';

export interface Attempt {
  from: Peer;
  to: Peer;
  /** ICMP has no ports: a rule that names some is not about it. */
  protocol: 'TCP' | 'UDP' | 'SCTP' | 'ICMP';
  port: number;
}

export interface PolicyVerdict {
  direction: Direction;
  allowed: boolean;
  /** The policy that allowed it; those that isolate the pod when none did: `default/deny-all`. */
  policies: readonly string[];
  /** Which of that policy's rules, from 0. */
  rule?: number;
}

type Matcher = (attempt: Attempt) => boolean;

interface Compiled {
  name: string;
  selects(pod: PeerPod): boolean;
  rules: Readonly<Record<Direction, readonly Matcher[] | undefined>>;
}

const compiled = new WeakMap<NetworkPolicy, Compiled>();

/** Undefined: no policy isolates the pod in this direction. The order of `policies` decides only which of several is named. */
export function decide(direction: Direction, attempt: Attempt, policies: Iterable<NetworkPolicy>): PolicyVerdict | undefined {
  const subject = (direction === 'ingress' ? attempt.to : attempt.from).pod;
  if (!subject) return undefined;
  const isolating: string[] = [];
  for (const policy of policies) {
    const { name, selects, rules } = compile(policy);
    if (!rules[direction] || !selects(subject)) continue;
    isolating.push(name);
    const rule = rules[direction].findIndex((matches) => matches(attempt));
    if (rule >= 0) return { direction, allowed: true, policies: [name], rule };
  }
  return isolating.length === 0 ? undefined : { direction, allowed: false, policies: isolating };
}

function compile(policy: NetworkPolicy): Compiled {
  let found = compiled.get(policy);
  if (!found) compiled.set(policy, (found = compileNew(policy)));
  return found;
}

function compileNew({ metadata, spec }: NetworkPolicy): Compiled {
  const { name, namespace = 'default' } = metadata;
  const { podSelector = {}, ingress = [], egress = [] } = spec;
  const types = spec.policyTypes ?? ['Ingress', ...(egress.length > 0 ? ['Egress'] : [])];
  const selector = selectorFromLabelSelector(podSelector);
  const rulesOf = (rules: readonly { ports?: PolicyPort[]; peers?: PolicyPeer[] }[], side: 'from' | 'to') => rules.map(({ ports, peers }) => ruleOf({ ports, peers, side, namespace }));
  return {
    name: `${namespace}/${name}`,
    selects: (pod) => pod.namespace === namespace && selector.matches(pod.labels),
    rules: {
      ingress: types.includes('Ingress') ? rulesOf(ingress.map(({ ports, from }) => ({ ports, peers: from })), 'from') : undefined,
      egress: types.includes('Egress') ? rulesOf(egress.map(({ ports, to }) => ({ ports, peers: to })), 'to') : undefined,
    },
  };
}

/** A rule without ports is about all ports, one without peers about everybody. */
function ruleOf({ ports, peers, side, namespace }: { ports?: readonly PolicyPort[]; peers?: readonly PolicyPeer[]; side: 'from' | 'to'; namespace: string }): Matcher {
  const ofPeers = (peers ?? []).map((peer) => peerMatcher(peer, namespace));
  const ofPorts = (ports ?? []).map(portOf);
  return (attempt) => (ofPorts.length === 0 || ofPorts.some((matches) => matches(attempt))) && (ofPeers.length === 0 || ofPeers.some((matches) => matches(attempt[side])));
}

export function peerMatcher({ ipBlock, podSelector, namespaceSelector }: PolicyPeer, namespace: string): (peer: Peer) => boolean {
  if (ipBlock) return ({ ip }) => contains(ipBlock.cidr, ip) && !(ipBlock.except ?? []).some((cidr) => contains(cidr, ip));
  const pods = podSelector && selectorFromLabelSelector(podSelector);
  const namespaces = namespaceSelector && selectorFromLabelSelector(namespaceSelector);
  return ({ pod }) => pod !== undefined && (namespaces ? namespaces.matches(pod.namespaceLabels) : pod.namespace === namespace) && (!pods || pods.matches(pod.labels));
}

/** A name means what the receiving pod calls so. */
function portOf({ protocol = 'TCP', port, endPort }: PolicyPort): Matcher {
  return (attempt) => {
    if (attempt.protocol !== protocol) return false;
    if (port === undefined) return true;
    if (typeof port === 'number') return attempt.port >= port && attempt.port <= (endPort ?? port);
    return (attempt.to.pod?.ports ?? []).some(({ name, containerPort, protocol: its = 'TCP' }) => name === port && its === protocol && containerPort === attempt.port);
  };
}

export const namesPorts = ({ spec }: NetworkPolicy): boolean => [...(spec.ingress ?? []), ...(spec.egress ?? [])].some(({ ports }) => ports?.some(({ port }) => typeof port === 'string'));
