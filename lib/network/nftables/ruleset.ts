// What `nft -f` reads: commands that add, empty and delete what a host's tables are made of.
import { NftError } from './rule.ts';
import { NftSet, type NftSetOptions } from './set.ts';
import { type NftBase, NftChain, type NftHook, NftTable } from './table.ts';

const command = /^(add|flush|delete) (table|chain|set|map|rule|element) (ip6?) (\S+)(?: (\S+))?(?: (.*))?$/;

export class NftRuleset {
  readonly #tables = new Map<string, NftTable>();
  /** Base chains in the order in which packets meet them; undefined after a change to one. */
  #hooks: Partial<Record<NftHook, readonly { table: NftTable; chain: NftChain }[]>> | undefined;

  get tables(): readonly NftTable[] {
    return [...this.#tables.values()];
  }

  get empty(): boolean {
    return this.#tables.size === 0;
  }

  /** Differs from Kubernetes: a file with an error in it is taken up to there; the real tool takes nothing of it. */
  load(lines: Iterable<string>): void {
    for (const line of lines) if (line !== '') this.#run(line);
  }

  /** Base chains of a hook, the lowest priority first. */
  at(hook: NftHook): readonly { table: NftTable; chain: NftChain }[] {
    this.#hooks ??= {};
    return (this.#hooks[hook] ??= this.tables
      .flatMap((table) => [...table.chains.values()].filter(({ base }) => base?.hook === hook).map((chain) => ({ table, chain })))
      .sort((a, b) => a.chain.base!.priority - b.chain.base!.priority));
  }

  #run(line: string): void {
    const [, verb, what, family = '', name = '', object = '', rest = ''] = command.exec(line) ?? [];
    if (!verb) throw new NftError(`Error: syntax error: ${line}`);
    const key = `${family} ${name}`;
    if (what === 'table') return this.#table(verb, key, { family, name, rest: `${object} ${rest}` });
    const table = this.#tables.get(key);
    if (!table) throw new NftError('Error: Could not process rule: No such file or directory');
    if (what === 'rule') table.chain(object).add(rest);
    else if (what === 'element') element(table, verb, { set: object, text: rest });
    else if (what === 'chain') this.#chain(table, verb, { name: object, rest });
    else if (verb === 'add') table.sets.has(object) || table.sets.set(object, new NftSet(setOptions(object, what as 'set' | 'map', rest)));
    else if (verb === 'flush') table.set(object).flush();
    else table.sets.delete(object);
  }

  #table(verb: string, key: string, { family, name, rest }: { family: string; name: string; rest: string }): void {
    if (verb === 'add') this.#tables.has(key) || this.#tables.set(key, new NftTable(family, name, commentOf(rest)));
    else if (verb === 'delete') this.#tables.delete(key);
    this.#hooks = undefined;
  }

  #chain(table: NftTable, verb: string, { name, rest }: { name: string; rest: string }): void {
    if (verb === 'flush') return table.chain(name).flush();
    if (verb === 'delete') table.chains.delete(name);
    else if (!table.chains.has(name)) table.chains.set(name, new NftChain(name, { base: baseOf(rest), comment: commentOf(rest) }));
    else return;
    this.#hooks = undefined;
  }
}

function element(table: NftTable, verb: string, { set, text }: { set: string; text: string }): void {
  const inside = text.replace(/^\{ | \}$/g, '');
  if (verb === 'add') table.set(set).add(inside);
  else table.set(set).remove(inside);
}

const commentOf = (text: string): string | undefined => /comment "([^"]*)"/.exec(text)?.[1];

function baseOf(text: string): NftBase | undefined {
  const [, type, hook, priority] = /type (filter|nat) hook (\w+) priority (-?\d+)/.exec(text) ?? [];
  return type ? { type: type as NftBase['type'], hook: hook as NftHook, priority: Number(priority) } : undefined;
}

function setOptions(name: string, kind: 'set' | 'map', text: string): NftSetOptions {
  const [type, flags, timeout, comment] = [/type (.+?) ;/, /flags (\S+) ;/, /timeout (\d+)s ;/, /comment "([^"]*)"/].map((pattern) => pattern.exec(text)?.[1]);
  return { name, kind, type: type ?? '', ...(flags && { flags }), ...(timeout && { timeout: Number(timeout) }), ...(comment && { comment }) };
}
