// vpa-admission-controller: new pods get what is recommended (pkg/admission-controller/resource/pod).
import type { Pod } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { resourcesFor } from './policy.ts';
import { controllingVpa } from './target.ts';
import { kind, modeOf, type ResourceName, type VerticalPodAutoscaler } from './types.ts';

export interface PatchOperation {
  op: 'add';
  path: string;
  value: unknown;
}

export const updatesAnnotation = 'vpaUpdates';
const observedAnnotation = 'vpaObservedContainers';

/** JSON patches for a pod that is about to be made. */
export function podPatches(client: Client, pod: Pod): PatchOperation[] {
  const vpa = controllingVpa(client, pod, client.cache(kind) as Iterable<VerticalPodAutoscaler>);
  if (!vpa || modeOf(vpa) === 'Off') return [];
  const { patches, notes } = resourcePatches(vpa, pod);
  const annotations: Record<string, string> = {
    ...(notes.length > 0 && { [updatesAnnotation]: `Pod resources updated by ${vpa.metadata.name}: ${notes.join('; ')}` }),
    [observedAnnotation]: pod.spec.containers.map(({ name }) => name).join(', '),
  };
  const empty: PatchOperation[] = pod.metadata.annotations ? [] : [{ op: 'add', path: '/metadata/annotations', value: {} }];
  return [...empty, ...patches, ...Object.entries(annotations).map(([name, value]): PatchOperation => ({ op: 'add', path: `/metadata/annotations/${name}`, value }))];
}

/** What of its containers changes, and the note about it. */
export function resourcePatches(vpa: VerticalPodAutoscaler, pod: Pod): { patches: PatchOperation[]; notes: string[] } {
  const patches: PatchOperation[] = [];
  const notes: string[] = [];
  pod.spec.containers.forEach((container, i) => {
    const wanted = resourcesFor(vpa, container);
    if (!wanted) return;
    const path = `/spec/containers/${i}/resources`;
    const words: string[] = [];
    if (!container.resources) patches.push({ op: 'add', path, value: {} });
    for (const [field, word] of [['requests', 'request'], ['limits', 'limit']] as const) {
      const amounts = Object.entries(wanted[field]) as [ResourceName, string][];
      if (amounts.length > 0 && !container.resources?.[field]) patches.push({ op: 'add', path: `${path}/${field}`, value: {} });
      for (const [name, amount] of amounts) {
        patches.push({ op: 'add', path: `${path}/${field}/${name}`, value: amount });
        words.push(`${name} ${word}`);
      }
    }
    if (words.length > 0) notes.push(`container ${i}: ${words.join(', ')}`);
  });
  return { patches, notes };
}

/** Why an object may not be (pkg/admission-controller/resource/vpa); and what it gets when it says nothing of updates. */
export function reviewVpa({ spec }: VerticalPodAutoscaler): { error?: string; patches: PatchOperation[] } {
  const { targetRef, updatePolicy, resourcePolicy, recommenders = [] } = spec;
  if (!targetRef) return { error: "spec.targetRef: Required value: If you're using v1beta1 version of the API, please migrate to v1", patches: [] };
  if (updatePolicy && !updatePolicy.updateMode) return { error: 'spec.updatePolicy.updateMode: Required value: updateMode is required if UpdatePolicy is used', patches: [] };
  if (updatePolicy?.minReplicas !== undefined && updatePolicy.minReplicas <= 0) return { error: `spec.updatePolicy.minReplicas: Invalid value: ${updatePolicy.minReplicas}: minReplicas has to be positive`, patches: [] };
  const nameless = (resourcePolicy?.containerPolicies ?? []).findIndex(({ containerName }) => !containerName);
  if (nameless >= 0) return { error: `spec.resourcePolicy.containerPolicies[${nameless}].containerName: Required value`, patches: [] };
  if (recommenders.length > 1) return { error: `spec.recommenders: Too many: ${recommenders.length}: must have at most 1 items`, patches: [] };
  return { patches: updatePolicy ? [] : [{ op: 'add', path: '/spec/updatePolicy', value: { updateMode: 'Recreate' } }] };
}
