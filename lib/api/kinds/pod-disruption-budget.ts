import { type FieldError, invalid } from '../field-error.ts';
import { type IntOrString, percentValue } from '../int-or-string.ts';
import { isPathSegment, isValidPercent } from '../names.ts';
import type { Context, Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';
import { invalidAll, setGeneration } from './checks.ts';
import { labelSelectorErrors } from './label-checks.ts';

function countErrors(field: string, value: IntOrString | undefined): FieldError[] {
  if (value === undefined) return [];
  if (typeof value === 'number') return value < 0 ? [invalid(field, value, 'must be greater than or equal to 0')] : [];
  const errors = invalidAll(field, value, isValidPercent(value));
  return (percentValue(value) ?? 0) > 100 ? [...errors, invalid(field, value, 'must not be greater than 100%')] : errors;
}

function validate({ spec = {} }: KubeObject, { version }: Context): FieldError[] {
  const both = spec.minAvailable !== undefined && spec.maxUnavailable !== undefined;
  return [
    ...(both ? [invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set')] : []),
    ...countErrors('spec.minAvailable', spec.minAvailable),
    ...countErrors('spec.maxUnavailable', spec.maxUnavailable),
    ...labelSelectorErrors('spec.selector', spec.selector, version),
  ];
}

export const podDisruptionBudget: Resource = {
  kind: 'PodDisruptionBudget',
  group: 'policy',
  plural: 'poddisruptionbudgets',
  singular: 'poddisruptionbudget',
  shortNames: ['pdb'],
  namespaced: true,
  versions: [{ version: 'v1', since: 21 }, { version: 'v1beta1', until: 24 }],
  etcdPath: 'poddisruptionbudgets',
  verbs: allVerbs,
  subresources: [{ name: 'status', verbs: ['get', 'patch', 'update'] }],
  strategy: {
    repeatedMetadataChecks: [],
    checksMetadata: false,
    checksFinalizers: false,
    validateName: isPathSegment,
    allowUnconditionalUpdate: false,
    defaults(draft) {
      draft.spec ??= {};
    },
    prepareForCreate(draft) {
      setGeneration(draft, 1);
      draft.status = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
    },
    prepareForUpdate(draft, old) {
      draft.status = old.status;
    },
    validate,
    validateUpdate: (object, _old, context) => validate(object, context),
  },
  columns: [nameColumn, column('Min Available'), column('Max Unavailable'), column('Allowed Disruptions', 'integer'), ageColumn],
  cells: (object, now) => [
    object.metadata.name,
    String(object.spec?.minAvailable ?? 'N/A'),
    String(object.spec?.maxUnavailable ?? 'N/A'),
    object.status?.disruptionsAllowed ?? 0,
    age(object, now),
  ],
};
