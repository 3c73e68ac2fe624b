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
    const framework = this.#framework;
    const { nodes } = framework.handle.snapshot;
    const feasible: NodeInfo[] = [];
    const refusals = new Map<NodeInfo, Refusal>();
    if (nodes.length === 0) return { feasible, diagnosis: { refusals } };
    const before = framework.preFilter(pod);
    if (before && 'code' in before) return { feasible, diagnosis: { refusals, preFilter: before } };
    const wanted = nodesToFind(nodes.length, this.#percentage);
    let looked = 0;
    let at = this.#start < nodes.length ? this.#start : 0;
    for (; looked < nodes.length && feasible.length < wanted; looked++) {
      const node = nodes[at]!;
      at = at + 1 < nodes.length ? at + 1 : 0;
      const refusal = before && !before.nodeNames.has(node.name) ? notNamed(before.plugins) : framework.filter(pod, node);
      if (refusal) refusals.set(node, refusal);
      else feasible.push(node);
    }
    this.#start = at;
    return { feasible, diagnosis: { refusals } };
  }

  #best(nodes: readonly NodeInfo[], totals: Float64Array): NodeInfo {
    let max = -Infinity;
    let ties = 0;
    for (let i = 0; i < totals.length; i++) {
      const total = totals[i]!;
      if (total < max) continue;
      ties = total > max ? 1 : ties + 1;
      max = total;
    }
    let skipped = ties > 1 ? this.#random.int(ties) : 0;
    for (let i = 0; ; i++) if (totals[i] === max && skipped-- === 0) return nodes[i]!;
  }
}

/** The refusal of a node that a plugin left out before the search. */
export const notNamed = (plugins: readonly string[]): Refusal => ({
  plugin: plugins[0]!,
  code: 'UnschedulableAndUnresolvable',
  reasons: [`node(s) didn't satisfy plugin(s) [${plugins.join(' ')}]`],
});
