// JSON values as Go's scalar types read them.
import { parseQuantity } from '../quantity.ts';
import { goTimeError } from './go-time.ts';
import type { Scalar } from './types.ts';

/** What is wrong with a value. `json` is its JSON type, `text` a message of its own (a quantity, a time). */
export interface Mismatch {
  text?: string;
  expected: string;
}

const expected: Record<Scalar, string> = { s: 'string', i: 'int32', l: 'int64', n: 'float64', b: 'bool', y: '[]uint8', q: 'Quantity', o: 'IntOrString', t: 'Time', u: 'MicroTime', a: 'RawExtension' };

export const isMismatch = (value: unknown): value is Mismatch => typeof value === 'object' && value !== null && 'expected' in value;

const isInt32 = (value: number) => Number.isInteger(value) && Math.abs(value + 0.5) < 2147483648;

/** The value as Go would print it again, or what is wrong with it. */
export function readScalar(scalar: Scalar, value: unknown): unknown {
  const wrong: Mismatch = { expected: expected[scalar] };
  switch (scalar) {
    case 's':
      return typeof value === 'string' ? value : wrong;
    case 'b':
      return typeof value === 'boolean' ? value : wrong;
    case 'n':
      return typeof value === 'number' ? value : wrong;
    case 'i':
      return typeof value === 'number' && isInt32(value) ? value : wrong;
    case 'l':
      return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 2 ** 63 ? value : wrong;
    case 'y':
      return typeof value === 'string' ? readBytes(value) : wrong;
    case 'q':
      return readQuantity(value);
    case 'o':
      return typeof value === 'string' || (typeof value === 'number' && isInt32(value)) ? value : wrong;
    case 't':
    case 'u':
      return typeof value === 'string' ? readTime(value, scalar === 'u') : wrong;
    default:
      return value;
  }
}

const known = new Map<string, string>();

function readQuantity(value: unknown): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return { text: "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'", expected: 'Quantity' } satisfies Mismatch;
  const text = String(value).trim();
  let found = known.get(text);
  if (found === undefined) {
    try {
      // API defaulting rounds every amount up to thousandths.
      found = parseQuantity(text).roundUp(-3).toString();
    } catch (error) {
      return { text: (error as Error).message, expected: 'Quantity' } satisfies Mismatch;
    }
    if (known.size < 10_000) known.set(text, found);
  }
  return found;
}

function readBytes(text: string): unknown {
  const plain = text.replace(/[\r\n]/g, '');
  const at = plain.search(/[^A-Za-z0-9+/=]/);
  const full = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(plain);
  if (full) return plain;
  const bad = at >= 0 ? at : plain.length - (plain.length % 4 || 4);
  return { text: `illegal base64 data at input byte ${Math.max(bad, 0)}`, expected: '[]uint8' } satisfies Mismatch;
}

/** Times are printed in UTC, whole seconds; MicroTime with six digits. The beginning of time is none. */
function readTime(text: string, micro: boolean): unknown {
  const problem = goTimeError(text, micro ? 'micro' : 'seconds');
  if (problem) return { text: problem, expected: 'Time' } satisfies Mismatch;
  const time = Date.parse(text);
  const seconds = new Date(Math.floor(time / 1000) * 1000).toISOString().slice(0, 19);
  if (seconds === '0001-01-01T00:00:00') return null;
  return micro ? `${seconds}${text.slice(19, 26)}Z` : `${seconds}Z`;
}

/** The value that Go's zero prints as. */
export function zeroOf(scalar: Scalar): unknown {
  switch (scalar) {
    case 's':
    case 'y':
      return '';
    case 'i':
    case 'l':
    case 'n':
    case 'o':
      return 0;
    case 'b':
      return false;
    case 'q':
      return '0';
    default:
      return null;
  }
}
