import type { NodeSelector } from 'kubernetes-types/core/v1';
import { defaultNormalize, type Handle, type NodeNames, type Plugin, skip, unresolvable } from '../framework.ts';
import { matchesTerm } from '../../api/index.ts';

/** nodeSelector and node affinity: required terms refuse a node, preferred ones add their weights. */
export function nodeAffinity({ version }: Handle): Plugin {
  const reason = `node(s) didn't match Pod's node affinity${version.has('node-affinity-message') ? '/selector' : ''}`;
  const names = version.has('prefilter-node-names');
  return {
    name: 'NodeAffinity',
    local: true,
    retryOn: ['NodeAdd', 'NodeLabel'],
    preFilter({ shape, pod }) {
      if (shape.required.key === '') return skip;
      const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
      return names && required ? namedNodes(required) : undefined;
    },
    filter: ({ shape }, { node }) => (shape.required.matches(node) ? undefined : unresolvable(reason)),
    preScore({ pod }) {
      return pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution?.length ? undefined : skip;
    },
    score({ pod }, { node }) {
      let sum = 0;
      for (const { preference, weight } of pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []) {
        if (matchesTerm(preference, node)) sum += weight;
      }
      return sum;
    },
    normalize: (scores) => defaultNormalize(scores),
  };
}

/** When every term names nodes, no other node need be looked at. */
function namedNodes({ nodeSelectorTerms }: NodeSelector): NodeNames | ReturnType<typeof unresolvable> | undefined {
  const nodeNames = new Set<string>();
  for (const { matchFields = [] } of nodeSelectorTerms) {
    let named: Set<string> | undefined;
    for (const { key, operator, values = [] } of matchFields) {
      if (key !== 'metadata.name' || operator !== 'In') continue;
      const before: ReadonlySet<string> | undefined = named;
      named = new Set(before ? values.filter((name) => before.has(name)) : values);
    }
    if (!named) return undefined;
    for (const name of named) nodeNames.add(name);
  }
  return nodeNames.size > 0 ? { nodeNames } : unresolvable('pod affinity terms conflict');
}
