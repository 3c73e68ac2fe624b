// The tables of one host, as iptables-restore fills and iptables-save prints them.
import type { RestoreSection, RestoreUnit } from '../kube-proxy/iptables/document.ts';
import { Chain, type TableName } from './chain.ts';
import { parseRule, RuleError, wordsOf } from './parse.ts';
import { builtIn, sectionsOf } from './restore-text.ts';
import { ruleText } from './save.ts';
import { groupsOf, type UnitGroups } from './unit-groups.ts';

export class Tables {
  readonly family: 'IPv4' | 'IPv6';
  readonly #tables: Record<TableName, Map<string, Chain>>;
  /** What was applied last: units that are in it again have their chains as they say. */
  #last: Partial<Record<TableName, Applied>> = {};
  /** Grows with every change. */
  changes = 0;

  constructor(family: 'IPv4' | 'IPv6' = 'IPv4') {
    this.family = family;
    const chains = (table: TableName) => new Map(builtIn[table].map((name): [string, Chain] => [name, new Chain(name, family, 'ACCEPT')]));
    this.#tables = { filter: chains('filter'), nat: chains('nat') };
  }

  chain(table: TableName, name: string): Chain | undefined {
    return this.#tables[table].get(name);
  }

  /** Built-in chains first, the others by name, as the nf_tables tools list them. */
  chains(table: TableName): Chain[] {
    const all = [...this.#tables[table].values()];
    return [...all.filter(({ policy }) => policy), ...all.filter(({ policy }) => !policy).sort((a, b) => (a.name < b.name ? -1 : 1))];
  }

  /** `iptables -N`, unless it is there. */
  ensureChain(table: TableName, name: string): void {
    if (this.#tables[table].has(name)) return;
    this.changes++;
    this.#tables[table].set(name, new Chain(name, this.family));
  }

  /** Puts a rule in front of all others, unless the chain has it. */
  ensureRule(table: TableName, name: string, text: string): void {
    const chain = this.#tables[table].get(name)!;
    const printed = ruleText(parseRule(wordsOf(text), this.family));
    if (chain.rules.some((other) => ruleText(other) === printed)) return;
    this.changes++;
    chain.prepend(`-A ${name} ${text}`);
  }

  /** Puts a rule behind all others, unless the chain has it. */
  appendRule(table: TableName, name: string, text: string): void {
    const chain = this.#tables[table].get(name)!;
    const printed = ruleText(parseRule(wordsOf(text), this.family));
    if (chain.rules.some((other) => ruleText(other) === printed)) return;
    this.changes++;
    chain.add({ lines: [`-A ${name} ${text}`] });
  }

  /** Makes a rule the first of its chain, wherever it was. */
  leadRule(table: TableName, name: string, text: string): void {
    const chain = this.#tables[table].get(name)!;
    const printed = ruleText(parseRule(wordsOf(text), this.family));
    if (chain.rules[0] && ruleText(chain.rules[0]) === printed) return;
    this.changes++;
    chain.remove(`-A ${name} ${text}`);
    chain.prepend(`-A ${name} ${text}`);
  }

  /** A whole chain as it is to be; without lines it goes. */
  setChain(table: TableName, name: string, lines: readonly string[] | undefined): void {
    this.changes++;
    if (!lines) return void this.#tables[table].delete(name);
    this.ensureChain(table, name);
    const chain = this.#tables[table].get(name)!;
    chain.clear();
    if (lines.length > 0) chain.add({ lines });
  }

  /** `iptables-restore --noflush` of a text. Throws a RuleError with the command's own words; nothing is changed then. */
  restore(text: string): void {
    const sections = sectionsOf(text);
    for (const { units } of sections) for (const { rules } of units) for (const line of rules) if (line.startsWith('-A ')) parseRule(wordsOf(line).slice(2), this.family);
    this.apply(sections);
  }

  /** The same of lines that somebody made who knows how; they are read when a packet comes or somebody looks. */
  apply(sections: readonly RestoreSection[]): void {
    for (const section of sections) this.#fill(section);
    this.changes++;
  }

  #fill({ table, units }: RestoreSection): void {
    const map = this.#tables[table];
    const last = this.#last[table];
    const changed = last && differences(last.units, units);
    if (last && changed && this.#exchange(table, { last, units, changed })) return;
    const groups = units.map(groupsOf);
    const known = new Set(last?.units);
    for (const unit of units) if (!known.has(unit)) this.#begin(map, unit);
    // What a unit adds to the chains of others goes with those; they are begun anew where one of them is.
    const cleared = new Set([...groups, ...(last?.groups ?? [])].flatMap(({ shared }) => shared.map(([name]) => name)));
    for (const name of cleared) map.get(name)?.clear();
    units.forEach((unit, i) => {
      const { own, shared, deleted } = groups[i]!;
      if (own.length > 0) add(map, known.has(unit) ? own.filter(([name]) => cleared.has(name)) : own);
      add(map, shared);
      for (const name of deleted) map.delete(name);
    });
    this.#last[table] = { units, groups };
  }

  /** Few units differ: their lines take the places of those before. False when they go to other chains than those did. */
  #exchange(table: TableName, { last, units, changed }: { last: Applied; units: readonly RestoreUnit[]; changed: readonly number[] }): boolean {
    const map = this.#tables[table];
    const pairs = changed.map((i) => ({ i, before: last.groups[i]!, after: groupsOf(units[i]!) }));
    const alike = pairs.every(({ before, after }) => before.shared.length === after.shared.length && before.shared.every(([name, group], k) => after.shared[k]![0] === name && map.get(name)?.has(group)));
    // A unit that begins chains which others fill is not exchanged alone.
    const alone = pairs.every(({ i, after }) => units[i]!.chains.every((name) => after.own.some(([own]) => own === name) || after.deleted.includes(name)));
    if (!alike || !alone) return false;
    const groups = [...last.groups];
    for (const { i, before, after } of pairs) {
      this.#begin(map, units[i]!);
      add(map, after.own);
      before.shared.forEach(([name, group], k) => map.get(name)!.replace(group, after.shared[k]![1]));
      for (const name of after.deleted) map.delete(name);
      groups[i] = after;
    }
    this.#last[table] = { units, groups };
    return true;
  }

  #begin(map: Map<string, Chain>, { chains }: RestoreUnit): void {
    for (const name of chains) {
      const chain = map.get(name);
      if (chain) chain.clear();
      else map.set(name, new Chain(name, this.family));
    }
  }

