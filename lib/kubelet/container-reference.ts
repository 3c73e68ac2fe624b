import type { Pod } from '../api/index.ts';

type Reference = { fieldPath: string };
const references = { containers: new Map<string, Reference>(), initContainers: new Map<string, Reference>(), ephemeralContainers: new Map<string, Reference>() };

/** Which list of the pod names the container. */
function listOf({ spec }: Pod, name: string): keyof typeof references {
  if (spec.initContainers?.some((c) => c.name === name)) return 'initContainers';
  return spec.ephemeralContainers?.some((c) => c.name === name) ? 'ephemeralContainers' : 'containers';
}

/** What an event about a container names: `spec.containers{web}`. */
export function containerReference(pod: Pod, container: string): Reference {
  const list = listOf(pod, container);
  const known = references[list];
  let reference = known.get(container);
  if (!reference) known.set(container, (reference = { fieldPath: `spec.${list}{${container}}` }));
  return reference;
}
