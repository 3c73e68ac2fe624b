// Suffixes of quantities, and exact integer arithmetic.
export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

export const suffixes: Record<string, [base: 2 | 10, exponent: number]> = {
  n: [10, -9], u: [10, -6], m: [10, -3], '': [10, 0], k: [10, 3], M: [10, 6], G: [10, 9], T: [10, 12], P: [10, 15], E: [10, 18],
  Ki: [2, 10], Mi: [2, 20], Gi: [2, 30], Ti: [2, 40], Pi: [2, 50], Ei: [2, 60],
};
export const decimalSuffix = new Map<number, string>();
export const binarySuffix = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
for (const [text, [base, exponent]] of Object.entries(suffixes)) if (base === 10) decimalSuffix.set(exponent, text);

export const maxInt64 = 2n ** 63n - 1n;
export const int64 = (value: bigint) => BigInt.asIntN(64, value);
export const fits = (value: bigint) => value >= -maxInt64 - 1n && value <= maxInt64;
// No number that fits anywhere needs more digits than this; `1e2147483647` must not fill the memory.
export const pow10 = (exponent: number) => 10n ** BigInt(Math.min(exponent, 5000));

/** Rounds away from zero. */
export function divideUp(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor === 0n ? quotient : quotient + (value > 0n ? 1n : -1n);
}
