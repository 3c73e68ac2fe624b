// What of a script may never end: whoever waits for it gives it up sooner than what ends by itself.
import type { Node, Word } from './tree.ts';

/** How many loops and commands are going on in a shell and the shells below it. */
export interface Going {
  /** Until somebody stops them: `while true`, `ping` without a count, `tail -f`. */
  endless: number;
  /** Until a variable says so: `while [ $i -lt 60 ]`. */
  counting: number;
}

export function* goingOn<T>(going: Going, kind: keyof Going, steps: Generator<number, T, void>): Generator<number, T, void> {
  going[kind]++;
  try {
    return yield* steps;
  } finally {
    going[kind]--;
  }
}

/** Waits until it is killed. */
export function* forEver(): Generator<number, number, void> {
  yield Infinity;
  return 0;
}

const literal = (word: Word | undefined) => (word?.length === 1 && word[0]!.kind === 'text' ? word[0]!.text : '');
const looksAtVariable = (word: Word) => word.some(({ kind }) => kind === 'variable');

/** What a `while` or `until` with this condition is. */
export function loopKind(condition: Node): keyof Going {
  if (condition.kind === 'list' && condition.items.length === 1) return loopKind(condition.items[0]!.node);
  if (condition.kind === 'pipeline' && condition.commands.length === 1) return loopKind(condition.commands[0]!);
  if (condition.kind !== 'simple') return 'endless';
  const [first, ...others] = condition.words;
  const name = literal(first);
  return name === 'read' || (/^(\[|test)$/.test(name) && others.some(looksAtVariable)) ? 'counting' : 'endless';
}
