import { type FieldError, required } from '../field-error.ts';
import { allVerbs, type Resource } from '../resource.ts';
import type { Context } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';
import { immutable } from './checks.ts';
import { Problems } from './pod-spec/problems.ts';
import { FieldPath } from './pod-spec/problems.ts';

function validate({ data, revision }: KubeObject, { version }: Context): FieldError[] {
  const problems = new Problems(version);
  if (revision < 0) problems.invalid(new FieldPath('revision'), revision, 'must be greater than or equal to 0');
  return data === undefined || data === null ? [required('data', 'data is mandatory'), ...problems.list] : problems.list;
}

/** `statefulset.apps/web`, or `<none>`. */
function controllerName({ metadata }: KubeObject): string {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  if (!owner) return '<none>';
  const group = owner.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : '';
  return `${`${owner.kind}${group}`.toLowerCase()}/${owner.name}`;
}

export const controllerRevision: Resource = {
  kind: 'ControllerRevision',
  group: 'apps',
  plural: 'controllerrevisions',
  singular: 'controllerrevision',
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath: 'controllerrevisions',
  verbs: allVerbs,
  strategy: {
    repeatedMetadataChecks: ['update', 'object'],
    generation: false,
    validate,
    validateUpdate: (object, old, context) => [...validate(object, context), ...immutable('data', object.data, old.data)],
  },
  columns: [nameColumn, column('Controller'), column('Revision'), ageColumn],
  cells: (object, now) => [object.metadata.name, controllerName(object), object.revision ?? 0, age(object, now)],
};
