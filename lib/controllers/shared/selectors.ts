// Compiled selectors, kept as long as the (frozen) object they come from.
import { type LabelSelector, selectorFromLabelSelector, selectorFromSet, type Selector } from '../../api/index.ts';

const compiled = new WeakMap<object, Selector>();

function remembered<T extends object>(source: T, compile: (source: T) => Selector): Selector {
  let selector = compiled.get(source);
  if (selector === undefined) compiled.set(source, (selector = compile(source)));
  return selector;
}

/** The selector of a ReplicaSet, a Deployment, a PodDisruptionBudget. */
export function labelSelector(selector: LabelSelector | undefined): Selector {
  return selector ? remembered(selector, selectorFromLabelSelector) : selectorFromLabelSelector(selector);
}

/** The selector of a Service or a ReplicationController. */
export function setSelector(selector: Record<string, string> | undefined): Selector {
  return selector ? remembered(selector, selectorFromSet) : selectorFromSet(selector);
}
