// What local plugins said about pods of one shape, node by node. An answer holds until its node's generation changes,
// so that after placing a pod only one node is asked anew.
import type { Plugin } from './framework.ts';
import type { NodeInfo } from './node-info.ts';
import type { PodInfo } from './pod-info.ts';
import type { Framework, Refusal } from './runtime.ts';

export class Memory {
  /** The snapshot's structure for which places in the arrays are right. */
  readonly structure: number;
  readonly #filters: { plugin: Plugin; place: number }[];
  readonly #scorers: Plugin[];
  readonly #filtered: Float64Array;
  readonly #scored: Float64Array;
  readonly #refusals: (PlacedRefusal | undefined)[];
  readonly #scores: Map<Plugin, Float64Array>;

  constructor(structure: number, nodes: number, { filters, scorers }: Framework) {
    this.structure = structure;
    this.#filters = filters.map((plugin, place) => ({ plugin, place })).filter(({ plugin }) => plugin.local);
    this.#scorers = scorers.map(({ plugin }) => plugin).filter((plugin) => plugin.local);
    this.#filtered = new Float64Array(nodes);
    this.#scored = new Float64Array(nodes);
    this.#refusals = new Array(nodes).fill(undefined);
    this.#scores = new Map(this.#scorers.map((plugin) => [plugin, new Float64Array(nodes)]));
  }

  refusal(pod: PodInfo, node: NodeInfo): PlacedRefusal | undefined {
    const at = node.index;
    if (this.#filtered[at] !== node.generation) {
      this.#filtered[at] = node.generation;
      this.#refusals[at] = this.#ask(pod, node);
    }
    return this.#refusals[at];
  }

  /** A fresh array: the caller normalizes it in place. */
  scores(plugin: Plugin, pod: PodInfo, nodes: readonly NodeInfo[]): Float64Array {
    const remembered = this.#scores.get(plugin)!;
    const out = new Float64Array(nodes.length);
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i]!;
      if (this.#scored[node.index] !== node.generation) this.#score(pod, node);
      out[i] = remembered[node.index]!;
    }
    return out;
  }

  #ask(pod: PodInfo, node: NodeInfo): PlacedRefusal | undefined {
    for (const { plugin, place } of this.#filters) {
      const status = plugin.filter!(pod, node);
      if (status) return { ...status, plugin: plugin.name, place };
    }
    return undefined;
  }

  #score(pod: PodInfo, node: NodeInfo): void {
    this.#scored[node.index] = node.generation;
    for (const [plugin, scores] of this.#scores) scores[node.index] = plugin.score!(pod, node);
  }
}

type PlacedRefusal = Refusal & { readonly place: number };
