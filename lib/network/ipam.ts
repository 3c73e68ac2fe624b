import { addressNumber, addressText, parseRange, type Range } from './kube-proxy/addresses.ts';
import type { Family } from './kube-proxy/types.ts';

/** Hands out the addresses of a range in turn, as the host-local plug-in does: a freed one comes round last. */
export class PodRange {
  readonly cidr: string;
  readonly family: Family;
  readonly size: number;
  readonly #range: Range;
  readonly #first: number;
  readonly #last: number;
  #next: number;
  #used = new Set<number>();

  /** `edges`: the first two addresses and the last are given out too, as in a block that is no network of its own. */
  constructor(cidr: string, { edges = false } = {}) {
    const range = parseRange(cidr);
    if (!range) throw new RangeError(`invalid CIDR address: ${cidr}`);
    this.cidr = cidr;
    this.family = range.family;
    this.#range = range;
    this.size = 2 ** (widthOf(cidr) - range.bits);
    // The last address of an IPv4 network is everybody's; IPv6 has no such thing.
    [this.#first, this.#last] = edges ? [0, this.size - 1] : [2, range.family === 'IPv6' ? this.size - 1 : this.size - 2];
    this.#next = this.#first;
  }

  get full(): boolean {
    return this.#used.size > this.#last - this.#first;
  }

  /** The address that many after the first. */
  at(offset: number): string {
    const { family, base, base32 } = this.#range;
    return family === 'IPv6' ? addressText(base + BigInt(offset), family) : toAddress(base32 + offset);
  }

  /** How many addresses lie before it; negative when it comes before the range. */
  offsetOf(address: string): number {
    const { family, base, base32 } = this.#range;
    if (address.includes(':') !== (family === 'IPv6')) return -1;
    return family === 'IPv6' ? Number(addressNumber(address)! - base) : toNumber(address) - base32;
  }

  /** The first address is the bridge's; throws when all others are taken. */
  allocate(): string {
    if (this.full) throw new Error(`failed to allocate for range 0: no IP addresses available in range set: ${this.at(1)}-${this.at(this.#last)}`);
    while (this.#used.has(this.#next)) this.#advance();
    const host = this.#next;
    this.#used.add(host);
    this.#advance();
    return this.at(host);
  }

  release(address: string): boolean {
    return this.#used.delete(this.offsetOf(address));
  }

  has(address: string): boolean {
    const at = this.offsetOf(address);
    return at >= 0 && at < this.size;
  }

  #advance(): void {
    this.#next = this.#next >= this.#last ? this.#first : this.#next + 1;
  }
}

/** Bits of an address of its family. */
export const widthOf = (address: string): number => (address.includes(':') ? 128 : 32);

/** Of IPv4. */
export function toNumber(address: string): number {
  let out = 0;
  for (const part of address.split('.')) out = out * 256 + Number(part);
  return out;
}

export function toAddress(number: number): string {
  return `${Math.floor(number / 2 ** 24)}.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}

/** An address as a number that can be compared with others of its family. */
export const numberOf = (address: string): number | bigint => (address.includes(':') ? addressNumber(address)! : toNumber(address));

/** The part of its number that addresses of one network share. */
export const prefixOf = (number: number | bigint, bits: number): number | bigint => (typeof number === 'bigint' ? number >> BigInt(128 - bits) : Math.floor(number / 2 ** (32 - bits)));
