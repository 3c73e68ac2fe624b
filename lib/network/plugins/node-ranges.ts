// Which node's range an address lies in, as far as the nodes have ranges by now.
import type { Addresses } from './addresses.ts';
import { type Found, Prefixes } from './prefixes.ts';

export class NodeRanges {
  readonly #addresses: Addresses;
  readonly #hosts: ReadonlyMap<string, unknown>;
  /** A node that has no range yet may get one without anybody being told: it is asked again. */
  readonly #askAgain: boolean;
  #read: { table: Prefixes; version: number; hosts: number; without: readonly string[] } | undefined;

  constructor(addresses: Addresses, hosts: ReadonlyMap<string, unknown>, { askAgain }: { askAgain: boolean }) {
    this.#addresses = addresses;
    this.#hosts = hosts;
    this.#askAgain = askAgain;
  }

  find(address: string): Found | undefined {
    const known = this.#read;
    const current = known && known.version === this.#addresses.version && known.hosts === this.#hosts.size ? known : this.#add([...this.#hosts.keys()], new Prefixes());
    const found = current.table.find(address);
    if (found || !this.#askAgain || current.without.length === 0) return found;
    return this.#add(current.without, current.table).table.find(address);
  }

  #add(nodes: readonly string[], table: Prefixes) {
    const without: string[] = [];
    for (const node of nodes) {
      const ranges = this.#addresses.ranges(node);
      if (ranges.length === 0) without.push(node);
      for (const cidr of ranges) table.add(cidr, node);
    }
    return (this.#read = { table, version: this.#addresses.version, hosts: this.#hosts.size, without });
  }
}
