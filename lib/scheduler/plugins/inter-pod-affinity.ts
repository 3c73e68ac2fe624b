import type { AffinityTerm } from '../affinity-terms.ts';
import type { PodCounter } from '../counts.ts';
import { type Handle, maxNodeScore, type Plugin, skip, unresolvable, unschedulable } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodInfo, PodShape } from '../pod-info.ts';

/** What an existing pod's required affinity adds to the score of a pod that it wants near. */
const hardAffinityWeight = 1;

const reasons = {
  affinity: "node(s) didn't match pod affinity rules",
  anti: "node(s) didn't match pod anti-affinity rules",
  existing: "node(s) didn't satisfy existing pods anti-affinity rules",
};

interface Weighted {
  counter: PodCounter;
  weight: number;
}

/** Pods near pods, or far from them: by the labels of pods that run already, within a topology domain. */
export function interPodAffinity(handle: Handle): Plugin {
  const { version, snapshot } = handle;
  const general = version.has('interpod-exact-message') ? [] : ["node(s) didn't match pod affinity/anti-affinity"];
  const matcher = termMatcher(handle);
  let wanted: PodCounter[] = [];
  let matchesItself = false;
  let unwanted: PodCounter[] = [];
  let keptAway: PodCounter[] = [];
  let scores: Weighted[] = [];

  const count = (what: string, topologyKey: string, matches: (shape: PodShape) => boolean) =>
    snapshot.counter(`${what}|${topologyKey}`, () => ({ matches, domains: snapshot.domains(topologyKey) }));
  const matching = (term: AffinityTerm) => count(`term${matcher.revision(term)}${term.key}`, term.topologyKey, (shape) => matcher.matches(term, shape));
  const ofShape = (shape: PodShape, topologyKey: string) => count(`shape${shape.key}`, topologyKey, (other) => other === shape);

  return {
    name: 'InterPodAffinity',
    retryOn: ['PodAdd', 'PodUpdate', 'PodDelete', 'NodeAdd', 'NodeLabel'],
    preFilter({ shape }) {
      [wanted, unwanted, keptAway] = [[], [], []];
      if (!shape.affinity && snapshot.withAffinity.size === 0) return skip;
      const { required = [], requiredAnti = [] } = shape.affinity ?? {};
      const all = required.map((term) => `${matcher.revision(term)}${term.key}`).join();
      const matchesAll = (other: PodShape) => required.every((term) => matcher.matches(term, other));
      wanted = required.map((term) => count(`all${all}`, term.topologyKey, matchesAll));
      matchesItself = matchesAll(shape);
      unwanted = requiredAnti.map(matching);
      for (const other of snapshot.withAffinity) keptAway.push(...keptAwayBy(other, shape));
      return wanted.length || unwanted.length || keptAway.length ? undefined : skip;
    },
    filter(_, node) {
      if (!satisfiesAffinity(node)) return unresolvable(...general, reasons.affinity);
      for (const counter of unwanted) if (counter.at(node) > 0) return unschedulable(...general, reasons.anti);
      for (const counter of keptAway) if (counter.at(node) > 0) return unschedulable(...general, reasons.existing);
      return undefined;
    },
    addPod(pod, { shape }) {
      for (const counter of keptAwayBy(shape, pod.shape)) if (!keptAway.includes(counter)) keptAway.push(counter);
    },
    preScore(pod) {
      scores = [];
      if (!pod.shape.affinity && snapshot.withAffinity.size === 0) return skip;
      scores = [...ownPreferences(pod), ...othersPreferences(pod)];
      return scores.length > 0 ? undefined : skip;
    },
    score(_, node) {
      let sum = 0;
      for (const { counter, weight } of scores) sum += weight * counter.at(node);
      return sum;
    },
    normalize: version.has('interpod-score-by-range') ? normalizeByRange : normalizeFromZero,
  };

  function satisfiesAffinity(node: NodeInfo): boolean {
    let near = true;
    for (const counter of wanted) {
      if (counter.domains.ids[node.index]! < 0) return false;
      if (counter.at(node) <= 0) near = false;
    }
    // The first pod of a group that wants to be near its own kind may go anywhere.
    return near || (matchesItself && wanted.every(({ total }) => total === 0));
  }

  /** Counts the pods of a shape in whose neighbourhood they do not want the pod. */
  function keptAwayBy(other: PodShape, shape: PodShape): PodCounter[] {
    const terms = other.affinity?.requiredAnti.filter((term) => matcher.matches(term, shape)) ?? [];
    return terms.map(({ topologyKey }) => ofShape(other, topologyKey));
  }

  function ownPreferences({ shape }: PodInfo): Weighted[] {
    const { preferred = [], preferredAnti = [] } = shape.affinity ?? {};
    return [
      ...preferred.map((term) => ({ counter: matching(term), weight: term.weight })),
      ...preferredAnti.map((term) => ({ counter: matching(term), weight: -term.weight })),
    ];
  }

  function othersPreferences({ shape }: PodInfo): Weighted[] {
    const out: Weighted[] = [];
    for (const other of snapshot.withAffinity) {
      const add = (terms: readonly AffinityTerm[], weightOf: (term: AffinityTerm) => number) => {
        for (const term of terms) if (matcher.matches(term, shape)) out.push({ counter: ofShape(other, term.topologyKey), weight: weightOf(term) });
      };
      const { required, preferred, preferredAnti } = other.affinity!;
      add(required, () => hardAffinityWeight);
      add(preferred, ({ weight }) => weight);
      add(preferredAnti, ({ weight }) => -weight);
    }
    return out;
  }
}

/** Compares a term with a pod: its labels, its namespace and the labels of its namespace. */
function termMatcher({ find, snapshot }: Handle) {
  const inNamespace = ({ namespaces, namespaceSelector }: AffinityTerm, namespace: string) => {
    if (namespaces.has(namespace)) return true;
    if (!namespaceSelector) return false;
    return namespaceSelector.empty || namespaceSelector.matches(find('Namespace', { name: namespace })?.metadata.labels ?? {});
  };
  return {
    matches: (term: AffinityTerm, { namespace, labels }: PodShape) => inNamespace(term, namespace) && term.selector.matches(labels),
    /** Counts by labels of namespaces hold until those labels change. */
    revision: ({ namespaceSelector }: AffinityTerm) => (namespaceSelector && !namespaceSelector.empty ? snapshot.selectors : ''),
  };
}

function normalizeByRange(scores: Float64Array): void {
  let [min, max] = [Infinity, -Infinity];
  for (const score of scores) [min, max] = [Math.min(min, score), Math.max(max, score)];
  scale(scores, min, max);
}

function normalizeFromZero(scores: Float64Array): void {
  let [min, max] = [0, 0];
  for (const score of scores) [min, max] = [Math.min(min, score), Math.max(max, score)];
  scale(scores, min, max);
}

function scale(scores: Float64Array, min: number, max: number): void {
  for (let i = 0; i < scores.length; i++) scores[i] = max > min ? Math.trunc(maxNodeScore * ((scores[i]! - min) / (max - min))) : 0;
}
