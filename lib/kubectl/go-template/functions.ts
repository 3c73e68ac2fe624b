// The functions that a template may call: Go's own, and kubectl's exists and base64decode.
import { goPrint as goPrintPlain } from '../custom-columns.ts';
import { GoFloat, isFloat, plain } from './number.ts';

const goPrint = (value: unknown) => goPrintPlain(plain(value));

type Callable = (...args: any[]) => unknown;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof GoFloat);

export function truthy(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return Boolean(value);
  return (Array.isArray(value) ? value : Object.keys(value)).length > 0;
}

function basicKind(value: unknown): string {
  if (value === null || value === undefined) return 'nil';
  if (Array.isArray(value) || isObject(value)) throw new Error('non-comparable type');
  return typeof value === 'number' || value instanceof GoFloat ? goType(value) : typeof value;
}

function equal(a: unknown, b: unknown): boolean {
  const [one, other] = [basicKind(a), basicKind(b)];
  if (one === 'nil' || other === 'nil') return one === other;
  if (one !== other) throw new Error('incompatible types for comparison');
  return plain(a) === plain(b);
}

function less(a: unknown, b: unknown): boolean {
  const [one, other] = [basicKind(a), basicKind(b)];
  if (one !== other) throw new Error('incompatible types for comparison');
  if (one === 'boolean' || one === 'nil') throw new Error('invalid type for comparison');
  return (plain(a) as any) < (plain(b) as any);
}

function item(value: unknown, key: unknown): unknown {
  if (Array.isArray(value)) {
    if (typeof key !== 'number' || isFloat(key)) throw new Error(`cannot index slice/array with type ${goType(key)}`);
    if (key < 0 || key >= value.length) throw new Error(`index out of range: ${key}`);
    return value[key];
  }
  if (isObject(value)) return Object.hasOwn(value, String(key)) ? value[String(key)] : undefined;
  throw new Error(value === undefined || value === null ? 'index of untyped nil' : `can't index item of type ${typeof value}`);
}

/** fmt.Sprint puts a space between two operands of which neither is a string. */
const sprint = (...args: unknown[]) => args.map((arg, i) => (i > 0 && typeof arg !== 'string' && typeof args[i - 1] !== 'string' ? ` ${goPrint(arg)}` : goPrint(arg))).join('');

const goType = (value: unknown) => (isFloat(value) ? 'float64' : typeof value === 'number' ? 'int64' : typeof value === 'boolean' ? 'bool' : typeof value);

function sprintf(format: string, ...args: unknown[]): string {
  let next = 0;
  const text = format.replace(/%([-+# 0]*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g, (_, flags: string, width: string, precision: string | undefined, verb: string) => {
    if (verb === '%') return '%';
    if (next >= args.length) return `%!${verb}(MISSING)`;
    const shown = formatted(args[next++], verb, precision);
    return flags.includes('-') ? shown.padEnd(Number(width)) : shown.padStart(Number(width), flags.includes('0') && verb !== 's' ? '0' : ' ');
  });
  return next < args.length ? `${text}%!(EXTRA ${args.slice(next).map((arg) => `${goType(arg)}=${goPrint(arg)}`).join(', ')})` : text;
}

function formatted(value: unknown, verb: string, precision: string | undefined): string {
  if (verb === 'v') return goPrint(value);
  if (verb === 's' && typeof value === 'string') return precision === undefined ? value : value.slice(0, Number(precision));
  if (verb === 'q' && typeof value === 'string') return JSON.stringify(value);
  if (verb === 'd' && typeof value === 'number' && !isFloat(value)) return String(value);
  if (verb === 't' && typeof value === 'boolean') return String(value);
  if (verb === 'f' && isFloat(value)) return Number(plain(value)).toFixed(precision === undefined ? 6 : Number(precision));
  if (verb === 'T') return goType(value);
  return value === undefined || value === null ? `%!${verb}(<nil>)` : `%!${verb}(${goType(value)}=${goPrint(value)})`;
}

function decoded(text: unknown): string {
  if (typeof text !== 'string') throw new Error('base64 decode failed: value is no string');
  return new TextDecoder().decode(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

/** `and` and `or` are the evaluator's: they stop at the first argument that decides. */
export const functions: Record<string, Callable> = {
  not: (value) => !truthy(value),
  len(value) {
    if (typeof value === 'string') return new TextEncoder().encode(value).length;
    if (typeof value !== 'object' || value === null) throw new Error(value === undefined || value === null ? 'len of nil pointer' : `len of type ${goType(value)}`);
    return Array.isArray(value) ? value.length : Object.keys(value).length;
  },
  index: (value, ...keys) => keys.reduce(item, value),
  slice: (value: string | unknown[], from = 0, to = value.length) => value.slice(from, to),
  eq: (first, ...others) => others.some((other) => equal(first, other)),
  ne: (a, b) => !equal(a, b),
  lt: (a, b) => less(a, b),
  le: (a, b) => less(a, b) || equal(a, b),
  gt: (a, b) => !less(a, b) && !equal(a, b),
  ge: (a, b) => !less(a, b),
  print: sprint,
  println: (...args) => `${args.map(goPrint).join(' ')}\n`,
  printf: sprintf,
  html: (...args) => sprint(...args).replace(/[&<>"']/g, (c) => escapes[c]!),
  urlquery: (...args) => encodeURIComponent(sprint(...args)).replaceAll('%20', '+'),
  exists: (value, ...keys) => keys.every((key) => (value = typeof value === 'object' && value !== null ? (value as any)[key] : undefined) !== undefined),
  base64decode: decoded,
};

export const functionNames: ReadonlySet<string> = new Set([...Object.keys(functions), 'and', 'or']);
