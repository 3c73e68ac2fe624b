// Addresses and ranges of both families, as numbers that can be compared.
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
}

/** `10.0.0.0/8`, or an address alone; undefined when it is neither. */
export function parseRange(text: string): Range | undefined {
  const [address = '', length] = text.split('/');
  const [family, number] = [familyOf(address), addressNumber(address)];
  const width = family === 'IPv6' ? 128 : 32;
  const bits = length === undefined ? width : Number(length);
  if (number === undefined || !Number.isInteger(bits) || bits < 0 || bits > width) return undefined;
  const host = BigInt(width - bits);
  return { family, base: (number >> host) << host, bits };
}

export function contains({ family, base, bits }: Range, address: string): boolean {
  if (familyOf(address) !== family) return false;
  const host = BigInt((family === 'IPv6' ? 128 : 32) - bits);
  const number = addressNumber(address);
  return number !== undefined && number >> host === base >> host;
}

/** As a kernel shows it: without host bits, a single address without its length. */
export function canonicalRange(text: string): string {
  const range = parseRange(text);
  if (!range) return text;
  const whole = range.bits === (range.family === 'IPv6' ? 128 : 32);
  return whole ? text.split('/')[0]! : `${addressText(range.base, range.family)}/${range.bits}`;
}

function addressText(number: bigint, family: Family): string {
  if (family === 'IPv4') return [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((number >> BigInt(112 - 16 * i)) & 65535n).toString(16));
  return groups.join(':').replace(/\b0(?::0\b){1,7}/, ':').replace(/:{3,}/, '::');
}
