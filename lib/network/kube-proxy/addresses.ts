// Addresses and ranges of both families, as numbers that can be compared.
import { formatAddress } from '../../api/index.ts';
import type { Family } from './types.ts';

export const familyOf = (address: string): Family => (address.includes(':') ? 'IPv6' : 'IPv4');
export const hostPort = (ip: string, port: number): string => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);
export const single = (ip: string): string => `${ip}/${ip.includes(':') ? 128 : 32}`;

/** The number of an address; undefined when it is none. */
export function addressNumber(address: string): bigint | undefined {
  return address.includes(':') ? number6(address) : number4(address);
}

function number4(address: string): bigint | undefined {
  const parts = address.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function number6(address: string): bigint | undefined {
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const [front, back] = [groups(head), groups(tail ?? '')];
  const missing = 8 - front.length - back.length;
  if (missing < 0 || (tail === undefined && missing > 0)) return undefined;
  const all = [...front, ...Array<string>(missing).fill('0'), ...back];
  if (!all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return all.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}

export interface Range {
  readonly family: Family;
  readonly base: bigint;
  readonly bits: number;
  /** Of IPv4: the same in 32 bits, which are compared faster. */
  readonly base32: number;
  readonly mask32: number;
}

/** `10.0.0.0/8`, or an address alone; undefined when it is neither. */
export function parseRange(text: string): Range | undefined {
  const [address = '', length] = text.split('/');
  const [family, number] = [familyOf(address), addressNumber(address)];
  const width = family === 'IPv6' ? 128 : 32;
  const bits = length === undefined ? width : Number(length);
  if (number === undefined || !Number.isInteger(bits) || bits < 0 || bits > width) return undefined;
  const host = BigInt(width - bits);
  const base = (number >> host) << host;
  const mask32 = bits === 0 || family === 'IPv6' ? 0 : (-1 << (32 - bits)) >>> 0;
  return { family, base, bits, base32: family === 'IPv6' ? 0 : Number(base), mask32 };
}

export function contains({ family, base, bits, base32, mask32 }: Range, address: string): boolean {
  if (familyOf(address) !== family) return false;
  if (family === 'IPv4') return ((address32(address) & mask32) >>> 0) === base32;
  const host = BigInt(128 - bits);
  const number = addressNumber(address);
  return number !== undefined && number >> host === base >> host;
}

/** The number of a valid IPv4 address. */
function address32(address: string): number {
  let [out, part] = [0, 0];
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i);
    if (code !== 46) part = part * 10 + code - 48;
    else {
      out = (out << 8) | part;
      part = 0;
    }
  }
  return (out << 8) | part;
}

/** As a kernel shows it: without host bits, a single address without its length. */
export function canonicalRange(text: string): string {
  const range = parseRange(text);
  if (!range) return text;
  const whole = range.bits === (range.family === 'IPv6' ? 128 : 32);
  return whole ? text.split('/')[0]! : `${addressText(range.base, range.family)}/${range.bits}`;
}

/** `2001:db8::1`. */
export const addressText = (value: bigint, family: Family): string => formatAddress({ value, family: family === 'IPv6' ? 6 : 4 });
