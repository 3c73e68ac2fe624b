// The subresource ephemeralcontainers: containers added to a pod that runs (pkg/registry/core/pod/strategy.go).
import type { FieldError } from '../../field-error.ts';
import { equal } from '../../object.ts';
import type { Context, Strategy } from '../../resource.ts';
import type { KubeObject, PodSpec } from '../../types.ts';
import { defaultPodOnly, defaultPodSpec } from './defaults.ts';
import { annotationsPath, FieldPath, Problems, specPath } from './problems.ts';
import { validateAnnotationUpdate } from './validate-annotations.ts';
import { validateMetadataAndSpec } from './validate-pod.ts';

type EphemeralContainers = NonNullable<PodSpec['ephemeralContainers']>;

/** Everything but these containers stays as it is. */
export const ephemeralContainersStrategy: Strategy = {
  generation: false,
  defaults(pod, { version }) {
    defaultPodSpec(pod.spec, version);
    defaultPodOnly(pod.spec);
  },
  prepareForUpdate(pod, old, { version }) {
    const { ephemeralContainers } = pod.spec;
    pod.spec = { ...old.spec, ...(ephemeralContainers && { ephemeralContainers }) };
    if (!ephemeralContainers) delete pod.spec.ephemeralContainers;
    pod.status = old.status;
    keepMetadata(pod, old);
    if (version.has('pod-generation') && !equal(pod.spec, old.spec)) pod.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validateUpdate: (pod, old, context) => validateUpdate(pod, old, context),
};

/** Of the metadata a client may say only which object it means. */
export function keepMetadata(pod: KubeObject, old: KubeObject): void {
  const { name, namespace, uid, resourceVersion, finalizers, managedFields } = pod.metadata;
  pod.metadata = { ...old.metadata, name, namespace, uid, resourceVersion, ...(managedFields && { managedFields }) };
  if (finalizers) pod.metadata.finalizers = finalizers;
  else delete pod.metadata.finalizers;
}

function validateUpdate(pod: KubeObject, old: KubeObject, { version }: Context): FieldError[] {
  const problems = new Problems(version);
  validateMetadataAndSpec(problems, pod);
  validateAnnotationUpdate(problems, annotationsPath, pod.metadata.annotations, old.metadata.annotations);
  if (version.has('static-pods-not-ephemeral') && old.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) {
    const refused = new Problems(version);
    refused.forbidden(new FieldPath(''), 'static pods do not support ephemeral containers');
    return refused.list;
  }
  validateKept(problems, pod.spec.ephemeralContainers ?? [], old.spec.ephemeralContainers ?? []);
  return problems.list;
}

/** Differs from Kubernetes: what has changed is printed as JSON, not in Go's syntax. */
function validateKept(problems: Problems, now: EphemeralContainers, before: EphemeralContainers): void {
  const at = specPath.child('ephemeralContainers');
  for (const old of before) {
    const container = now.find(({ name }) => name === old.name);
    const what = `existing ephemeral containers ${JSON.stringify(old.name)} may not be`;
    if (!container) problems.forbidden(at, `${what} removed\n`);
    else if (!equal(container, old)) problems.forbidden(at, `${what} changed\n- \t${JSON.stringify(old)}\n+ \t${JSON.stringify(container)}\n`);
  }
}
