// What local plugins said about pods of one shape, node by node. An answer holds until its node's generation changes,
// so that after placing a pod only one node is asked anew.
import { skip } from './framework.ts';
import type { NodeInfo } from './node-info.ts';
import type { PodInfo } from './pod-info.ts';
import type { Framework, PlacedFilter, Refusal, Scorer } from './runtime.ts';

export class Memory {
  /** The snapshot's structure for which places in the arrays are right. */
  readonly structure: number;
  readonly #filters: PlacedFilter[];
  readonly #scorers: LocalScorer[];
  readonly #filtered: Float64Array;
  readonly #scored: Float64Array;
  readonly #refusals: (PlacedRefusal | undefined)[];
  /** Weighted sums of the scorers that need no normalizing. */
  readonly #sums: Float64Array;

  constructor(pod: PodInfo, { filters, scorers, handle: { snapshot } }: Framework) {
    const nodes = snapshot.nodes.length;
    this.structure = snapshot.structure;
    this.#filters = filters.map((plugin, place) => ({ plugin, place })).filter(({ plugin }) => plugin.local);
    const speaking = scorers.filter(({ plugin }) => plugin.local && plugin.preScore?.(pod, []) !== skip);
    this.#scorers = speaking.map((scorer) => ({ ...scorer, raw: new Float64Array(nodes), first: undefined, differs: false }));
    this.#filtered = new Float64Array(nodes);
    this.#scored = new Float64Array(nodes);
    this.#refusals = new Array(nodes).fill(undefined);
    this.#sums = new Float64Array(nodes);
  }

  refusal(pod: PodInfo, node: NodeInfo): PlacedRefusal | undefined {
    const at = node.index;
    if (this.#filtered[at] !== node.generation) {
      this.#filtered[at] = node.generation;
      this.#refusals[at] = this.#ask(pod, node);
    }
    return this.#refusals[at];
  }

  /** Fills in the weighted sums of the local plugins, but for what they would add to all nodes alike. */
  sums(pod: PodInfo, nodes: readonly NodeInfo[], out: Float64Array): void {
    const scored = this.#scored;
    const sums = this.#sums;
    for (let i = 0; i < out.length; i++) {
      const node = nodes[i]!;
      const { index } = node;
      if (scored[index] !== node.generation) this.#score(pod, node);
      out[i] = sums[index]!;
    }
    for (const { plugin, weight, raw, differs } of this.#scorers) {
      if (!plugin.normalize || !differs) continue;
      const scores = Float64Array.from(nodes, ({ index }) => raw[index]!);
      plugin.normalize(scores, nodes);
      for (let i = 0; i < out.length; i++) out[i]! += weight * scores[i]!;
    }
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
    let sum = 0;
    for (const scorer of this.#scorers) {
      const { plugin, weight, raw } = scorer;
      const score = plugin.score!(pod, node);
      raw[node.index] = score;
      if (!plugin.normalize) sum += weight * score;
      else if (scorer.first === undefined) scorer.first = score;
      else if (score !== scorer.first) scorer.differs = true;
    }
    this.#sums[node.index] = sum;
  }
}

interface LocalScorer extends Scorer {
  readonly raw: Float64Array;
  /** The first score it gave, and whether it ever gave another. */
  first: number | undefined;
  differs: boolean;
}

type PlacedRefusal = Refusal & { readonly place: number };
