// Which nodes a pod (or a volume) can be used on: nodeSelector and required node affinity.
import type { NodeSelector, NodeSelectorRequirement, NodeSelectorTerm } from 'kubernetes-types/core/v1';
import { isValidLabelValue } from './names.ts';
import type { Node, PodSpec } from './types.ts';

/** `key` is the same text for the same requirement; '' when nothing is asked for. */
export interface NodeRequirement {
  readonly key: string;
  matches(node: Node): boolean;
}

const anyNode: NodeRequirement = { key: '', matches: () => true };

export function nodeRequirement({ nodeSelector, affinity }: PodSpec): NodeRequirement {
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const labels = Object.entries(nodeSelector ?? {});
  if (labels.length === 0 && !required) return anyNode;
  return {
    key: JSON.stringify([nodeSelector, required]),
    matches: (node) => labels.every(([key, value]) => node.metadata.labels?.[key] === value) && (!required || matchesNodeSelector(required, node)),
  };
}

/** Any of the terms, and all expressions of that term. */
export function matchesNodeSelector({ nodeSelectorTerms }: NodeSelector, node: Node): boolean {
  return nodeSelectorTerms.some((term) => matchesTerm(term, node));
}

/** An empty term matches no node. */
export function matchesTerm({ matchExpressions, matchFields }: NodeSelectorTerm, node: Node): boolean {
  if (!matchExpressions?.length && !matchFields?.length) return false;
  for (const expression of matchExpressions ?? []) if (!isSound(expression) || !matches(expression, node.metadata.labels?.[expression.key])) return false;
  for (const field of matchFields ?? []) if (!matches(field, field.key === 'metadata.name' ? node.metadata.name : '')) return false;
  return true;
}

const sound = new WeakMap<NodeSelectorRequirement, boolean>();

/** An expression that is no label requirement, since a value can be no label's, is refused: its term matches no node. */
function isSound(expression: NodeSelectorRequirement): boolean {
  let known = sound.get(expression);
  if (known === undefined) sound.set(expression, (known = (expression.values ?? []).every((value) => isValidLabelValue(value).length === 0)));
  return known;
}

function matches({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
    case 'Lt':
      return compare(operator, value, values[0]);
    default:
      return false;
  }
}

function compare(operator: 'Gt' | 'Lt', value: string | undefined, limit: string | undefined): boolean {
  const whole = /^[+-]?\d+$/;
  if (value === undefined || limit === undefined || !whole.test(value) || !whole.test(limit)) return false;
  return operator === 'Gt' ? BigInt(value) > BigInt(limit) : BigInt(value) < BigInt(limit);
}
