// Terms of pod affinity, compiled once for all pods of a shape.
import type { PodAffinityTerm, WeightedPodAffinityTerm } from 'kubernetes-types/core/v1';
import { type Pod, type Selector, selectorFromLabelSelector } from '../api/index.ts';

export interface AffinityTerm {
  /** The same text for the same pods (the topology key is not part of it). */
  readonly key: string;
  readonly topologyKey: string;
  readonly weight: number;
  readonly namespaces: ReadonlySet<string>;
  /** Selects further namespaces by their labels. */
  readonly namespaceSelector: Selector | undefined;
  readonly selector: Selector;
}

export interface AffinityTerms {
  readonly required: readonly AffinityTerm[];
  readonly requiredAnti: readonly AffinityTerm[];
  readonly preferred: readonly AffinityTerm[];
  readonly preferredAnti: readonly AffinityTerm[];
}

export function affinityTerms(pod: Pod): AffinityTerms | undefined {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  if (!podAffinity && !podAntiAffinity) return undefined;
  const plain = (terms: PodAffinityTerm[] = []) => terms.map((term) => compile(pod, term, 1));
  const weighted = (terms: WeightedPodAffinityTerm[] = []) => terms.map((term) => compile(pod, term.podAffinityTerm, term.weight));
  return {
    required: plain(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    requiredAnti: plain(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    preferred: weighted(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
    preferredAnti: weighted(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
  };
}

function compile({ metadata }: Pod, term: PodAffinityTerm, weight: number): AffinityTerm {
  const { labelSelector, namespaces = [], namespaceSelector, topologyKey } = term;
  const own = namespaces.length === 0 && !namespaceSelector ? [metadata.namespace ?? ''] : namespaces;
  return {
    key: JSON.stringify([own, namespaceSelector, labelSelector]),
    topologyKey,
    weight,
    namespaces: new Set(own),
    namespaceSelector: namespaceSelector && selectorFromLabelSelector(namespaceSelector),
    selector: selectorFromLabelSelector(labelSelector),
  };
}
