// The text that iptables-restore reads.
import type { RestoreSection } from '../kube-proxy/iptables/document.ts';
import type { TableName } from './chain.ts';
import { RuleError } from './parse.ts';

/** Chains that are always there, in the order in which they are listed. */
export const builtIn: Record<TableName, readonly string[]> = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
};

export function sectionsOf(text: string): RestoreSection[] {
  const sections: RestoreSection[] = [];
  let open: { table: TableName; chains: string[]; rules: string[] } | undefined;
  for (const [number, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    const fails = (why: string) => new RuleError(`iptables-restore: line ${number + 1} failed: ${why}`);
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('*')) {
      const table = line.slice(1) as TableName;
      if (!(table in builtIn)) throw fails(`table '${table}' does not exist`);
      open = { table, chains: [], rules: [] };
    } else if (!open) throw fails('no table');
    else if (line === 'COMMIT') {
      sections.push({ table: open.table, units: [{ chains: open.chains, rules: open.rules }] });
      open = undefined;
    } else if (!line.startsWith(':')) open.rules.push(line);
    else {
      const name = line.slice(1).split(' ')[0]!;
      if (!builtIn[open.table].includes(name)) open.chains.push(name);
    }
  }
  if (open) throw new RuleError('iptables-restore: COMMIT expected');
  return sections;
}
