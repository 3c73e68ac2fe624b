import { type FieldError, invalid, required } from '../../field-error.ts';
import { isValidLabelValue } from '../../names.ts';
import type { Context, Resource, Strategy } from '../../resource.ts';
import { allVerbs } from '../../resource.ts';
import type { KubeObject, LabelSelector } from '../../types.ts';
import { column, nameColumn } from '../cells.ts';
import { labelSelectorErrors } from '../label-checks.ts';
import { pathSegmentName, ruleErrors } from './rules.ts';

type Validate = (object: KubeObject, context: Context) => FieldError[];

/** A Go slice that was left out, or is empty, prints as null. */
const emptyRules = (draft: KubeObject) => {
  if (!draft.rules?.length) draft.rules = null;
};

const strategy = (validate: Validate): Strategy => ({
  defaults: emptyRules,
  validate,
  // An update is validated as a new object first, and once more as an update.
  validateUpdate: (object, _old, context) => [...validate(object, context), ...validate(object, context)],
  validateName: pathSegmentName,
  repeatedMetadataChecks: ['object', 'object', 'update'],
  allowCreateOnUpdate: true,
});

const common = {
  group: 'rbac.authorization.k8s.io',
  versions: [{ version: 'v1' }, { version: 'v1beta1', until: 21 }, { version: 'v1alpha1', until: 20 }],
  verbs: allVerbs,
  columns: [nameColumn, column('Created At', 'date')],
  cells: ({ metadata }: KubeObject) => [metadata.name, metadata.creationTimestamp],
};

export const role: Resource = {
  ...common,
  kind: 'Role',
  plural: 'roles',
  singular: 'role',
  namespaced: true,
  etcdPath: 'roles',
  strategy: strategy(({ rules }) => ruleErrors(rules, true)),
};

export const clusterRole: Resource = {
  ...common,
  kind: 'ClusterRole',
  plural: 'clusterroles',
  singular: 'clusterrole',
  namespaced: false,
  etcdPath: 'clusterroles',
  strategy: strategy(({ rules, aggregationRule }, { version }) => [...ruleErrors(rules, false), ...(aggregationRule ? aggregationErrors(aggregationRule.clusterRoleSelectors, version) : [])]),
};

function aggregationErrors(selectors: readonly LabelSelector[] | undefined, version: Context['version']): FieldError[] {
  const field = 'aggregationRule.clusterRoleSelectors';
  if (!selectors?.length) return [required(field, 'at least one clusterRoleSelector required if aggregationRule is non-nil')];
  return selectors.flatMap((selector, i) => {
    const errors = labelSelectorErrors(`${field}[${i}]`, selector, version);
    const values = selector.matchExpressions?.flatMap(({ values }) => values ?? []) ?? [];
    // What could not be made of it is said once more: Go prints the selector that there is not.
    return errors.length > 0 || values.some((value) => isValidLabelValue(value).length > 0) ? [...errors, invalid(`${field}[${i}]`, 'null', 'invalid label selector.')] : [];
  });
}