  /** `iptables-save -t TABLE`, without the comments that tell the time. */
  save(table: TableName): string {
    const chains = this.chains(table);
    const heads = chains.map(({ name, policy = '-' }) => `:${name} ${policy} [0:0]\n`);
    const rules = chains.flatMap(({ name, rules: all }) => all.map((rule) => `-A ${name} ${ruleText(rule, this.family)}`.trimEnd() + '\n'));
    return `*${table}\n${heads.join('')}${rules.join('')}COMMIT\n`;
  }
}

/** More changed units than this, and all is done anew. */
const few = 64;

/** Where the lists differ; undefined when that is not worth looking at one by one. */
function differences(before: readonly RestoreUnit[], now: readonly RestoreUnit[]): number[] | undefined {
  if (before.length !== now.length) return undefined;
  const out: number[] = [];
  for (let i = 0; i < now.length && out.length <= few; i++) if (before[i] !== now[i]) out.push(i);
  return out.length <= few ? out : undefined;
}

interface Applied {
  units: readonly RestoreUnit[];
  groups: readonly UnitGroups[];
}

function add(map: ReadonlyMap<string, Chain>, added: UnitGroups['own']): void {
  for (const [name, group] of added) {
    const chain = map.get(name);
    if (!chain) throw new RuleError(`iptables-restore: chain ${name} does not exist`);
    chain.add(group);
  }
}
