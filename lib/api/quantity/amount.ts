// Quantities: `100m`, `1.5`, `64Mi`, `1e3`. Exact numbers with the format they were written in.
import { canonical } from './canonical.ts';
import { divideUp, fits, int64, maxInt64, pow10, type QuantityFormat } from './units.ts';

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
      if (this.big) return int64(int64(this.unscaled) * (up > 18 ? -maxInt64 - 1n : pow10(up)));
      return fits(value) ? value : wrapping.has(up) ? int64(value) : 0n;
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

/** Powers of ten by which Kubernetes multiplies in one go: what overflows there is wrapped, elsewhere it is 0. */
const wrapping = new Set([1, 2, 3, 6, 9]);

function sum(a: Quantity, b: Quantity, amount: bigint, format: QuantityFormat): Quantity {
  if (!a.big && !b.big) {
    if (amount === 0n) return new Quantity(a.unscaled, a.scale, format);
    if (a.unscaled === 0n) return new Quantity(amount, b.scale, format);
  }
  const scale = Math.min(a.scale, b.scale);
  const [x, y] = [a.unscaled * pow10(a.scale - scale), amount * pow10(b.scale - scale)];
  return new Quantity(x + y, scale, format, { big: a.big || b.big || !fits(x) || !fits(y) || !fits(x + y) });
}
