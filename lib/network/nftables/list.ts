// What `nft list ruleset` prints.
import { nftRuleText } from './rule.ts';
import type { NftBase, NftChain, NftTable } from './table.ts';

export function listTable(table: NftTable, now: number): string {
  const sets = [...table.sets.values()].map((set) => block(`${set.options.kind} ${set.options.name}`, set.lines(now)));
  const chains = [...table.chains.values()].map(listChain);
  const comment = table.comment ? `\tcomment "${table.comment}"\n` : '';
  return `table ${table.family} ${table.name} {\n${comment}${[...sets, ...chains].join('\n')}}\n`;
}

const listChain = ({ name, base, comment, rules }: NftChain) => block(`chain ${name}`, [...(comment ? [`comment "${comment}"`] : []), ...(base ? [baseText(base)] : []), ...rules.map(nftRuleText)]);

export function listOne(table: NftTable, kind: 'chain' | 'set' | 'map', { name, now }: { name: string; now: number }): string {
  const found = kind === 'chain' ? listChain(table.chain(name)) : block(`${kind} ${name}`, table.set(name).lines(now));
  return `table ${table.family} ${table.name} {\n${found}}\n`;
}

const block = (head: string, lines: readonly string[]) => `\t${head} {\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n`;

/** Priorities near one that has a name at this hook are printed by it. */
function baseText({ type, hook, priority }: NftBase): string {
  const named: readonly (readonly [string, number])[] = [['raw', -300], ['mangle', -150], ...(hook === 'prerouting' ? [['dstnat', -100] as const] : []), ['filter', 0], ['security', 50], ...(hook === 'postrouting' ? [['srcnat', 100] as const] : [])];
  const near = named.find(([, at]) => Math.abs(priority - at) <= 10);
  const offset = near ? priority - near[1] : 0;
  const text = !near ? String(priority) : offset === 0 ? near[0] : `${near[0]} ${offset < 0 ? '-' : '+'} ${Math.abs(offset)}`;
  return `type ${type} hook ${hook} priority ${text}; policy accept;`;
}
