// The way of a packet, told hop by hop: where it was, what it said, and the rule that decided.
import type { DialError } from '../machine/index.ts';
import { addressPort, type Packet } from './netfilter/packet.ts';
import { ruleText } from './netfilter/save.ts';
import type { Step } from './netfilter/walk.ts';
import { type NftStep, nftRuleText } from './nftables/index.ts';
import type { Hop } from './path.ts';
import type { Journey, Stage } from './travel.ts';

export interface TraceHop {
  machine: string;
  /** `nat PREROUTING`, `filter FORWARD`, `ipvs`, `conntrack`; `in` and `out` where it comes to a machine and leaves it. */
  place: string;
  /** The interface that it comes in or goes out by. */
  interface?: string;
  /** Sender and receiver before and after, `10.244.1.3:32768`. */
  before: { from: string; to: string };
  after: { from: string; to: string };
  /** The chains that it went through. */
  chains?: readonly string[];
  /** The rule that decided, as iptables-save or `nft list` prints it. */
  rule?: string;
  /** ACCEPT, DROP, REJECT, DNAT, REDIRECT, MASQUERADE; what an endpoint said that kube-proxy itself asked. */
  verdict?: string;
}

export interface PacketTrace {
  hops: TraceHop[];
  /** Where it ended: the machine and the address. */
  arrived?: { machine: string; to: string };
  error?: DialError;
}

const ends = ({ src, sport, dst, dport }: Packet) => ({ from: addressPort(src, sport), to: addressPort(dst, dport) });

export function traceOf({ stages, arrived, ip, port, error }: Journey): PacketTrace {
  const hops = stages.flatMap((stage, i) => hopsOf(stage, { last: i === stages.length - 1, arrived }));
  const last = stages.at(-1);
  if (last && arrived && arrived !== last.host.name) hops.push({ ...hops.at(-1)!, machine: arrived, place: 'in' });
  return { hops, ...(arrived && { arrived: { machine: arrived, to: addressPort(ip, port) } }), ...(error && { error }) };
}

function hopsOf({ host, origin, passage }: Stage, { last, arrived }: { last: boolean; arrived?: string }): TraceHop[] {
  const first = passage.hops[0]?.before ?? passage.packet;
  const at = (place: string, packet: Packet, by: string): TraceHop => ({ machine: host.name, place, interface: by, before: ends(packet), after: ends(packet) });
  const hops = [at('in', first, { pod: 'cni0', host: 'lo', outside: 'eth0' }[origin]), ...passage.hops.map((hop) => hopOf(host.name, hop))];
  if (passage.outcome === 'forward') hops.push(at('out', passage.packet, last && arrived === host.name ? 'cni0' : 'eth0'));
  return hops;
}

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
