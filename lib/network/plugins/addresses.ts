// Where pods' addresses come from: four ways, one shape.
import { PodRange, widthOf } from '../ipam.ts';

export interface Addresses {
  /** Throws with the plug-in's words when there is none left. */
  allocate(node: string): string;
  release(node: string, ip: string): void;
  /** The ranges whose packets go to this node. */
  ranges(node: string): readonly string[];
  /** The node's own address among its pods: its bridge's, or its tunnel's. Undefined while it has none. */
  own(node: string): string | undefined;
  /** Grows when ranges come or go. */
  readonly version: number;
}

/** A range a node; `rangeOf` says which. `fallback` is for nodes that nobody gave one when their first pod comes. */
export function rangePerNode(rangeOf: (node: string) => string | undefined, fallback?: () => string): Addresses {
  const ranges = new Map<string, PodRange>();
  const range = (node: string, otherwise?: () => string) => {
    let found = ranges.get(node);
    const cidr = found ? undefined : (rangeOf(node) ?? otherwise?.());
    if (cidr) {
      ranges.set(node, (found = new PodRange(cidr)));
      version++;
    }
    return found;
  };
  let version = 0;
  return {
    allocate: (node) => range(node, fallback)!.allocate(),
    release: (node, ip) => void ranges.get(node)?.release(ip),
    ranges: (node) => [range(node)?.cidr ?? []].flat(),
    own: (node) => {
      const found = range(node);
      return found?.at(1);
    },
    get version() {
      return version;
    },
  };
}

export interface BlockOptions {
  cidr: string;
  bits: number;
  /** Which block a node tries first. */
  seed(node: string): number;
  /** The node takes the first address of its first block for its end of the tunnel. */
  tunnel: boolean;
}

/** Blocks of a pool that nodes claim when they need one; when all are claimed, a node borrows addresses of others' blocks. */
export function blocks({ cidr, bits, seed, tunnel }: BlockOptions): Addresses {
  const pool = new PodRange(cidr);
  const size = 2 ** (widthOf(cidr) - bits);
  const count = Math.max(1, pool.size / size);
  const claimed = new Map<number, { node: string; range: PodRange }>();
  const own = new Map<string, string>();
  const of = (node: string) => [...claimed.values()].filter((block) => block.node === node).map(({ range }) => range);
  function claim(node: string): PodRange | undefined {
    const first = seed(node) % count;
    for (let i = 0; i < count; i++) {
      const at = (first + i) % count;
      if (claimed.has(at)) continue;
      const range = new PodRange(`${pool.at(at * size)}/${bits}`, { edges: true });
      claimed.set(at, { node, range });
      if (tunnel && !own.has(node)) own.set(node, range.allocate());
      return range;
    }
    return undefined;
  }
  return {
    allocate(node) {
      const range = of(node).find(({ full }) => !full) ?? claim(node) ?? [...claimed.values()].find((block) => !block.range.full)?.range;
      if (!range) throw new Error(`Assigned 0 out of 1 requested ${pool.family} addresses; No IPs available in pools: [${cidr}]`);
      return range.allocate();
    },
    release(_node, ip) {
      for (const { range } of claimed.values()) if (range.has(ip)) range.release(ip);
    },
    ranges: (node) => of(node).map((range) => range.cidr),
    own: (node) => (tunnel && !own.has(node) && claim(node), own.get(node)),
    get version() {
      return claimed.size;
    },
  };
}

interface Share {
  node: string;
  /** First address and how many, counted from the range's first. */
  first: number;
  count: number;
  used: Set<number>;
}

/**
 * A range that peers share out by themselves: the first has all of it, and whoever needs some is given half of the largest free
 * share of a peer that it can reach.
 */
export function ring({ cidr, peers, reaches }: { cidr: string; peers(): readonly string[]; reaches(a: string, b: string): boolean }): Addresses {
  const range = new PodRange(cidr);
  const shares: Share[] = [];
  const own = new Map<string, string>();
  const free = ({ first, count, used }: Share) => {
    // The very first and last address of the range are nobody's.
    for (let at = Math.max(1, first); at < Math.min(first + count, range.size - 1); at++) if (!used.has(at)) return at;
    return undefined;
  };
  /** The upper half, if nobody uses an address in it. */
  function half(share: Share, node: string): Share | undefined {
    const count = Math.floor(share.count / 2);
    const from = share.first + share.count - count;
    if (count === 0 || [...share.used].some((at) => at >= from)) return undefined;
    share.count -= count;
    const given = { node, first: from, count, used: new Set<number>() };
    shares.push(given);
    return given;
  }
  function need(node: string): Share | undefined {
    if (shares.length === 0) {
      const all = { node: peers()[0] ?? node, first: 0, count: range.size, used: new Set<number>() };
      shares.push(all);
      if (all.node === node) return all;
    }
    const donors = shares.filter((share) => share.node !== node && reaches(node, share.node)).sort((a, b) => b.count - a.count);
    for (const share of donors) {
      const given = half(share, node);
      if (given) return given;
    }
    return undefined;
  }
  function take(node: string): string {
    const share = shares.find((one) => one.node === node && free(one) !== undefined) ?? need(node);
    const at = share && free(share);
    if (at === undefined) throw new Error(`no free IP addresses in ${cidr}`);
    share!.used.add(at);
    return range.at(at);
  }
  const ownOf = (node: string) => {
    if (!own.has(node)) own.set(node, take(node));
    return own.get(node)!;
  };
  return {
    allocate(node) {
      ownOf(node);
      return take(node);
    },
    release(_node, ip) {
      const at = range.offsetOf(ip);
      for (const share of shares) share.used.delete(at);
    },
    // One wide network: who has an address is found out by asking for it.
    ranges: () => [],
    own: ownOf,
    version: 0,
  };
}
