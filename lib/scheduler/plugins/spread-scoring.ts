// The soft constraints: the fewer matching pods in a node's domains, the better.
import type { Domains } from '../counts.ts';
import { type Handle, maxNodeScore, type Plugin, skip } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodInfo } from '../pod-info.ts';
import { type Constraints, eligibleNodes, hostname, matchingPods, type SpreadConstraint } from './spread-constraints.ts';

interface SoftState {
  /** Below 0 at the index of a node without the key. */
  ids: Int32Array;
  /** Matching pods by domain, and the domain of each node. */
  counts: Int32Array;
  domains: Int32Array;
  /** Balances keys with many values against keys with few. */
  weight: number;
  /** Softens small differences. */
  skew: number;
}

export function spreadScoring(handle: Handle, constraints: (pod: PodInfo) => Constraints): Pick<Plugin, 'preScore' | 'score' | 'normalize' | 'addScores'> {
  const { snapshot, version } = handle;
  const round = version.has('spread-score-rounded') ? Math.round : Math.trunc;
  let soft: SoftState[] = [];
  /** 1 at the index of a node that lacks a key; undefined while none does. */
  let ignored: Uint8Array | undefined;
  let raw = new Float64Array(0);

  return {
    preScore(pod, nodes) {
      const { soft: all, byDefault } = constraints(pod);
      const needsAllKeys = !(byDefault && version.has('default-spread-any-key'));
      const keys = needsAllKeys ? all.map(({ key }) => key) : [];
      ignored = undefined;
      for (const key of keys) ignoreWithout(key, nodes);
      soft = all.map((constraint) => softState(pod, constraint, nodes, keys));
      return soft.length > 0 ? undefined : skip;
    },
    score(_, { index }) {
      if (ignored?.[index]) return 0;
      let sum = 0;
      for (let i = 0; i < soft.length; i++) {
        const { ids, counts, domains, weight, skew } = soft[i]!;
        if (ids[index]! >= 0) sum += counts[domains[index]!]! * weight + skew;
      }
      return round(sum);
    },
    normalize(scores, nodes) {
      let [min, max] = [Infinity, 0];
      for (let i = 0; i < scores.length; i++) {
        const score = scores[i]!;
        if (ignored?.[nodes[i]!.index]) continue;
        if (score < min) min = score;
        if (score > max) max = score;
      }
      for (let i = 0; i < scores.length; i++) {
        scores[i] = max === 0 ? maxNodeScore : Math.trunc((maxNodeScore * (max + min - scores[i]!)) / max);
        if (ignored?.[nodes[i]!.index]) scores[i] = 0;
      }
    },
    addScores(totals, weight, nodes) {
      if (raw.length !== nodes.length) raw = new Float64Array(nodes.length);
      addSpreadScores({ totals, weight, nodes, soft, ignored, raw, round });
    },
  };

  function ignoreWithout(key: string, nodes: readonly NodeInfo[]): void {
    const { ids, complete } = snapshot.domains(key);
    if (complete) return;
    ignored ??= new Uint8Array(snapshot.nodes.length);
    for (const { index } of nodes) if (ids[index]! < 0) ignored[index] = 1;
  }

  function softState(pod: PodInfo, constraint: SpreadConstraint, nodes: readonly NodeInfo[], keys: readonly string[]): SoftState {
    const { key, maxSkew } = constraint;
    const byHost = key === hostname;
    // Pods of a host are counted on the node itself, whatever its label says.
    const counter = byHost ? matchingPods(handle, pod.shape, constraint, '') : matchingPods(handle, pod.shape, constraint, key, eligibleNodes(handle, pod, constraint, keys));
    const values = byHost ? counted(nodes) : distinct(counter.domains, nodes);
    return { ids: snapshot.domains(key).ids, counts: counter.counts, domains: counter.domains.ids, weight: Math.log(values + 2), skew: maxSkew - 1 };
  }

  function counted(nodes: readonly NodeInfo[]): number {
    if (!ignored) return nodes.length;
    let count = 0;
    for (const { index } of nodes) if (!ignored[index]) count++;
    return count;
  }

  /** How many values of the key the nodes have; all that lack it count as one more. */
  function distinct({ ids, size, complete }: Domains, nodes: readonly NodeInfo[]): number {
    const seen = new Uint8Array(size + 1);
    let count = 0;
    for (let i = 0; i < nodes.length && count < (complete ? size : size + 1); i++) {
      const { index } = nodes[i]!;
      const id = ids[index]! < 0 ? size : ids[index]!;
      if (seen[id] || ignored?.[index]) continue;
      seen[id] = 1;
      count++;
    }
    return count;
  }
}

interface Scoring {
  totals: Float64Array;
  weight: number;
  nodes: readonly NodeInfo[];
  soft: readonly SoftState[];
  ignored: Uint8Array | undefined;
  /** Scratch. */
  raw: Float64Array;
  round(score: number): number;
}

/** The same as score and normalize, in two passes over plain arrays: this runs for every node and every pod. */
function addSpreadScores({ totals, weight, nodes, soft, ignored, raw, round }: Scoring): void {
  const count = nodes.length;
  raw.fill(0);
  for (const { ids, counts, domains, weight: each, skew } of soft) {
    for (let i = 0; i < count; i++) {
      const { index } = nodes[i]!;
      if (ids[index]! >= 0) raw[i]! += counts[domains[index]!]! * each + skew;
    }
  }
  let [min, max] = [Infinity, 0];
  for (let i = 0; i < count; i++) {
    if (ignored !== undefined && ignored[nodes[i]!.index]) continue;
    const score = round(raw[i]!);
    raw[i] = score;
    if (score < min) min = score;
    if (score > max) max = score;
  }
  for (let i = 0; i < count; i++) {
    if (ignored !== undefined && ignored[nodes[i]!.index]) continue;
    totals[i]! += weight * (max === 0 ? maxNodeScore : Math.trunc((maxNodeScore * (max + min - raw[i]!)) / max));
  }
}
