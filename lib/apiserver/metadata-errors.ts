// Metadata is checked for all kinds, and again by most kinds' own validation: causes come once for each.
import { type Context, type FieldError, type KubeObject, type Resource, standardFinalizerErrors, validateObjectMeta, validateObjectMetaUpdate, type Version } from '../api/index.ts';

/** Metadata first, unless the kind's own validation leaves it to the common checks, which come last. */
export function createErrors(resource: Resource, object: KubeObject, context: Context): FieldError[] {
  const own = resource.strategy?.validate?.(object, context) ?? [];
  if (resource.strategy?.checksMetadata !== false) return both(both(metadataErrors(resource, object), finalizerErrors(resource, object)), own);
  return own.length > 0 ? own : metadataErrors(resource, object);
}

interface UpdateChecks {
  old: KubeObject;
  version: Version;
  /** What the kind's own validation checks once more. */
  repeated?: readonly ('object' | 'update')[];
}

/** What all kinds check, then what this kind's own validation checks once more. */
export function metadataUpdateErrors(resource: Resource, object: KubeObject, { old, version, repeated = ['update'] }: UpdateChecks): FieldError[] {
  const checks = { object: metadataErrors(resource, object), update: validateObjectMetaUpdate(object.metadata, old.metadata, { version }) };
  const common = both(checks.object, checks.update);
  const finalizers = finalizerErrors(resource, object);
  if (common.length === 0 && finalizers.length === 0) return common;
  return [...common, ...repeated.flatMap((name) => [...checks[name], ...finalizers])];
}

function metadataErrors({ namespaced, strategy }: Resource, { metadata }: KubeObject): FieldError[] {
  return validateObjectMeta(metadata, { namespaced, validateName: strategy?.validateName });
}

const none: FieldError[] = [];

/** Finalizers without a domain are Kubernetes' own. */
function finalizerErrors({ strategy }: Resource, { metadata }: KubeObject): FieldError[] {
  return metadata.finalizers && strategy?.checksFinalizers !== false ? standardFinalizerErrors(metadata.finalizers) : none;
}

/** One after the other; nearly always both are empty. */
export function both(a: FieldError[], b: FieldError[] | undefined): FieldError[] {
  if (!b || b.length === 0) return a;
  return a.length === 0 ? b : [...a, ...b];
}
