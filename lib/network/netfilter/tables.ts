// The tables of one host, as iptables-restore fills and iptables-save prints them.
import type { RestoreSection } from '../kube-proxy/iptables/document.ts';
import { parseRule, RuleError, wordsOf } from './parse.ts';
import type { Rule } from './rule.ts';
import { ruleText } from './save.ts';

export type TableName = 'filter' | 'nat';

export interface Chain {
  readonly name: string;
  /** Built-in chains have one: what becomes of packets that no rule decided about. */
  readonly policy: 'ACCEPT' | 'DROP' | undefined;
  rules: readonly Rule[];
}

const builtIn: Record<TableName, readonly string[]> = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
};

/** What a block of lines comes to, kept as long as the block: most blocks are the same from one sync to the next. */
interface Parsed {
  appended: readonly (readonly [chain: string, rules: readonly Rule[]])[];
  deleted: readonly string[];
}
const parsed = new WeakMap<readonly string[], Parsed>();

export class Tables {
  readonly family: 'IPv4' | 'IPv6';
  readonly #tables: Record<TableName, Map<string, Chain>>;
  /** Grows with every change. */
  changes = 0;

  constructor(family: 'IPv4' | 'IPv6' = 'IPv4') {
    this.family = family;
    const chains = (table: TableName) => new Map(builtIn[table].map((name): [string, Chain] => [name, { name, policy: 'ACCEPT', rules: [] }]));
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
    this.#tables[table].set(name, { name, policy: undefined, rules: [] });
  }

  /** Puts a rule in front of all others, unless the chain has it. */
  ensureRule(table: TableName, name: string, text: string): void {
    const [chain, rule] = [this.#tables[table].get(name)!, parseRule(wordsOf(text), this.family)];
    const printed = ruleText(rule);
    if (chain.rules.some((other) => ruleText(other) === printed)) return;
    this.changes++;
    chain.rules = [rule, ...chain.rules];
  }

  /** `iptables-restore --noflush` of a text. Throws a RuleError with the command's own words; nothing is changed then. */
  restore(text: string): void {
    this.apply(sectionsOf(text));
  }

  /** The same of lines that are in blocks. */
  apply(sections: readonly RestoreSection[]): void {
    for (const { rules } of sections) for (const block of rules) this.#parse(block);
    for (const section of sections) this.#fill(section);
    this.changes++;
  }

  #fill({ table, chains, rules }: RestoreSection): void {
    const map = this.#tables[table];
    for (const names of chains) {
      for (const name of names) {
        const chain = map.get(name);
        if (chain) chain.rules = [];
        else map.set(name, { name, policy: undefined, rules: [] });
      }
    }
    // Chains that several blocks add to are copied once.
    const own = new Map<string, Rule[]>();
    for (const block of rules) {
      const { appended, deleted } = this.#parse(block);
      for (const [name, more] of appended) {
        const chain = map.get(name);
        if (!chain) throw new RuleError(`iptables-restore: chain ${name} does not exist`);
        if (chain.rules.length === 0) chain.rules = more;
        else {
          let list = own.get(name);
          if (list !== chain.rules) own.set(name, (list = [...chain.rules]));
          for (const rule of more) list!.push(rule);
          chain.rules = list!;
        }
      }
      for (const name of deleted) map.delete(name);
    }
  }

  #parse(block: readonly string[]): Parsed {
    const known = parsed.get(block);
    if (known) return known;
    const appended = new Map<string, Rule[]>();
    const deleted: string[] = [];
    for (const line of block) {
      const [command = '', chain = '', ...words] = wordsOf(line);
      if (command === '-X') deleted.push(chain);
      else if (command === '-A') {
        const list = appended.get(chain);
        const rule = parseRule(words, this.family);
        if (list) list.push(rule);
        else appended.set(chain, [rule]);
      } else throw new RuleError(`Unknown command "${command}"`);
    }
    const out = { appended: [...appended], deleted };
    parsed.set(block, out);
    return out;
  }

  /** `iptables-save -t TABLE`, without the comments that tell the time. */
  save(table: TableName): string {
    const chains = this.chains(table);
    const heads = chains.map(({ name, policy = '-' }) => `:${name} ${policy} [0:0]\n`);
    const rules = chains.flatMap(({ name, rules: all }) => all.map((rule) => `-A ${name} ${ruleText(rule)}`.trimEnd() + '\n'));
    return `*${table}\n${heads.join('')}${rules.join('')}COMMIT\n`;
  }
}

function sectionsOf(text: string): RestoreSection[] {
  const sections: RestoreSection[] = [];
  let [names, rules]: [string[], string[]] = [[], []];
  let table: TableName | undefined;
  for (const [number, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const fails = (why: string) => new RuleError(`iptables-restore: line ${number + 1} failed: ${why}`);
    if (line.startsWith('*')) {
      table = line.slice(1) as TableName;
      if (!(table in builtIn)) throw fails(`table '${table}' does not exist`);
      [names, rules] = [[], []];
    } else if (!table) throw fails('no table');
    else if (line === 'COMMIT') {
      sections.push({ table, chains: [names.filter((name) => !builtIn[table!].includes(name))], rules: [rules] });
      table = undefined;
    } else if (line.startsWith(':')) names.push(line.slice(1).split(' ')[0]!);
    else rules.push(line);
  }
  if (table) throw new RuleError('iptables-restore: COMMIT expected');
  return sections;
}
