// A rule of nftables: conditions that a packet has to meet, and what is then done with it. Each part keeps the words in which
// `nft list` prints it.
import type { HostFacts, Packet } from '../netfilter/packet.ts';
import type { NftTable } from './table.ts';

export interface NftContext {
  packet: Packet;
  host: HostFacts;
  table: NftTable;
}

export interface NftCondition {
  readonly text: string;
  holds(context: NftContext): boolean;
}

/** Where a rule sends a packet. `goto` never comes back to the chain that it left. */
export type NftVerdict = { readonly kind: 'accept' | 'drop' | 'return' } | { readonly kind: 'jump' | 'goto'; readonly chain: string };

export type NftOutcome = NftVerdict | { readonly kind: 'reject' } | { readonly kind: 'masquerade' } | { readonly kind: 'dnat'; readonly to: string };

export interface NftStatement {
  readonly text: string;
  /** What becomes of the packet; undefined: it goes on to the next rule. `'miss'`: a map had no entry, so that nothing was done. */
  run(context: NftContext): NftOutcome | 'miss' | undefined;
}

export interface NftRule {
  readonly conditions: readonly NftCondition[];
  readonly statement: NftStatement;
  readonly comment: string | undefined;
}

export class NftError extends Error {}

export const nftRuleText = ({ conditions, statement, comment }: NftRule): string => [...conditions, statement].map(({ text }) => text).join(' ') + (comment === undefined ? '' : ` comment "${comment}"`);
