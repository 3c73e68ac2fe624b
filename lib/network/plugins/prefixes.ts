// Which node's range an address lies in: the longest prefix wins, as in a routing table.
import { numberOf, prefixOf } from '../ipam.ts';

export interface Found {
  node: string;
  /** Length of the prefix. */
  bits: number;
}

/** Of one address family. */
export class Prefixes {
  /** Bits → prefix → node; the longest prefix first. */
  readonly #tables: { bits: number; nodes: Map<number | bigint, string> }[] = [];

  add(cidr: string, node: string): void {
    const [address = '', length] = cidr.split('/');
    const bits = Number(length);
    let table = this.#tables.find((one) => one.bits === bits);
    if (!table) {
      this.#tables.push((table = { bits, nodes: new Map() }));
      this.#tables.sort((a, b) => b.bits - a.bits);
    }
    table.nodes.set(prefixOf(numberOf(address), bits), node);
  }

  find(address: string): Found | undefined {
    const number = numberOf(address);
    for (const { bits, nodes } of this.#tables) {
      const node = nodes.get(prefixOf(number, bits));
      if (node !== undefined) return { node, bits };
    }
    return undefined;
  }
}
