// How quantities are read.
import { Quantity } from './amount.ts';
import { canonical } from './canonical.ts';
import { divideUp, fits, maxInt64, pow10, type QuantityFormat, suffixes } from './units.ts';

const quantityFormatError = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const quantitySuffixError = "unable to parse quantity's suffix";

// No digit fits two places of it: a long number is read in one go.
const shape = /^([+-]?)0*((?:[1-9][0-9]*)?)(?:\.([0-9]*))?((?:[eEinumkKMGTP]+[-+]?[0-9]*|[-+][0-9]*)?)$/;

/** Reads a quantity as the API does; throws an Error with Kubernetes' message. */
export function parseQuantity(input: string | number): Quantity {
  const text = String(input);
  if (text === '0') return new Quantity(0n, 0, 'DecimalSI', { text });
  const found = shape.exec(text);
  if (text === '' || !found) throw new Error(quantityFormatError);
  const [, sign, digits, fraction = '', suffix] = found;
  const read = interpret(suffix!);
  if (!read) throw new Error(quantitySuffixError);
  const number = digits === '' ? '0' : digits!;
  return small(read, { negative: sign === '-', number, fraction, text }) ?? large(read, { negative: sign === '-', number, fraction });
}

interface Suffix {
  base: 2 | 10;
  exponent: number;
  format: QuantityFormat;
}

function interpret(suffix: string): Suffix | undefined {
  const known = Object.hasOwn(suffixes, suffix) ? suffixes[suffix] : undefined;
  if (known) return { base: known[0], exponent: known[1], format: known[0] === 2 ? 'BinarySI' : 'DecimalSI' };
  if (!/^[eE][-+]?[0-9]+$/.test(suffix)) return undefined;
  const exponent = BigInt(suffix.slice(1).replace('+', ''));
  return fits(exponent) ? { base: 10, exponent: Number(BigInt.asIntN(32, exponent)), format: 'DecimalExponent' } : undefined;
}

interface Parts {
  negative: boolean;
  number: string;
  fraction: string;
  text?: string;
}

/** Numbers of up to 18 digits, which Kubernetes keeps as int64. */
function small({ base, exponent, format }: Suffix, { negative, number, fraction, text }: Parts): Quantity | undefined {
  const binaryWhole = base === 2 && fraction === '';
  const precision = base === 10 ? 18 - number.length - fraction.length : binaryWhole ? 14 - number.length - (exponent * 3) / 10 : -1;
  const scale = (base === 10 ? exponent : 0) - fraction.length;
  if (precision < 0 || scale < -9) return undefined;
  const digits = number + fraction;
  const unsigned = BigInt(digits);
  const value = base === 2 ? unsigned << BigInt(exponent) : unsigned;
  if (!fits(value)) return undefined;
  const keeps = base === 2 ? (unsigned & 7n) !== 0n : scale % 3 === 0 && !digits.endsWith('000') && digits[0] !== '0';
  return new Quantity(negative ? -value : value, scale, format, { text: keeps ? text : undefined });
}

function large({ base, exponent, format }: Suffix, { negative, number, fraction }: Parts): Quantity {
  let unscaled = BigInt(number + fraction);
  let scale = (base === 10 ? exponent : 0) - fraction.length;
  if (base === 2) unscaled <<= BigInt(exponent);
  // Nothing finer than nano is kept.
  if (unscaled !== 0n) [unscaled, scale] = [scale < -9 ? divideUp(unscaled, pow10(-9 - scale)) : unscaled * pow10(scale + 9), -9];
  if (base === 2 && unscaled > maxInt64 * pow10(9)) [unscaled, scale] = [maxInt64, 0];
  const fractionOfOne = base === 2 && scale < 0 && unscaled > 0n && unscaled < pow10(-scale);
  return new Quantity(negative ? -unscaled : unscaled, scale, fractionOfOne ? 'DecimalSI' : format, { big: true });
}

const milliCache = new Map<string, number>();
const valueCache = new Map<string, number>();

function cached(cache: Map<string, number>, text: string, compute: (q: Quantity) => number): number {
  let found = cache.get(text);
  if (found === undefined) {
    found = compute(parseQuantity(text));
    if (cache.size > 10_000) cache.clear();
    cache.set(text, found);
  }
  return found;
}

/** Milli-cores of a cpu quantity; 0 when missing. Remembered by text. */
export function cpuMilli(quantity: string | number | undefined | null): number {
  if (quantity === undefined || quantity === null) return 0;
  return cached(milliCache, String(quantity), (q) => q.milliValue());
}

/** Bytes (or whole units) of a quantity, rounded up; 0 when missing. Remembered by text. */
export function bytes(quantity: string | number | undefined | null): number {
  if (quantity === undefined || quantity === null) return 0;
  return cached(valueCache, String(quantity), (q) => q.value());
}

/** So many bytes as a quantity: `1Gi`. */
export const binaryQuantity = (amount: number): string => canonical(new Quantity(BigInt(amount), 0, 'BinarySI'));
