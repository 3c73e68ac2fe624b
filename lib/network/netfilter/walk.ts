// A packet walks through a chain: rule by rule, into the chains that rules jump to and back, until one decides.
import type { Chain, TableName } from './chain.ts';
import { ruleMatches } from './match.ts';
import type { NftStep } from '../nftables/walk.ts';
import type { HostFacts, Packet } from './packet.ts';
import type { Rule, Target } from './rule.ts';
import type { Tables } from './tables.ts';

/** A rule that held, in the order in which they did. */
export interface Step {
  table: TableName;
  chain: string;
  rule: Rule;
}

export interface Verdict {
  kind: 'ACCEPT' | 'DROP' | 'REJECT' | 'DNAT' | 'REDIRECT' | 'MASQUERADE';
  /** The rule that decided; undefined: the policy of the built-in chain. */
  step?: Step | NftStep;
  /** For REJECT: what the sender is told. */
  with?: string;
  /** For DNAT. */
  to?: { ip: string; port: number };
  /** For REDIRECT: a port of the host. */
  port?: number;
}

export interface WalkOptions {
  tables: Tables;
  host: HostFacts;
  /** Rules that held are added to it. */
  steps?: Step[];
  /** Reads long chains from top to bottom too; the outcome is the same. */
  scan?: boolean;
}

/** Changes the packet's mark; whoever asks applies a DNAT or MASQUERADE. */
export function walk(table: TableName, hook: string, packet: Packet, options: WalkOptions): Verdict {
  const chain = options.tables.chain(table, hook)!;
  return through(chain, { ...options, table, packet }, 0) ?? { kind: chain.policy ?? 'ACCEPT' };
}

interface Context extends WalkOptions {
  table: TableName;
  packet: Packet;
}

/** The kernel refuses loops when they are made; here they end. */
const deepest = 64;

function through(chain: Chain, context: Context, depth: number): Verdict | undefined {
  const { packet, host, table, steps } = context;
  if (depth > deepest) return { kind: 'DROP' };
  for (const rule of context.scan ? chain.rules : chain.candidates(packet)) {
    if (!ruleMatches(rule, packet, host)) continue;
    const step = { table, chain: chain.name, rule };
    steps?.push(step);
    if (rule.target.kind === 'RETURN') return undefined;
    const verdict = decide(rule.target, step, { context, depth });
    if (verdict) return verdict;
    if (rule.target.kind === 'goto') return undefined;
  }
  return undefined;
}

function decide(target: Target, step: Step, { context, depth }: { context: Context; depth: number }): Verdict | undefined {
  const { packet, tables, table } = context;
  switch (target.kind) {
    case 'ACCEPT':
    case 'DROP':
      return { kind: target.kind, step };
    case 'REJECT':
      return { kind: 'REJECT', step, with: target.with };
    case 'MASQUERADE':
      return { kind: 'MASQUERADE', step };
    case 'REDIRECT':
      return { kind: 'REDIRECT', step, port: target.port };
    case 'DNAT':
      return { kind: 'DNAT', step, to: addressOf(target.to, packet.dport) };
    case 'MARK':
      packet.mark = (((packet.mark & ~target.mask) >>> 0) ^ target.value) >>> 0;
      return undefined;
    case 'jump':
    case 'goto': {
      const chain = tables.chain(table, target.chain);
      return chain && through(chain, context, depth + 1);
    }
    default:
      return undefined;
  }
}

export function addressOf(text: string, port: number): { ip: string; port: number } {
  const colon = text.indexOf(':');
  if (colon < 0 || (colon === text.lastIndexOf(':') && !text.includes('['))) return colon < 0 ? { ip: text, port } : { ip: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
  const match = /^\[?([^\]]+?)\]?(?::(\d+))?$/.exec(text.includes('[') || text.split(':').length <= 2 ? text : `[${text}]`);
  return { ip: match?.[1] ?? text, port: match?.[2] ? Number(match[2]) : port };
}

