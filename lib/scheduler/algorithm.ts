// Finds a node for one pod: filter until enough nodes fit, score those, take one of the best.
import type { Random } from '../sim/index.ts';
import { type Diagnosis, type FitError, fitError } from './fit-error.ts';
import type { NodeInfo } from './node-info.ts';
import type { PodInfo } from './pod-info.ts';
import type { Framework, Refusal } from './runtime.ts';

const minFeasibleNodes = 100;
const minPercentage = 5;

/** How many fitting nodes are enough. `percentage` 0 means: fewer the larger the cluster. */
export function nodesToFind(all: number, percentage = 0): number {
  if (all < minFeasibleNodes || percentage >= 100) return all;
  const share = percentage > 0 ? percentage : Math.max(minPercentage, 50 - Math.trunc(all / 125));
  return Math.max(minFeasibleNodes, Math.trunc((all * share) / 100));
}

export interface Search {
  feasible: NodeInfo[];
  diagnosis: Diagnosis;
}

export class Algorithm {
  readonly #framework: Framework;
  readonly #random: Random;
  readonly #percentage: number;
  /** The next search starts where the last one ended, so that all nodes get their turn. */
  #start = 0;

  constructor(framework: Framework, random: Random, percentageOfNodesToScore = 0) {
    this.#framework = framework;
    this.#random = random;
    this.#percentage = percentageOfNodesToScore;
  }

  /** The chosen node, or why there is none. */
  schedule(pod: PodInfo): NodeInfo | FitError {
    const framework = this.#framework;
    const { nodes } = framework.handle.snapshot;
    const { feasible, diagnosis } = this.search(pod);
    if (feasible.length === 0) return fitError(pod, nodes, diagnosis, framework.handle.version);
    return feasible.length === 1 ? feasible[0]! : this.#best(feasible, framework.totals(pod, feasible));
  }

  search(pod: PodInfo): Search {
    const { nodes } = this.#framework.handle.snapshot;
    const feasible: NodeInfo[] = [];
    const refusals = new Map<NodeInfo, Refusal>();
    if (nodes.length === 0) return { feasible, diagnosis: { refusals } };
    const before = this.#framework.preFilter(pod);
    if (before && 'code' in before) return { feasible, diagnosis: { refusals, preFilter: before } };
    const wanted = nodesToFind(nodes.length, this.#percentage);
    let looked = 0;
    for (; looked < nodes.length && feasible.length < wanted; looked++) {
      const node = nodes[(this.#start + looked) % nodes.length]!;
      const refusal = before && !before.nodeNames.has(node.name) ? notNamed(before.plugins) : this.#framework.filter(pod, node);
      if (refusal) refusals.set(node, refusal);
      else feasible.push(node);
    }
    this.#start = (this.#start + looked) % nodes.length;
    return { feasible, diagnosis: { refusals } };
  }

  #best(nodes: readonly NodeInfo[], totals: Float64Array): NodeInfo {
    let best: NodeInfo[] = [];
    let max = -Infinity;
    for (let i = 0; i < nodes.length; i++) {
      if (totals[i]! > max) {
        max = totals[i]!;
        best = [nodes[i]!];
      } else if (totals[i] === max) best.push(nodes[i]!);
    }
    return best.length === 1 ? best[0]! : this.#random.pick(best);
  }
}

/** The refusal of a node that a plugin left out before the search. */
export const notNamed = (plugins: readonly string[]): Refusal => ({
  plugin: plugins[0]!,
  code: 'UnschedulableAndUnresolvable',
  reasons: [`node(s) didn't satisfy plugin(s) [${plugins.join(' ')}]`],
});
