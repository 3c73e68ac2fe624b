// What local plugins said about pods of one shape, node by node. An answer holds until its node changes, so that after
// placing a pod only one node is asked anew.
import { skip } from './framework.ts';
import type { NodeInfo } from './node-info.ts';
import type { PodInfo } from './pod-info.ts';
import type { Framework, PlacedFilter, Refusal, Scorer } from './runtime.ts';
import type { Snapshot } from './snapshot.ts';

/** A refusal with the place of its filter in the profile. */
export type PlacedRefusal = Refusal & { readonly place: number };

interface LocalScorer extends Scorer {
  readonly raw: Float64Array;
  /** The first score it gave, and whether it ever gave another. */
  first: number | undefined;
  differs: boolean;
}

export class Memory {
  /** The snapshot's structure for which places in the arrays are right. */
  readonly structure: number;
  /** By index of node: the first refusal of a local filter. */
  readonly refusals: (PlacedRefusal | undefined)[];
  /** How many nodes are refused. */
  refused = 0;
  readonly #snapshot: Snapshot;
  readonly #filters: PlacedFilter[];
  readonly #scorers: LocalScorer[];
  /** By index of node: weighted sums of the scorers that need no normalizing. */
  readonly #sums: Float64Array;
  /** How many of the snapshot's changes were taken in. */
  #seen: number;

  constructor(pod: PodInfo, { filters, scorers, handle: { snapshot } }: Framework) {
    const { nodes } = snapshot;
    this.structure = snapshot.structure;
    this.#snapshot = snapshot;
    this.#filters = filters.map((plugin, place) => ({ plugin, place })).filter(({ plugin }) => plugin.local);
    const speaking = scorers.filter(({ plugin }) => plugin.local && plugin.preScore?.(pod, []) !== skip);
    this.#scorers = speaking.map((scorer) => ({ ...scorer, raw: new Float64Array(nodes.length), first: undefined, differs: false }));
    this.#sums = new Float64Array(nodes.length);
    this.refusals = new Array(nodes.length).fill(undefined);
    for (const node of nodes) this.#ask(pod, node);
    this.#seen = snapshot.forgottenChanges + snapshot.changes.length;
  }

  /** Asks again about the nodes that changed since the last time. */
  refresh(pod: PodInfo): void {
    const { changes, forgottenChanges, nodes } = this.#snapshot;
    if (this.#seen < forgottenChanges) for (const node of nodes) this.#ask(pod, node);
    // A node that is gone still changes when its last pods go.
    else for (let i = this.#seen - forgottenChanges; i < changes.length; i++) if (changes[i]!.index >= 0) this.#ask(pod, changes[i]!);
    this.#seen = forgottenChanges + changes.length;
  }

  /**
   * Fills in the weighted sums of the local plugins, but for what they would add to all nodes alike. The nodes are in
   * the snapshot's order, beginning anywhere.
   */
  sums(nodes: readonly NodeInfo[], out: Float64Array): void {
    this.#copySums(nodes, out);
    for (const { plugin, weight, raw, differs } of this.#scorers) {
      if (!plugin.normalize || !differs) continue;
      const scores = Float64Array.from(nodes, ({ index }) => raw[index]!);
      plugin.normalize(scores, nodes);
      for (let i = 0; i < out.length; i++) out[i]! += weight * scores[i]!;
    }
  }

  #copySums(nodes: readonly NodeInfo[], out: Float64Array): void {
    const sums = this.#sums;
    const count = nodes.length;
    const first = nodes[0]!.index;
    const beyond = first + count - sums.length;
    // Neighbours are copied in one go, round the end of the list too.
    if (nodes[count - 1]!.index === (beyond > 0 ? beyond : first + count) - 1) {
      out.set(sums.subarray(first, first + count));
      if (beyond > 0) out.set(sums.subarray(0, beyond), count - beyond);
    } else for (let i = 0; i < count; i++) out[i] = sums[nodes[i]!.index]!;
  }

  #ask(pod: PodInfo, node: NodeInfo): void {
    const at = node.index;
    const refusal = this.#firstRefusal(pod, node);
    this.refused += (refusal ? 1 : 0) - (this.refusals[at] ? 1 : 0);
    this.refusals[at] = refusal;
    if (!refusal) this.#score(pod, node);
  }

  #firstRefusal(pod: PodInfo, node: NodeInfo): PlacedRefusal | undefined {
    for (const { plugin, place } of this.#filters) {
      const status = plugin.filter!(pod, node);
      if (status) return { ...status, plugin: plugin.name, place };
    }
    return undefined;
  }

  #score(pod: PodInfo, node: NodeInfo): void {
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
