// How quantities are printed.
import type { Quantity } from './amount.ts';
import { binarySuffix, decimalSuffix, pow10 } from './units.ts';

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
