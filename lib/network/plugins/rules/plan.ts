// What a plug-in writes into the tables of a node, and how it is brought there.
import type { Version } from '../../../api/index.ts';
import type { IpSet } from '../../kube-proxy/index.ts';
import type { SetType } from '../../kube-proxy/ipvs/sets.ts';
import type { TableName } from '../../netfilter/chain.ts';
import type { Tables } from '../../netfilter/tables.ts';
import type { PolicyWorld } from '../../policy/world.ts';
import type { PodNetwork } from '../pod-network.ts';

export interface PlannedRule {
  table: TableName;
  /** A built-in chain. */
  chain: string;
  rule: string;
  /** `first`: before all others, whoever else wants that, too. */
  place: 'first' | 'last';
}

export interface PlannedChain {
  table: TableName;
  name: string;
  /** `-A NAME …` */
  lines: readonly string[];
}

export interface Plan {
  rules: readonly PlannedRule[];
  chains: readonly PlannedChain[];
  sets: readonly IpSet[];
}

/** What a plug-in looks at. */
export interface PlanInput {
  node: string;
  pods: PodNetwork;
  version: Version;
  serviceCIDR: string;
  /** True where kube-proxy balances with ipvs: what is for a Service comes to the host itself. Default false. */
  ipvs?: boolean;
  /** Missing where it has no policies to enforce, or is not asked to. */
  world?: PolicyWorld;
}

/** Makes plans for one node, and may remember what it said before. */
export type Planner = (input: PlanInput) => Plan;

export const setOf = (name: string, type: SetType, entries: Iterable<string>): IpSet => ({ name, type, comment: '', entries: new Set(entries), used: true });

/** Chains whose lines are the very same as before are left alone. */
export function install(tables: Tables, plan: Plan, before: Plan | undefined): void {
  const known = new Map(before?.chains.map((chain) => [`${chain.table} ${chain.name}`, chain]));
  for (const { table, name } of plan.chains) tables.ensureChain(table, name);
  for (const { table, name, lines } of plan.chains) {
    const key = `${table} ${name}`;
    if (known.get(key)?.lines !== lines) tables.setChain(table, name, lines);
    known.delete(key);
  }
  for (const { table, name } of known.values()) tables.setChain(table, name, undefined);
  for (const { table, chain, rule, place } of plan.rules) {
    if (place === 'first') tables.leadRule(table, chain, rule);
    else tables.appendRule(table, chain, rule);
  }
}
