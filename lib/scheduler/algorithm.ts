// Finds a node for one pod: filter until enough nodes fit, score those, take one of the best.
import type { Random } from '../sim/index.ts';
import { type Diagnosis, type FitError, fitError } from './fit-error.ts';
import type { NodeInfo } from './node-info.ts';
import type { PodInfo } from './pod-info.ts';
import type { NodeNames } from './framework.ts';
import type { Framework, NamedNodes, Refusal } from './runtime.ts';

const minFeasibleNodes = 100;
const minPercentage = 5;

/** How many fitting nodes are enough. `percentage` 0 means: fewer the larger the cluster. */
export function nodesToFind(all: number, percentage = 0): number {
  if (all < minFeasibleNodes || percentage >= 100) return all;
  const share = percentage > 0 ? percentage : Math.max(minPercentage, 50 - Math.trunc(all / 125));
  return Math.max(minFeasibleNodes, Math.trunc((all * share) / 100));
}

/** Shared by all profiles of a scheduler. */
export class Algorithm {
  readonly #random: Random;
  readonly #percentage: number;
  /** The next search starts where the last one ended, so that all nodes get their turn. */
  #start = 0;

  constructor(random: Random, percentageOfNodesToScore = 0) {
    this.#random = random;
    this.#percentage = percentageOfNodesToScore;
  }

  /** The chosen node, or why there is none. */
  schedule(framework: Framework, pod: PodInfo): NodeInfo | FitError {
    const { snapshot, version } = framework.handle;
    const { nodes } = snapshot;
    const before = nodes.length > 0 ? framework.preFilter(pod) : undefined;
    const feasible = before && 'code' in before ? [] : (promised(framework, pod) ?? this.#search(framework, pod, before));
    if (feasible && feasible.length > 1) return this.#best(feasible, framework.totals(pod, feasible));
    return feasible?.[0] ?? fitError(nodes, diagnose(framework, pod, nodes, before), { version, pod: pod.pod });
  }

  /** The first nodes that fit, from where the last search ended; undefined when a plugin could not find out about one. */
  #search(framework: Framework, pod: PodInfo, only: NodeNames | undefined): readonly NodeInfo[] | undefined {
    const { nodes } = framework.handle.snapshot;
    const wanted = nodesToFind(nodes.length, this.#percentage);
    let at = this.#start < nodes.length ? this.#start : 0;
    const decided = only ? undefined : framework.decided;
    if (decided?.refused === 0) {
      this.#start = (at + wanted) % nodes.length;
      return at + wanted <= nodes.length ? nodes.slice(at, at + wanted) : [...nodes.slice(at), ...nodes.slice(0, at + wanted - nodes.length)];
    }
    const feasible: NodeInfo[] = [];
    for (let looked = 0; looked < nodes.length && feasible.length < wanted; looked++) {
      const node = nodes[at]!;
      if (decided ? decided.refusals[at] === undefined : !only || only.nodeNames.has(node.name)) {
        const refusal = decided ? undefined : framework.filter(pod, node);
        if (refusal?.code === 'Error') return undefined;
        if (!refusal) feasible.push(node);
      }
      at = at + 1 < nodes.length ? at + 1 : 0;
    }
    this.#start = at;
    return feasible;
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

/** The node that the pod waited for, if it fits there now. */
function promised(framework: Framework, { pod, shape }: PodInfo): readonly NodeInfo[] | undefined {
  const { nominatedNodeName } = pod.status ?? {};
  const { snapshot, version } = framework.handle;
  const node = nominatedNodeName && version.has('nominated-node-first') ? snapshot.node(nominatedNodeName) : undefined;
  return node && !framework.filter({ pod, shape }, node) ? [node] : undefined;
}

/** Why each node was refused. */
function diagnose(framework: Framework, pod: PodInfo, nodes: readonly NodeInfo[], before: Refusal | NamedNodes | undefined): Diagnosis {
  if (before && 'code' in before) return { refusals: new Map(), preFilter: before };
  const refusals = new Map<NodeInfo, Refusal>();
  for (const node of nodes) refusals.set(node, before && !before.nodeNames.has(node.name) ? notNamed(before.plugins) : framework.filter(pod, node)!);
  return { refusals };
}

/** The refusal of a node that a plugin left out before the search. */
export const notNamed = (plugins: readonly string[]): Refusal => ({
  plugin: plugins[0]!,
  code: 'UnschedulableAndUnresolvable',
  reasons: [`node(s) didn't satisfy plugin(s) [${plugins.join(' ')}]`],
});
