import type { Pod } from '../api/index.ts';

type Reference = { fieldPath: string };
const [references, initReferences] = [new Map<string, Reference>(), new Map<string, Reference>()];

/** What an event about a container names: `spec.containers{web}`. */
export function containerReference(pod: Pod, container: string): Reference {
  const init = pod.spec.initContainers?.some((c) => c.name === container) ?? false;
  const known = init ? initReferences : references;
  let reference = known.get(container);
  if (!reference) known.set(container, (reference = { fieldPath: `spec.${init ? 'initContainers' : 'containers'}{${container}}` }));
  return reference;
}
