// A page of metrics as programs show it (model/textparse).
import type { Labels } from './labels.ts';

export interface Exposed {
  labels: Labels;
  value: number;
  /** Milliseconds, where the page itself says when. */
  at?: number;
}

const line = /^([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(\{.*\})?\s+(\S+)(?:\s+(-?\d+))?\s*$/;
const pair = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:\\.|[^"\\])*)"\s*,?/y;
const escapes: Record<string, string> = { n: '\n', '"': '"', '\\': '\\' };

/** Throws an Error with what is wrong. */
export function parsePage(text: string): Exposed[] {
  return text.split('\n').flatMap((one) => {
    if (!one.trim() || one.startsWith('#')) return [];
    const found = line.exec(one);
    const value = found ? numberOf(found[3]!) : undefined;
    if (!found || value === undefined) throw new Error(`expected a valid start token, got ${JSON.stringify(one[0])} ("INVALID") while parsing: ${JSON.stringify(one)}`);
    return [{ labels: { __name__: found[1]!, ...labelsOf(found[2]) }, value, ...(found[4] && { at: Number(found[4]) }) }];
  });
}

function labelsOf(text: string | undefined): Labels {
  if (!text) return {};
  const labels: Record<string, string> = {};
  pair.lastIndex = 1;
  for (let found = pair.exec(text); found; found = pair.exec(text)) labels[found[1]!] = found[2]!.replace(/\\(.)/g, (whole, letter: string) => escapes[letter] ?? whole);
  return labels;
}

export function numberOf(text: string): number | undefined {
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return Number.NaN;
  const value = Number(text);
  return text === '' || Number.isNaN(value) ? undefined : value;
}

/** As Go's strconv.FormatFloat(v, 'f', -1, 64) writes it. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const text = String(value);
  const found = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!found) return Object.is(value, -0) ? '-0' : text;
  const [, sign, first, rest = '', exponent] = found;
  const [digits, point] = [first! + rest, 1 + Number(exponent)];
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + (digits.length <= point ? digits.padEnd(point, '0') : `${digits.slice(0, point)}.${digits.slice(point)}`);
}
