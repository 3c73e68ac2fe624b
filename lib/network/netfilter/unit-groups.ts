import type { RestoreUnit } from '../kube-proxy/iptables/document.ts';
import type { LineGroup } from './chain.ts';
import { RuleError } from './parse.ts';

type Added = readonly [chain: string, group: LineGroup];

/** The lines of a unit by chain. */
export interface UnitGroups {
  /** Chains that the unit itself begins. */
  own: readonly Added[];
  shared: readonly Added[];
  deleted: readonly string[];
}

const known = new WeakMap<RestoreUnit, UnitGroups>();

/** Sorted once: most units are the same from one sync to the next. */
export function groupsOf(unit: RestoreUnit): UnitGroups {
  let groups = known.get(unit);
  if (!groups) known.set(unit, (groups = sort(unit)));
  return groups;
}

function sort({ chains, rules }: RestoreUnit): UnitGroups {
  const lines = new Map<string, string[]>();
  const deleted: string[] = [];
  for (const line of rules) {
    const end = line.indexOf(' ', 3);
    const chain = end < 0 ? line.slice(3) : line.slice(3, end);
    if (line.startsWith('-X ')) deleted.push(chain);
    else if (!line.startsWith('-A ')) throw new RuleError(`iptables-restore: unknown command in "${line}"`);
    else {
      const list = lines.get(chain);
      if (list) list.push(line);
      else lines.set(chain, [line]);
    }
  }
  const begun = new Set(chains);
  const [own, shared]: [Added[], Added[]] = [[], []];
  for (const [chain, some] of lines) (begun.has(chain) ? own : shared).push([chain, { lines: some }]);
  return { own, shared, deleted };
}
