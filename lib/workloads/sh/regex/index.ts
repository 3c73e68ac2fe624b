// POSIX regular expressions: the leftmost match, the longest there. Never slower than steps × characters, whatever the pattern: a step that
// has failed at a place is not tried there again.
import { compile, type Program } from './compile.ts';
import { PatternError } from './error.ts';
import type { Edge } from './tokens.ts';

export { PatternError } from './error.ts';

export interface Found {
  start: number;
  end: number;
  text: string;
  /** What the parentheses found, the first at 1. */
  groups: string[];
}

export interface Regex {
  find(text: string, from?: number): Found | undefined;
}

/** Throws a PatternError. */
export function regex(source: string, { extended = false, ignoreCase = false } = {}): Regex {
  const program = compile(ignoreCase ? source.toLowerCase() : source, extended);
  const seen = new Places(program.steps.length + 1);
  return { find: (text, from = 0) => find(program, text, { from, subject: ignoreCase ? text.toLowerCase() : text, seen }) };
}

const mostPlaces = 16_000_000;

/** Which steps have been tried at which characters in this search. */
class Places {
  readonly #steps: number;
  #round = 0;
  #rounds = new Uint32Array(0);
  constructor(steps: number) {
    this.#steps = steps;
  }

  begin(length: number): void {
    const size = this.#steps * (length + 1);
    if (size > mostPlaces) throw new PatternError('Regular expression too big');
    if (size > this.#rounds.length) [this.#rounds, this.#round] = [new Uint32Array(size), 0];
    this.#round++;
  }

  /** True the first time. */
  enter(step: number, at: number): boolean {
    const place = at * this.#steps + step;
    if (this.#rounds[place] === this.#round) return false;
    this.#rounds[place] = this.#round;
    return true;
  }
}

function find(program: Program, text: string, { from, subject, seen }: { from: number; subject: string; seen: Places }): Found | undefined {
  if (program.literal) {
    const start = subject.indexOf(program.literal, from);
    const end = start + program.literal.length;
    return start < 0 ? undefined : { start, end, text: text.slice(start, end), groups: [] };
  }
  seen.begin(subject.length);
  for (let start = from; start <= subject.length; start++) {
    const saved = longest(program, subject, start, seen);
    if (!saved) continue;
    const part = (slot: number) => (saved[slot] === undefined || saved[slot + 1] === undefined ? '' : text.slice(saved[slot], saved[slot + 1]));
    return { start, end: saved[1]!, text: part(0), groups: Array.from({ length: program.groups + 1 }, (_, i) => part(2 * i)) };
  }
  return undefined;
}

type Saved = readonly (number | undefined)[];

function longest({ steps }: Program, text: string, start: number, seen: Places): Saved | undefined {
  const stack: { step: number; at: number; saved: Saved }[] = [{ step: 0, at: start, saved: [start] }];
  let best: Saved | undefined;
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { step: number, at, saved } = next;
    if (!seen.enter(number, at)) continue;
    const step = steps[number];
    if (!step) {
      if (!best || at > best[1]!) best = Object.assign([...saved], { 1: at });
    } else if (step.kind === 'goto') for (let i = step.to.length - 1; i >= 0; i--) stack.push({ step: step.to[i]!, at, saved });
    else if (step.kind === 'save') stack.push({ step: number + 1, at, saved: Object.assign([...saved], { [step.slot]: at }) });
    else if (step.kind === 'one' ? at < text.length && step.has(text[at]!) : holds(step.edge, text, at)) stack.push({ step: number + 1, at: step.kind === 'one' ? at + 1 : at, saved });
  }
  return best;
}

const isWord = (character: string | undefined) => character !== undefined && /\w/.test(character);

function holds(edge: Edge, text: string, at: number): boolean {
  if (edge === 'start') return at === 0;
  if (edge === 'end') return at === text.length;
  const [before, after] = [isWord(text[at - 1]), isWord(text[at])];
  if (edge === 'inside') return before === after;
  return before !== after && (edge === 'word' || after === (edge === 'wordStart'));
}

/** With the matches changed: from the `nth`, all of them or only that one. */
export function replaced(pattern: Regex, text: string, to: (found: Found) => string, { all = true, nth = 1 } = {}): { text: string; count: number } {
  let [out, at, count, number] = ['', 0, 0, 0];
  let touched = false; // an empty match right behind another one is none
  for (let found = pattern.find(text, 0); found; found = at <= text.length ? pattern.find(text, at) : undefined) {
    const touching = found.end === found.start && at === found.start && touched;
    const chosen = !touching && ++number >= nth && (all || number === nth);
    out += text.slice(at, found.start) + (chosen ? to(found) : found.text);
    if (chosen) count++;
    at = found.end;
    touched = found.end > found.start;
    if (found.end === found.start) out += text[at++] ?? '';
    if (!all && chosen) break;
  }
  return { text: out + text.slice(at), count };
}
