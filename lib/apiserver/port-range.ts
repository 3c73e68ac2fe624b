// The range that node ports come from (pkg/registry/core/service/portallocator).
import { freePlace } from '../api/index.ts';

export class PortRange {
  readonly #first: number;
  readonly #size: number;
  readonly #used = new Set<number>();

  constructor(first: number, last: number) {
    this.#first = first;
    this.#size = last - first + 1;
  }

  /** How many ports at the low end are kept for those who name theirs (KEP-3668): a 32nd, 16 to 128. */
  get staticPart(): number {
    return this.#size <= 16 ? 0 : Math.min(Math.max(Math.floor(this.#size / 32), 16), 128);
  }

  /** Takes a port; says in Kubernetes' words why it cannot be had. */
  allocate(port: number): string | undefined {
    const place = port - this.#first;
    if (place < 0 || place >= this.#size) return `provided port is not in the valid range. The range of valid ports is ${this.#first}-${this.#first + this.#size - 1}`;
    if (this.#used.has(place)) return 'provided port is already allocated';
    this.#used.add(place);
    return undefined;
  }

  release(port: number): void {
    this.#used.delete(port - this.#first);
  }

  /** Undefined when the range is full. */
  allocateNext(choose: (n: number) => number, reserved: number): number | undefined {
    const place = freePlace(this.#used, { size: this.#size, reserved, choose });
    if (place === undefined) return undefined;
    this.#used.add(place);
    return this.#first + place;
  }
}
