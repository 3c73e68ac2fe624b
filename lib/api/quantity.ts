// Quantities: `100m`, `1.5`, `64Mi`, `1e3`. Exact numbers with the format they were written in.

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

const suffixes: Record<string, [base: 2 | 10, exponent: number]> = {
  n: [10, -9], u: [10, -6], m: [10, -3], '': [10, 0], k: [10, 3], M: [10, 6], G: [10, 9], T: [10, 12], P: [10, 15], E: [10, 18],
  Ki: [2, 10], Mi: [2, 20], Gi: [2, 30], Ti: [2, 40], Pi: [2, 50], Ei: [2, 60],
};
const decimalSuffix = new Map<number, string>();
const binarySuffix = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
for (const [text, [base, exponent]] of Object.entries(suffixes)) if (base === 10) decimalSuffix.set(exponent, text);

export const quantityFormatError = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
export const quantitySuffixError = "unable to parse quantity's suffix";

const maxInt64 = 2n ** 63n - 1n;
const int64 = (value: bigint) => BigInt.asIntN(64, value);
const fits = (value: bigint) => value >= -maxInt64 - 1n && value <= maxInt64;
// No number that fits anywhere needs more digits than this; `1e2147483647` must not fill the memory.
const pow10 = (exponent: number) => 10n ** BigInt(Math.min(exponent, 5000));

/** Rounds away from zero. */
function divideUp(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor === 0n ? quotient : quotient + (value > 0n ? 1n : -1n);
}

/**
 * An amount `unscaled × 10^scale`, never changed in place. `big` marks amounts that Kubernetes keeps as arbitrary
 * decimals rather than as int64: only their overflow differs.
 */
export class Quantity {
  readonly unscaled: bigint;
  readonly scale: number;
  readonly format: QuantityFormat;
  readonly big: boolean;
  #text: string | undefined;

  constructor(unscaled: bigint, scale: number, format: QuantityFormat, { big = false, text }: { big?: boolean; text?: string | undefined } = {}) {
    this.unscaled = unscaled;
    this.scale = scale;
    this.format = format;
    this.big = big;
    this.#text = text;
  }

  get sign(): -1 | 0 | 1 {
    return this.unscaled === 0n ? 0 : this.unscaled > 0n ? 1 : -1;
  }

  /** As the API prints it: the text as written where that is canonical enough, else the canonical form. */
  toString(): string {
    return (this.#text ??= canonical(this));
  }

  toJSON(): string {
    return this.toString();
  }

  /** The text that the quantity keeps from parsing. */
  get text(): string | undefined {
    return this.#text;
  }

  /** Whole units as a bigint, undefined when there is a fraction or it is no int64. */
  asInt64(): bigint | undefined {
    if (this.big || this.scale < 0) return undefined;
    const value = this.unscaled * pow10(this.scale);
    return fits(value) ? value : undefined;
  }

  /** In units of 10^scale, rounded up; overflow behaves as in Kubernetes (0 or wrapped). */
  scaled(scale: number): bigint {
    const up = this.scale - scale;
    if (up >= 0) {
      const value = this.unscaled * pow10(up);
      return this.big ? int64(int64(this.unscaled) * (up > 18 ? -maxInt64 - 1n : pow10(up))) : fits(value) ? value : 0n;
    }
    const divisor = pow10(-up);
    if (!this.big) return divideUp(this.unscaled, divisor);
    // Large negative amounts are rounded towards +infinity after truncation, as scale_int.go does.
    const truncated = this.unscaled < maxInt64 && -up < 19;
    const unscaled = truncated ? int64(this.unscaled) : this.unscaled;
    const quotient = truncated || unscaled >= 0n || unscaled % divisor === 0n ? unscaled / divisor : unscaled / divisor - 1n;
    return int64(unscaled % divisor === 0n ? quotient : quotient + 1n);
  }

  /** Whole units, rounded up. */
  value(): number {
    return Number(this.scaled(0));
  }

  /** Thousandths, rounded up. */
  milliValue(): number {
    return Number(this.scaled(-3));
  }

  cmp(other: Quantity): -1 | 0 | 1 {
    const scale = Math.min(this.scale, other.scale);
    const [a, b] = [this.unscaled * pow10(this.scale - scale), other.unscaled * pow10(other.scale - scale)];
    return a === b ? 0 : a < b ? -1 : 1;
  }

  add(other: Quantity): Quantity {
    const format = this.unscaled === 0n ? other.format : this.format;
    return sum(this, other, other.unscaled, format);
  }

  sub(other: Quantity): Quantity {
    const format = this.unscaled === 0n ? other.format : this.format;
    return sum(this, other, -other.unscaled, format);
  }

  neg(): Quantity {
    return new Quantity(-this.unscaled, this.scale, this.format, { big: this.big });
  }

  /** Rounded up to a multiple of 10^scale; the same quantity when it already is one. */
  roundUp(scale: number): Quantity {
    if (!this.big && this.scale >= scale) return this;
    const unscaled = this.scale >= scale ? this.unscaled * pow10(this.scale - scale) : divideUp(this.unscaled, pow10(scale - this.scale));
    return new Quantity(unscaled, scale, this.format, { big: this.big });
  }
}

function sum(a: Quantity, b: Quantity, amount: bigint, format: QuantityFormat): Quantity {
  if (!a.big && !b.big) {
    if (amount === 0n) return new Quantity(a.unscaled, a.scale, format);
    if (a.unscaled === 0n) return new Quantity(amount, b.scale, format);
  }
  const scale = Math.min(a.scale, b.scale);
  const [x, y] = [a.unscaled * pow10(a.scale - scale), amount * pow10(b.scale - scale)];
  return new Quantity(x + y, scale, format, { big: a.big || b.big || !fits(x) || !fits(y) || !fits(x + y) });
}

/** The shortest form: no fraction, the largest suffix that keeps the number whole. */
export function canonical(quantity: Quantity): string {
  if (quantity.unscaled === 0n) return '0';
  if (quantity.format === 'BinarySI') {
    const whole = quantity.scale >= 0 || quantity.unscaled % pow10(-quantity.scale) === 0n;
    const value = quantity.scale >= 0 ? quantity.unscaled * pow10(quantity.scale) : quantity.unscaled / pow10(-quantity.scale);
    if (whole && (value <= -1024n || value >= 1024n)) return binary(value);
  }
  return decimal(quantity);
}

function binary(value: bigint): string {
  let [rest, times] = [value, 0];
  while (rest % 1024n === 0n) [rest, times] = [rest / 1024n, times + 1];
  return `${rest}${binarySuffix[times] ?? ''}`;
}

function decimal({ unscaled, scale, format }: Quantity): string {
  let [rest, exponent] = [unscaled, scale];
  while (rest % 10n === 0n) [rest, exponent] = [rest / 10n, exponent + 1];
  while (exponent % 3 !== 0) [rest, exponent] = [rest * 10n, exponent - 1];
  if (format === 'DecimalExponent') return exponent === 0 ? String(rest) : `${rest}e${exponent}`;
  // A number too large for the largest suffix loses it, in Kubernetes too.
  return `${rest}${decimalSuffix.get(exponent) ?? ''}`;
}

const shape = /^([+-]?)0*([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/;

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
