import type { NodeSet, PodCounter } from '../counts.ts';
import { type Handle, maxNodeScore, type Plugin, skip, unresolvable, unschedulable } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodInfo } from '../pod-info.ts';
import { constraintsOf, eligibleNodes, hostname, matchingPods, type SpreadConstraint } from './spread-constraints.ts';

const mismatch = "node(s) didn't match pod topology spread constraints";

interface HardState {
  constraint: SpreadConstraint;
  counter: PodCounter;
  /** Domains in which the pod might run; the others count as empty. */
  present: Uint8Array;
  /** Matching pods in the emptiest of them. */
  min: number;
}

interface SoftState {
  constraint: SpreadConstraint;
  counter: PodCounter;
  ids: Int32Array;
  /** Balances keys with many values against keys with few. */
  weight: number;
}

/** Keeps the pods of a group evenly spread over zones, hosts or any other topology. */
export function podTopologySpread(handle: Handle): Plugin {
  const { snapshot, version } = handle;
  const constraints = constraintsOf(handle);
  const countEligibleOnly = version.has('spread-counts-eligible-nodes');
  const round = version.has('spread-score-rounded') ? Math.round : Math.trunc;
  let hard: HardState[] = [];
  let soft: SoftState[] = [];
  let ignored = new Uint8Array(0);

  return {
    name: 'PodTopologySpread',
    retryOn: ['PodAdd', 'PodUpdate', 'PodDelete', 'NodeAdd', 'NodeDelete', 'NodeLabel', 'NodeTaint'],
    preFilter(pod) {
      const all = constraints(pod).hard;
      const keys = all.map(({ key }) => key);
      hard = all.map((constraint) => hardState(pod, constraint, eligibleNodes(handle, pod, constraint, keys)));
      return hard.length > 0 ? undefined : skip;
    },
    filter(_, node) {
      for (const { constraint, counter, present, min } of hard) {
        const domain = counter.domains.ids[node.index]!;
        if (domain < 0) return unresolvable(`${mismatch} (missing required label)`);
        const matching = present[domain] ? counter.counts[domain]! : 0;
        const skew = matching + (constraint.selectsItself ? 1 : 0) - min;
        if (skew > constraint.maxSkew) return unschedulable(mismatch);
      }
      return undefined;
    },
    preScore(pod, nodes) {
      const { soft: all, byDefault } = constraints(pod);
      const needsAllKeys = !(byDefault && version.has('default-spread-any-key'));
      ignored = new Uint8Array(snapshot.nodes.length);
      if (needsAllKeys) for (const { key } of all) ignoreWithout(key, nodes);
      soft = all.map((constraint) => softState(pod, constraint, nodes, needsAllKeys ? all.map(({ key }) => key) : []));
      return soft.length > 0 ? undefined : skip;
    },
    score(_, { index }) {
      if (ignored[index]) return 0;
      let sum = 0;
      for (const { constraint, counter, ids, weight } of soft) {
        if (ids[index]! < 0) continue;
        const count = counter.counts[counter.domains.ids[index]!]!;
        sum += count * weight + (constraint.maxSkew - 1);
      }
      return round(sum);
    },
    normalize(scores, nodes) {
      let [min, max] = [Infinity, 0];
      for (let i = 0; i < scores.length; i++) {
        if (ignored[nodes[i]!.index]) continue;
        if (scores[i]! < min) min = scores[i]!;
        if (scores[i]! > max) max = scores[i]!;
      }
      for (let i = 0; i < scores.length; i++) {
        if (ignored[nodes[i]!.index]) scores[i] = 0;
        else scores[i] = max === 0 ? maxNodeScore : Math.trunc((maxNodeScore * (max + min - scores[i]!)) / max);
      }
    },
  };

  function hardState({ shape }: PodInfo, constraint: SpreadConstraint, eligible: NodeSet): HardState {
    const counter = matchingPods(handle, shape, constraint, constraint.key, countEligibleOnly ? eligible : undefined);
    const domains = eligible.domains(counter.domains);
    let min = 2 ** 31 - 1;
    for (const domain of domains.list) if (counter.counts[domain]! < min) min = counter.counts[domain]!;
    if (version.has('spread-min-domains') && domains.list.length < constraint.minDomains) min = 0;
    return { constraint, counter, present: domains.present, min };
  }

  function ignoreWithout(key: string, nodes: readonly NodeInfo[]): void {
    const { ids } = snapshot.domains(key);
    for (const { index } of nodes) if (ids[index]! < 0) ignored[index] = 1;
  }

  function softState(pod: PodInfo, constraint: SpreadConstraint, nodes: readonly NodeInfo[], keys: readonly string[]): SoftState {
    const domains = snapshot.domains(constraint.key);
    if (constraint.key === hostname) {
      let size = 0;
      for (const { index } of nodes) if (!ignored[index]) size++;
      return { constraint, counter: matchingPods(handle, pod.shape, constraint, ''), ids: domains.ids, weight: Math.log(size + 2) };
    }
    const counter = matchingPods(handle, pod.shape, constraint, constraint.key, eligibleNodes(handle, pod, constraint, keys));
    return { constraint, counter, ids: domains.ids, weight: Math.log(distinct(domains, nodes) + 2) };
  }

  /** How many values of the key the nodes have; all that lack it count as one more. */
  function distinct({ ids, size }: { ids: Int32Array; size: number }, nodes: readonly NodeInfo[]): number {
    const seen = new Uint8Array(size + 1);
    let count = 0;
    for (const { index } of nodes) {
      if (ignored[index]) continue;
      const id = ids[index]! < 0 ? size : ids[index]!;
      if (!seen[id]) count++;
      seen[id] = 1;
    }
    return count;
  }
}
