// The way of a packet, told hop by hop: where it was, what it said, and the rule that decided.
import type { DialError } from '../machine/index.ts';
import { addressPort, isIcmp, type Packet } from './netfilter/packet.ts';
import { ruleText } from './netfilter/save.ts';
import type { Step } from './netfilter/walk.ts';
import { type NftStep, nftRuleText } from './nftables/index.ts';
import type { Hop } from './path.ts';
import type { Encapsulation, Loss, PodNetwork } from './plugins/pod-network.ts';
import { verdictText } from './policy/policies.ts';
import type { Journey, Stage } from './travel.ts';

export interface TraceHop {
  machine: string;
  /**
   * `nat PREROUTING`, `filter FORWARD`, `ipvs`, `conntrack`; `in` and `out` where it comes to a machine and leaves it; `encap` and
   * `decap` where it is wrapped for its way between nodes; `egress` and `ingress` where policies are asked; `relay` on a machine that
   * only passes it on.
   */
  place: string;
  /** The interface that it comes in or goes out by. */
  interface?: string;
  /** Sender and receiver before and after, `10.244.1.3:32768`. */
  before: { from: string; to: string };
  after: { from: string; to: string };
  /** The chains that it went through. */
  chains?: readonly string[];
  /** The outer headers, where it is wrapped. */
  outer?: Encapsulation;
  /** The rule that decided, as iptables-save or `nft list` prints it, or the policy. */
  rule?: string;
  /** ACCEPT, DROP, REJECT, DNAT, REDIRECT, MASQUERADE; what an endpoint said that kube-proxy itself asked. */
  verdict?: string;
}

export interface PacketTrace {
  hops: TraceHop[];
  /** Where it ended: the machine and the address. */
  arrived?: { machine: string; to: string };
  error?: DialError;
  /** Why it was lost between the hosts. */
  loss?: Loss;
}

const ends = ({ protocol, src, sport, dst, dport }: Packet) => (isIcmp(protocol) ? { from: src, to: dst } : { from: addressPort(src, sport), to: addressPort(dst, dport) });

export function traceOf({ stages, arrived, ip, port, error, loss }: Journey, pods: PodNetwork): PacketTrace {
  const hops = stages.flatMap((stage) => hopsOf(stage, pods));
  const to = stages[0] && isIcmp(stages[0].sent.protocol) ? ip : addressPort(ip, port);
  return { hops, ...(arrived && { arrived: { machine: arrived, to } }), ...(error && { error }), ...(loss && { loss }) };
}

function hopsOf({ host, origin, passage, sent, left, way, verdicts, unwrapped }: Stage, pods: PodNetwork): TraceHop[] {
  const machine = host.name;
  const still = (place: string, packet: Packet, by?: string, more: Partial<TraceHop> = {}): TraceHop => ({ machine, place, ...(by && { interface: by }), before: ends(packet), after: ends(packet), ...more });
  const hops: TraceHop[] = [];
  if (unwrapped) hops.push({ ...still('in', sent, 'eth0'), before: outside(unwrapped), after: outside(unwrapped) }, still('decap', sent, unwrapped.device, { outer: unwrapped }));
  else hops.push(still('in', sent, { pod: sent.inInterface, host: 'lo', outside: 'eth0' }[origin]));
  // Policies are asked where the kernel forwards: behind the rules that change the receiver, before those that change the sender.
  const passed = passage?.hops ?? [];
  const forwarded = passed.filter(({ hook }) => hook !== 'nat POSTROUTING' && hook !== 'nat-postrouting');
  hops.push(...forwarded.map((hop) => hopOf(machine, hop)));
  const at = forwarded.at(-1)?.after ?? sent;
  for (const verdict of verdicts) hops.push(still(verdict.direction, at, undefined, { rule: verdictText(verdict), verdict: verdict.allowed ? 'ACCEPT' : pods.profile.policy!.verdict }));
  if (verdicts.every(({ allowed }) => allowed)) hops.push(...passed.slice(forwarded.length).map((hop) => hopOf(machine, hop)));
  if (verdicts.some(({ allowed }) => !allowed) || (passage && passage.outcome !== 'forward')) return hops;
  if (way?.kind === 'pod') hops.push(still('out', left, pods.profile.bridge ?? way.interface));
  if (way?.kind !== 'node') return hops;
  const { encapsulation, over = [] } = way;
  if (!encapsulation) return [...hops, still('out', left, way.interface), ...over.map((relay) => ({ ...still('relay', left, 'eth0'), machine: relay }))];
  const wrapped = { interface: 'eth0', before: outside(encapsulation), after: outside(encapsulation) };
  return [...hops, still('encap', left, way.interface, { outer: encapsulation }), { machine, place: 'out', ...wrapped }, ...over.map((relay) => ({ machine: relay, place: 'relay', ...wrapped }))];
}

/** What somebody sees who looks at the cable. */
const outside = ({ from, to }: Encapsulation) => ({ from, to });

function hopOf(machine: string, { hook, before, after, steps, verdict, said }: Hop): TraceHop {
  const [step] = verdict?.step ? [verdict.step] : [];
  return {
    machine,
    place: hook,
    before: ends(before),
    after: ends(after),
    ...(steps.length > 0 && { chains: [...new Set(steps.flatMap((one) => [one.chain, ...ledTo(one)]))] }),
    ...(step && { rule: stepText(step) }),
    ...(verdict && { verdict: verdict.kind }),
    ...(said && { verdict: said }),
  };
}

const ofIptables = (step: Step | NftStep): step is Step => 'target' in step.rule;

function ledTo(step: Step | NftStep): string[] {
  if (!ofIptables(step)) return step.jumps ? [step.jumps] : [];
  const { target } = step.rule;
  return target.kind === 'jump' ? [target.chain] : [];
}

const stepText = (step: Step | NftStep) => (ofIptables(step) ? `-A ${step.chain} ${ruleText(step.rule)}` : nftRuleText(step.rule));
