// Counts of placed pods by topology domain, kept up to date as pods come and go: no plugin counts pods itself.
import type { NodeInfo } from './node-info.ts';
import type { PodShape } from './pod-info.ts';

/** The values of one node label: `ids[node.index]` is the node's domain, -1 when it lacks the label. */
export interface Domains {
  readonly key: string;
  readonly ids: Int32Array;
  readonly size: number;
  /** True when every node has the label. */
  readonly complete: boolean;
}

export function domainsOf(nodes: readonly NodeInfo[], key: string): Domains {
  const ids = new Int32Array(nodes.length).fill(-1);
  const known = new Map<string, number>();
  nodes.forEach((node, i) => {
    const value = node.node.metadata.labels?.[key];
    if (value === undefined) return;
    let id = known.get(value);
    if (id === undefined) known.set(value, (id = known.size));
    ids[i] = id;
  });
  return { key, ids, size: known.size, complete: !ids.includes(-1) };
}

/** Each node is a domain of its own. */
export function nodeDomains(nodes: readonly NodeInfo[]): Domains {
  return { key: '', ids: Int32Array.from(nodes, (_, i) => i), size: nodes.length, complete: true };
}

/** Some of the nodes. */
export class NodeSet {
  /** The same text for the same test. */
  readonly key: string;
  readonly has: Uint8Array;
  #domains = new Map<string, PresentDomains>();

  constructor(key: string, nodes: readonly NodeInfo[], test: (node: NodeInfo) => boolean) {
    this.key = key;
    this.has = Uint8Array.from(nodes, (node) => (test(node) ? 1 : 0));
  }

  /** The domains in which at least one of these nodes lies. */
  domains({ key, ids, size }: Domains): PresentDomains {
    let found = this.#domains.get(key);
    if (!found) {
      const present = new Uint8Array(size);
      for (let i = 0; i < ids.length; i++) if (this.has[i] && ids[i]! >= 0) present[ids[i]!] = 1;
      found = { present, list: [...present.keys()].filter((id) => present[id]) };
      this.#domains.set(key, found);
    }
    return found;
  }
}

export interface PresentDomains {
  /** 1 at the id of each of these domains. */
  readonly present: Uint8Array;
  readonly list: readonly number[];
}

export interface CounterOptions {
  /** Which pods are counted. Asked once for every shape. */
  matches: (shape: PodShape) => boolean;
  domains: Domains;
  /** Count only pods on these nodes. */
  within?: NodeSet | undefined;
}

/** How many matching pods run in each domain. */
export class PodCounter {
  readonly matches: (shape: PodShape) => boolean;
  readonly domains: Domains;
  readonly counts: Int32Array;
  /** Matching pods in all domains. */
  total = 0;
  #within: NodeSet | undefined;

  constructor({ matches, domains, within }: CounterOptions) {
    this.matches = matches;
    this.domains = domains;
    this.counts = new Int32Array(domains.size);
    this.#within = within;
  }

  add(node: NodeInfo, count: number): void {
    const id = this.domains.ids[node.index]!;
    if (id < 0 || (this.#within && !this.#within.has[node.index])) return;
    this.counts[id]! += count;
    this.total += count;
  }

  /** Matching pods in this node's domain, 0 when the node has none. */
  at(node: NodeInfo): number {
    const id = this.domains.ids[node.index]!;
    return id < 0 ? 0 : this.counts[id]!;
  }
}
