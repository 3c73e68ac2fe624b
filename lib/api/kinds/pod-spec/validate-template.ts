// A pod template, and its agreement with the selector of its owner.
import type { PodTemplateSpec } from '../../types.ts';
import type { Selector } from '../../labels/index.ts';
import { goMap } from './go-text.ts';
import { validateAnnotations, validateLabels } from './labels.ts';
import type { FieldPath, Problems } from './problems.ts';
import { validatePodAnnotations, validateSeccompMatch } from './validate-annotations.ts';
import { validatePodSpec } from './validate-spec.ts';

export function validateTemplate(problems: Problems, at: FieldPath, { metadata, spec }: PodTemplateSpec): void {
  const podSpec = spec ?? { containers: [] };
  const annotations = metadata?.annotations;
  validateLabels(problems, at.child('labels'), metadata?.labels);
  if (annotations) {
    validateAnnotations(problems, at.child('annotations'), annotations);
    validatePodAnnotations(problems, at.child('annotations'), annotations, podSpec);
  }
  validatePodSpec(problems, at.child('spec'), podSpec);
  validateSeccompMatch(problems, at.child('spec'), annotations, podSpec);
  if (podSpec.ephemeralContainers?.length) problems.forbidden(at.child('spec').child('ephemeralContainers'), 'ephemeral containers not allowed in pod template');
}

/** `owner` is how the kind calls itself in its errors. */
export interface Replicated {
  owner: 'ReplicationController' | 'ReplicaSet';
  selector: Selector;
  replicas: number;
}

/** Replicas restart always, have no deadline, and are found by the selector. */
export function validateReplicatedTemplate(problems: Problems, at: FieldPath, template: PodTemplateSpec, { owner, selector, replicas }: Replicated): void {
  const { labels } = template.metadata ?? {};
  if (!selector.empty && !selector.matches(labels)) problems.invalidText(at.child('metadata').child('labels'), goMap(labels), '`selector` does not match template `labels`');
  validateTemplate(problems, at, template);
  const spec = at.child('spec');
  if (replicas > 1) {
    template.spec?.volumes?.forEach(({ gcePersistentDisk: disk }, i) => {
      if (!disk || disk.readOnly) return;
      const path = spec.child('volumes').index(i).child('gcePersistentDisk').child('readOnly');
      problems.invalid(path, false, 'must be true for replicated pods > 1; GCE PD can only be mounted on multiple machines if it is read-only');
    });
  }
  const policy = template.spec?.restartPolicy ?? '';
  if (policy !== 'Always') problems.notSupported(spec.child('restartPolicy'), policy, ['Always']);
  if (template.spec?.activeDeadlineSeconds !== undefined) problems.forbidden(spec.child('activeDeadlineSeconds'), `activeDeadlineSeconds in ${owner} is not Supported`);
}
