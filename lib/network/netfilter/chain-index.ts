// Long chains by what their rules ask for first, so that a packet meets only those that could be meant for it.
import type { Packet } from './packet.ts';
import type { Rule } from './rule.ts';

/** Lines of one service lie together; a group of more rules than this is taken apart. */
const together = 16;

type Key = string | number;
type Rules = readonly Rule[];
const noneAt: readonly number[] = [];

export class ChainIndex {
  /** In the order of the chain. */
  readonly #entries: Rules[] = [];
  readonly #byKey = new Map<Key, number | number[]>();
  /** Entries with a rule that asks for neither one address nor one port. */
  readonly #others: number[] = [];
  /** Each entry is one group. */
  #whole = true;

  constructor(groups: readonly Rules[]) {
    for (const rules of groups) {
      if (rules.length <= together) this.#add(rules);
      else {
        this.#whole = false;
        for (const rule of rules) this.#add([rule]);
      }
    }
  }

  /** The rules that may hold for a packet, in their order. All others look for another destination. */
  *candidates({ dst, dport }: Packet): Generator<Rule> {
    const lists = [listOf(this.#byKey.get(dst)), listOf(this.#byKey.get(dport)), this.#others];
    const at = lists.map(() => 0);
    for (let before = -1; ; ) {
      let next = -1;
      for (let i = 0; i < lists.length; i++) {
        while (lists[i]![at[i]!]! <= before) at[i]!++;
        const position = lists[i]![at[i]!];
        if (position !== undefined && (next < 0 || position < next)) next = position;
      }
      if (next < 0) return;
      yield* this.#entries[next]!;
      before = next;
    }
  }

  /** Puts other rules in the place of a group; false when they ask for something else. */
  exchange(group: number, rules: Rules): boolean {
    if (!this.#whole || rules.length > together || keysOf(this.#entries[group]!).join() !== keysOf(rules).join()) return false;
    this.#entries[group] = rules;
    return true;
  }

  #add(rules: Rules): void {
    const position = this.#entries.push(rules) - 1;
    const keys = keysOf(rules);
    if (keys.length === 0) this.#others.push(position);
    for (const key of keys) {
      const found = this.#byKey.get(key);
      if (found === undefined) this.#byKey.set(key, position);
      else if (typeof found === 'number') this.#byKey.set(key, [found, position]);
      else found.push(position);
    }
  }
}

const listOf = (found: number | number[] | undefined): readonly number[] => (found === undefined ? noneAt : typeof found === 'number' ? [found] : found);

/** Addresses and ports that the rules ask for; none when one of them asks for neither. */
function keysOf(rules: Rules): Key[] {
  const keys = new Set<Key>();
  for (const { destination, matches } of rules) {
    const key = destination && !destination.not && destination.value.single !== undefined ? destination.value.single : singlePort(matches);
    if (key === undefined) return [];
    keys.add(key);
  }
  return [...keys];
}

function singlePort(matches: Rule['matches']): number | undefined {
  for (const match of matches) if ((match.kind === 'tcp' || match.kind === 'udp' || match.kind === 'sctp') && match.dport && !match.dport.not && match.dportTo === undefined) return match.dport.value;
  return undefined;
}
