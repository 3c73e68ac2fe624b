import { type Handle, type Plugin, skip, unresolvable } from '../framework.ts';

/** A pod that names its node runs there or nowhere. */
export function nodeName({ version }: Handle): Plugin {
  const reason = version.has('node-name-message') ? "node(s) didn't match the requested node name" : "node(s) didn't match the requested hostname";
  return {
    name: 'NodeName',
    retryOn: ['NodeAdd'],
    preFilter: ({ pod }) => (pod.spec.nodeName ? undefined : skip),
    filter: ({ pod }, { name }) => (!pod.spec.nodeName || pod.spec.nodeName === name ? undefined : unresolvable(reason)),
  };
}
