/** Hands out the addresses of one node's pod range in turn, as the host-local plugin does: a freed one comes round last. */
export class PodRange {
  readonly cidr: string;
  #base: number;
  #size: number;
  #next = 2;
  #used = new Set<number>();

  constructor(cidr: string) {
    const [address = '', bits = '24'] = cidr.split('/');
    this.cidr = cidr;
    this.#size = 2 ** (32 - Number(bits));
    this.#base = toNumber(address) - (toNumber(address) % this.#size);
  }

  /** The first address is the bridge's; throws when all others are taken. */
  allocate(): string {
    const usable = this.#size - 3;
    if (this.#used.size >= usable) throw new Error(`failed to allocate for range 0: no IP addresses available in range set: ${toAddress(this.#base + 1)}-${toAddress(this.#base + this.#size - 2)}`);
    while (this.#used.has(this.#next)) this.#advance();
    const host = this.#next;
    this.#used.add(host);
    this.#advance();
    return toAddress(this.#base + host);
  }

  release(address: string): void {
    this.#used.delete(toNumber(address) - this.#base);
  }

  #advance(): void {
    this.#next = this.#next >= this.#size - 2 ? 2 : this.#next + 1;
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
