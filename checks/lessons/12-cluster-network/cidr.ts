// Ranges as a first address and a number of addresses.
import type { Random } from '../../../lib/index.ts';

export interface Range {
  first: number;
  count: number;
}

export const numberOf = (ip: string) => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
export const textOf = (number: number) => [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');

/** Undefined for what is no range of IPv4. */
export function rangeOf(cidr: unknown): Range | undefined {
  const [, ip = '', bits = ''] = /^((?:\d{1,3}\.){3}\d{1,3})\/(\d{1,2})$/.exec(String(cidr)) ?? [];
  if (!ip || ip.split('.').some((part) => Number(part) > 255) || Number(bits) > 32) return undefined;
  const count = 2 ** (32 - Number(bits));
  return { first: Math.floor(numberOf(ip) / count) * count, count };
}

export const meet = (a: Range, b: Range) => a.first < b.first + b.count && b.first < a.first + a.count;
export const within = (inner: Range, outer: Range) => inner.first >= outer.first && inner.first + inner.count <= outer.first + outer.count;

/** A range that contains the address; `loose`: written with any address of it. */
export function around(ip: number, bits: number, { random, loose }: { random: Random; loose: boolean }): string {
  const count = 2 ** (32 - bits);
  const first = Math.floor(ip / count) * count;
  return `${textOf(loose ? first + random.int(Math.min(count, 65_536)) : first)}/${bits}`;
}
