// The functions that awk brings.
import { bounded } from '../commands/getopt.ts';
import { replaced } from '../regex/index.ts';
import { type Expression, matcher } from './expression.ts';
import type { Machine } from './machine.ts';
import { formatted, fromInput, toNumber, toText, type Value } from './values.ts';

type Run = (m: Machine, parts: readonly Expression[]) => Value;

const text = (m: Machine, part: Expression | undefined) => toText(part?.get(m));
const number = (m: Machine, part: Expression | undefined) => toNumber(part?.get(m));

function length(m: Machine, [part]: readonly Expression[]): Value {
  if (part?.name && m.arrays.has(part.name)) return m.array(part.name).size;
  return part ? text(m, part).length : m.record.length;
}

function substr(m: Machine, [whole, from, count]: readonly Expression[]): Value {
  const start = Math.max(0, Math.trunc(number(m, from)) - 1);
  const end = count ? start + Math.max(0, Math.trunc(number(m, count))) : Infinity;
  return text(m, whole).slice(start, end);
}

function split(m: Machine, [whole, array, mark]: readonly Expression[]): Value {
  const parts = m.split(text(m, whole), mark?.regex !== undefined ? m.pattern(mark.regex) : mark ? text(m, mark) : m.text('FS'));
  const into = m.array(array?.name ?? '');
  into.clear();
  parts.forEach((part, i) => into.set(String(i + 1), fromInput(part)));
  return parts.length;
}

/** In the new text `&` is what was found, `\\&` the letter itself. */
const substitute = (all: boolean): Run => (m, [pattern, to, target]) => {
  if (!pattern || !to) return 0;
  const template = text(m, to);
  const before = target ? text(m, target) : m.record;
  const { text: after, count } = replaced(matcher(m, pattern), before, (found) => template.replace(/\\(.)|&/g, (sign, c?: string) => c ?? (sign === '&' ? found.text : sign)), { all });
  if (count > 0 && target) target.set?.(m, bounded(after));
  else if (count > 0) m.record = bounded(after);
  return count;
};

function match(m: Machine, [whole, pattern]: readonly Expression[]): Value {
  const found = pattern && matcher(m, pattern).find(text(m, whole));
  m.set('RSTART', found ? found.start + 1 : 0);
  m.set('RLENGTH', found ? found.end - found.start : -1);
  return found ? found.start + 1 : 0;
}

const functions: Record<string, Run> = {
  length,
  substr,
  split,
  match,
  sub: substitute(false),
  gsub: substitute(true),
  index: (m, [whole, part]) => text(m, whole).indexOf(text(m, part)) + 1,
  toupper: (m, [part]) => text(m, part).toUpperCase(),
  tolower: (m, [part]) => text(m, part).toLowerCase(),
  sprintf: (m, [template, ...values]) => formatted(text(m, template), values.map((value) => value.get(m))),
  int: (m, [part]) => Math.trunc(number(m, part)),
  sqrt: (m, [part]) => Math.sqrt(number(m, part)),
  exp: (m, [part]) => Math.exp(number(m, part)),
  log: (m, [part]) => Math.log(number(m, part)),
  systime: (m) => Math.floor(m.now / 1000),
};

/** What a call does; undefined for a name that is no function. */
export function call(name: string, parts: readonly Expression[]): ((m: Machine) => Value) | undefined {
  const run = Object.hasOwn(functions, name) ? functions[name] : undefined;
  return run && ((m) => run(m, parts));
}
