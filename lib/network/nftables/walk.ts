// A packet walks through the base chains of nftables as it does through those of iptables.
import { addressOf, type Verdict } from '../netfilter/walk.ts';
import type { NftContext, NftOutcome, NftRule } from './rule.ts';
import type { NftChain } from './table.ts';

/** A rule that held, and where it led. */
export interface NftStep {
  chain: string;
  rule: NftRule;
  jumps?: string;
}

export interface NftWalkOptions extends NftContext {
  /** Rules that held are added to it. */
  steps: NftStep[];
}

/** What a base chain says of a packet, whose mark it may change. */
export function walkNft(chain: NftChain, options: NftWalkOptions): Verdict {
  const found = through(chain, options, 0);
  if (!found) return { kind: 'ACCEPT' };
  const { outcome, step } = found;
  switch (outcome.kind) {
    case 'drop':
      return { kind: 'DROP', step };
    case 'reject':
      return { kind: 'REJECT', step, with: options.table.family === 'ip6' ? 'icmp6-port-unreachable' : 'icmp-port-unreachable' };
    case 'masquerade':
      return { kind: 'MASQUERADE', step };
    case 'dnat':
      return { kind: 'DNAT', step, to: addressOf(outcome.to, options.packet.dport) };
    default:
      return { kind: 'ACCEPT', step };
  }
}

interface Found {
  outcome: NftOutcome;
  step: NftStep;
}

/** The kernel refuses loops when they are made; here they end. */
const deepest = 16;

function through(chain: NftChain, options: NftWalkOptions, depth: number): Found | undefined {
  const { table, steps } = options;
  for (const rule of depth > deepest ? [] : chain.rules) {
    if (!rule.conditions.every((condition) => condition.holds(options))) continue;
    const outcome = rule.statement.run(options);
    if (outcome === 'miss') continue;
    const step: NftStep = { chain: chain.name, rule, ...(outcome && 'chain' in outcome && { jumps: outcome.chain }) };
    steps.push(step);
    if (outcome === undefined) continue;
    if (outcome.kind === 'return') return undefined;
    if (!('chain' in outcome)) return { outcome, step };
    const found = through(table.chain(outcome.chain), options, depth + 1);
    if (found || outcome.kind === 'goto') return found;
  }
  return undefined;
}
