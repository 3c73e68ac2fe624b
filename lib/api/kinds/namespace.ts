import { type FieldError, invalid } from '../field-error.ts';
import { isDNS1123Label, isQualifiedName, maskTrailingDash } from '../names.ts';
import type { Context, Resource } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';
import { invalidAll } from './checks.ts';

const finalizer = 'kubernetes';
const nameLabel = 'kubernetes.io/metadata.name';

const standardFinalizers = [finalizer, 'foregroundDeletion', 'orphan'];

function validate({ spec }: KubeObject): FieldError[] {
  const at = 'spec.finalizers';
  return ((spec?.finalizers ?? []) as string[]).flatMap((name) => {
    const errors = invalidAll(at, name, isQualifiedName(name));
    if (!name.includes('/') && !standardFinalizers.includes(name)) errors.push(invalid(at, name, 'name is neither a standard finalizer name nor is it fully qualified'));
    return errors;
  });
}

/** The phase follows the deletion mark. */
function validateStatusUpdate({ metadata, status }: KubeObject): FieldError[] {
  const phase = status?.phase ?? '';
  const [expected, state] = metadata.deletionTimestamp ? ['Terminating', 'not empty'] : ['Active', 'empty'];
  return phase === expected ? [] : [invalid('status.Phase', phase, `may only be '${expected}' if \`deletionTimestamp\` is ${state}`)];
}

/** Selectors of namespaces can rely on this label. */
function nameLabelled({ metadata }: KubeObject, { version }: Context) {
  if (!version.has('namespace-name-label') || !metadata.name || metadata.labels?.[nameLabel] === metadata.name) return;
  metadata.labels = { ...metadata.labels, [nameLabel]: metadata.name };
}

export const namespace: Resource = {
  kind: 'Namespace',
  group: '',
  plural: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  namespaced: false,
  versions: [{ version: 'v1' }],
  etcdPath: 'namespaces',
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: [
    { name: 'finalize', verbs: ['update'] },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
  strategy: {
    repeatedMetadataChecks: ['object', 'update'],
    generation: false,
    validateName: (name) => isDNS1123Label(maskTrailingDash(name)),
    defaults: nameLabelled,
    prepareForCreate(draft) {
      draft.status = { phase: 'Active' };
      const finalizers: string[] = draft.spec?.finalizers ?? [];
      if (!finalizers.includes(finalizer)) draft.spec = { ...draft.spec, finalizers: [...finalizers, finalizer] };
    },
    prepareForUpdate(draft, old, context) {
      nameLabelled(draft, context);
      draft.spec = old.spec;
      draft.status = old.status;
    },
    prepareForStatusUpdate(draft) {
      draft.status = { ...draft.status, phase: draft.status?.phase || 'Active' };
    },
    validate,
    validateStatusUpdate,
    fields: (object) => ({ 'status.phase': object.status?.phase ?? '' }),
  },
  columns: [nameColumn, column('Status'), ageColumn],
  cells: (object, now) => [object.metadata.name, object.status?.phase ?? '', age(object, now)],
};
