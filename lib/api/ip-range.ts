// The range that cluster IPs of services come from (pkg/registry/core/service/ipallocator).
import { freePlace } from './free-place.ts';
import { parseIP } from './names.ts';

const errors = {
  full: 'range is full',
  allocated: 'provided IP is already allocated',
} as const;

/** An address as a number, its family remembered; undefined when the text is none. */
interface Address {
  value: bigint;
  family: 4 | 6;
}

export function parseAddress(text: string): Address | undefined {
  const family = parseIP(text);
  if (family === undefined) return undefined;
  if (text.includes(':')) {
    const value = readIPv6(text);
    return family === 4 ? { value: value & 0xffffffffn, family } : { value, family };
  }
  return { value: readIPv4(text), family };
}

const readIPv4 = (text: string) => text.split('.').reduce((value, part) => (value << 8n) | BigInt(Number(part)), 0n);

function readIPv6(text: string): bigint {
  const plain = text.replace(/\d+\.\d+\.\d+\.\d+$/, (ipv4) => {
    const value = readIPv4(ipv4);
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
  });
  const [left = '', right] = plain.split('::');
  const groups = (half: string) => (half === '' ? [] : half.split(':'));
  const [head, tail] = [groups(left), groups(right ?? '')];
  const all = [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
  return all.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

export function formatAddress({ value, family }: Address): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => (value >> BigInt(112 - 16 * i)) & 0xffffn);
  return compress(groups.map((group) => group.toString(16)));
}

/** The address that a name in `in-addr.arpa` or, nibble by nibble, `ip6.arpa` is of; undefined when it is none, or only part of one. */
export function addressOfReverse(name: string): string | undefined {
  const [, digits = '', zone] = /^(.+)\.(in-addr|ip6)\.arpa$/.exec(name) ?? [];
  const parts = digits.split('.').reverse();
  const text = zone === 'ip6' ? (parts.join('').match(/.{1,4}/g) ?? []).join(':') : parts.join('.');
  const address = parts.length === (zone === 'ip6' ? 32 : 4) ? parseAddress(text) : undefined;
  return address && formatAddress(address);
}

/** The longest run of two or more zero groups becomes `::`. */
function compress(groups: readonly string[]): string {
  let [best, length] = [-1, 1];
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === '0') end++;
    if (end - i > length) [best, length] = [i, end - i];
  }
  if (best < 0) return groups.join(':');
  return `${groups.slice(0, best).join(':')}::${groups.slice(best + length).join(':')}`;
}

/** Addresses of one range, given out by name or by a chooser. The first address is never given out. */
export class IPRange {
  readonly cidr: string;
  readonly family: 'IPv4' | 'IPv6';
  /** How many addresses can be given out. */
  readonly size: number;
  readonly #base: Address;
  readonly #bits: bigint;
  readonly #used = new Set<number>();

  constructor(cidr: string) {
    const [text = '', prefix] = cidr.split('/');
    const address = parseAddress(text);
    if (!address || !/^\d+$/.test(prefix ?? '')) throw new RangeError(`invalid CIDR address: ${cidr}`);
    const width = address.family === 4 ? 32 : 128;
    this.#bits = BigInt(width - Number(prefix));
    this.#base = { value: (address.value >> this.#bits) << this.#bits, family: address.family };
    this.family = `IPv${address.family}`;
    this.cidr = `${formatAddress(this.#base)}/${prefix}`;
    // Without the network's own address; IPv4 also lacks the broadcast address. Large IPv6 ranges are cut to 64k.
    const tooWide = Number(this.#bits) >= width - 1;
    const all = tooWide ? 0 : 2 ** Math.min(Number(this.#bits), 40);
    const usable = address.family === 4 ? all - 2 : Math.min(all, 65536) - 1;
    this.size = Math.max(0, usable);
  }

  /** How many addresses at the low end are kept for those who name theirs (KEP-3070): a sixteenth, 16 to 256. */
  get staticPart(): number {
    const all = 2 ** Number(this.#bits);
    return all <= 16 ? 0 : Math.min(Math.max(Math.floor(all / 16), 16), 256);
  }

  get free(): number {
    return this.size - this.#used.size;
  }

  /** Takes an address; throws an Error with Kubernetes' words when it is outside or taken. */
  allocate(text: string): void {
    const offset = this.#offset(text);
    if (offset === undefined) throw new Error(`provided IP is not in the valid range. The range of valid IPs is ${this.cidr}`);
    if (this.#used.has(offset)) throw new Error(errors.allocated);
    this.#used.add(offset);
  }

  release(text: string): void {
    const offset = this.#offset(text);
    if (offset !== undefined) this.#used.delete(offset);
  }

  /** True for addresses that it gives out. */
  covers(text: string): boolean {
    return this.#offset(text) !== undefined;
  }

  has(text: string): boolean {
    const offset = this.#offset(text);
    return offset !== undefined && this.#used.has(offset);
  }

  /**
   * Takes a free address: the first one at or after a place that `choose(n)` names (0 to n-1), round the range.
   * `reserved` addresses at the low end are taken only when the others are used up.
   */
  allocateNext(choose: (n: number) => number, { reserved = 0 }: { reserved?: number } = {}): string {
    if (this.free <= 0) throw new Error(errors.full);
    const offset = freePlace(this.#used, { size: this.size, reserved, choose });
    if (offset === undefined) throw new Error(errors.full);
    this.#used.add(offset);
    return this.at(offset);
  }

  /** The address that can be given out after so many others. */
  at = (offset: number) => formatAddress({ value: this.#base.value + 1n + BigInt(offset), family: this.#base.family });

  #offset(text: string): number | undefined {
    const address = parseAddress(text);
    if (!address || address.family !== this.#base.family || address.value >> this.#bits !== this.#base.value >> this.#bits) return undefined;
    const offset = Number(address.value - this.#base.value) - 1;
    return offset >= 0 && offset < this.size ? offset : undefined;
  }
}
