/** Hands out the addresses of a range in turn, as the host-local plug-in does: a freed one comes round last. */
export class PodRange {
  readonly cidr: string;
  readonly base: number;
  readonly size: number;
  readonly #first: number;
  readonly #last: number;
  #next: number;
  #used = new Set<number>();

  /** `edges`: the first two addresses and the last are given out too, as in a block that is no network of its own. */
  constructor(cidr: string, { edges = false } = {}) {
    const [address = '', bits = '24'] = cidr.split('/');
    this.cidr = cidr;
    this.size = 2 ** (32 - Number(bits));
    this.base = toNumber(address) - (toNumber(address) % this.size);
    [this.#first, this.#last] = edges ? [0, this.size - 1] : [2, this.size - 2];
    this.#next = this.#first;
  }

  get full(): boolean {
    return this.#used.size > this.#last - this.#first;
  }

  /** The first address is the bridge's; throws when all others are taken. */
  allocate(): string {
    if (this.full) throw new Error(`failed to allocate for range 0: no IP addresses available in range set: ${toAddress(this.base + 1)}-${toAddress(this.base + this.size - 2)}`);
    while (this.#used.has(this.#next)) this.#advance();
    const host = this.#next;
    this.#used.add(host);
    this.#advance();
    return toAddress(this.base + host);
  }

  release(address: string): boolean {
    return this.#used.delete(toNumber(address) - this.base);
  }

  has(address: string): boolean {
    const at = toNumber(address) - this.base;
    return at >= 0 && at < this.size;
  }

  #advance(): void {
    this.#next = this.#next >= this.#last ? this.#first : this.#next + 1;
  }
}

export function toNumber(address: string): number {
  let out = 0;
  for (const part of address.split('.')) out = out * 256 + Number(part);
  return out;
}

export function toAddress(number: number): string {
  return `${Math.floor(number / 2 ** 24)}.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}
