import { type FieldError, forbiddenField, notSupported, required } from '../field-error.ts';
import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';
import { immutable, setGeneration } from './checks.ts';

const highestUserDefinable = 1000000000;
const system: Record<string, number> = { 'system-node-critical': 2000001000, 'system-cluster-critical': 2000000000 };
const policies = ['Never', 'PreemptLowerPriority'];

/** Names that start with `system-` belong to the two built-in classes. */
function reservedError({ metadata: { name }, value, globalDefault }: KubeObject): string | undefined {
  const expected = system[name];
  if (expected === undefined) return `${name} is not a known system priority class`;
  if (value !== expected) return `value of ${name} PriorityClass must be ${expected}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}

function validate(object: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  const { value, preemptionPolicy } = object;
  if (object.metadata.name?.startsWith('system-')) {
    const why = reservedError(object);
    if (why) errors.push(forbiddenField('metadata.name', `priority class names with 'system-' prefix are reserved for system use only. error: ${why}`));
  } else if (value > highestUserDefinable) errors.push(forbiddenField('value', `maximum allowed value of a user defined priority is ${highestUserDefinable}`));
  if (preemptionPolicy === '') errors.push(required('preemptionPolicy'));
  else if (preemptionPolicy !== undefined && !policies.includes(preemptionPolicy)) errors.push(notSupported('preemptionPolicy', preemptionPolicy, ['PreemptLowerPriority', 'Never']));
  return errors;
}

function validateUpdate(object: KubeObject, old: KubeObject): FieldError[] {
  const errors = object.value === old.value ? [] : [forbiddenField('Value', 'may not be changed in an update.')];
  return [...errors, ...immutable('preemptionPolicy', object.preemptionPolicy, old.preemptionPolicy)];
}

export const priorityClass: Resource = {
  kind: 'PriorityClass',
  group: 'scheduling.k8s.io',
  plural: 'priorityclasses',
  singular: 'priorityclass',
  shortNames: ['pc'],
  namespaced: false,
  versions: [{ version: 'v1' }, { version: 'v1beta1', until: 21 }, { version: 'v1alpha1', until: 20 }],
  etcdPath: 'priorityclasses',
  verbs: allVerbs,
  strategy: {
    defaults(draft) {
      draft.preemptionPolicy ??= 'PreemptLowerPriority';
      draft.value ??= 0;
    },
    prepareForCreate(draft) {
      setGeneration(draft, 1);
    },
    validate,
    validateUpdate,
  },
  columns: (version) => [
    nameColumn,
    column('Value', 'integer'),
    column('Global-Default', 'boolean'),
    ageColumn,
    ...(version.has('priority-class-policy-column') ? [column('PreemptionPolicy')] : []),
  ],
  cells: (object, now, version) => [
    object.metadata.name,
    object.value ?? 0,
    object.globalDefault ?? false,
    age(object, now),
    ...(version.has('priority-class-policy-column') ? [object.preemptionPolicy ?? ''] : []),
  ],
};
