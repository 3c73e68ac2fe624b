// Which node's range an address lies in: the longest prefix wins, as in a routing table.
import { toNumber } from '../ipam.ts';

export interface Found {
  node: string;
  /** Length of the prefix. */
  bits: number;
}

export class Prefixes {
  /** Bits → first address → node; the longest prefix first. */
  readonly #tables: { bits: number; size: number; nodes: Map<number, string> }[] = [];

  add(cidr: string, node: string): void {
    const [address = '', length] = cidr.split('/');
    const bits = Number(length);
    const size = 2 ** (32 - bits);
    let table = this.#tables.find((one) => one.bits === bits);
    if (!table) {
      this.#tables.push((table = { bits, size, nodes: new Map() }));
      this.#tables.sort((a, b) => b.bits - a.bits);
    }
    const number = toNumber(address);
    table.nodes.set(number - (number % size), node);
  }

  find(address: string): Found | undefined {
    const number = toNumber(address);
    for (const { bits, size, nodes } of this.#tables) {
      const node = nodes.get(number - (number % size));
      if (node !== undefined) return { node, bits };
    }
    return undefined;
  }
}
