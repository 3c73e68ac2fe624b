import { type FieldError, invalid, notSupported, required } from '../../field-error.ts';
import { isDNS1123Subdomain } from '../../names.ts';
import type { RoleRef, Subject } from '../../policy-rules.ts';
import type { Resource, Strategy } from '../../resource.ts';
import { allVerbs } from '../../resource.ts';
import type { KubeObject } from '../../types.ts';
import { age, ageColumn, column, nameColumn, wide } from '../cells.ts';
import { invalidAll } from '../checks.ts';
import { pathSegmentName } from './rules.ts';

const group = 'rbac.authorization.k8s.io';

function defaults(draft: KubeObject): void {
  draft.roleRef ??= {};
  draft.roleRef.apiGroup ||= group;
  draft.roleRef.kind ??= '';
  draft.roleRef.name ??= '';
  if (draft.subjects?.length === 0) delete draft.subjects;
  for (const subject of draft.subjects ?? []) if ((subject.kind === 'User' || subject.kind === 'Group') && !subject.apiGroup) subject.apiGroup = group;
}

function subjectErrors({ kind, name, namespace, apiGroup = '' }: Subject, field: string, namespaced: boolean): FieldError[] {
  const errors = name ? [] : [required(`${field}.name`)];
  if (kind === 'ServiceAccount') {
    if (name) errors.push(...invalidAll(`${field}.name`, name, isDNS1123Subdomain(name)));
    if (apiGroup) errors.push(notSupported(`${field}.apiGroup`, apiGroup, ['']));
    if (!namespaced && !namespace) errors.push(required(`${field}.namespace`));
  } else if (kind === 'User' || kind === 'Group') {
    if (apiGroup !== group) errors.push(notSupported(`${field}.apiGroup`, apiGroup, [group]));
  } else errors.push(notSupported(`${field}.kind`, kind, ['ServiceAccount', 'User', 'Group']));
  return errors;
}

function validate({ roleRef, subjects }: KubeObject, namespaced: boolean): FieldError[] {
  const errors: FieldError[] = [];
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if (roleRef.apiGroup !== group) errors.push(notSupported('roleRef.apiGroup', roleRef.apiGroup, [group]));
  if (!kinds.includes(roleRef.kind)) errors.push(notSupported('roleRef.kind', roleRef.kind, kinds));
  if (roleRef.name) errors.push(...invalidAll('roleRef.name', roleRef.name, pathSegmentName(roleRef.name)));
  else errors.push(required('roleRef.name'));
  return [...errors, ...(subjects ?? []).flatMap((subject: Subject, i: number) => subjectErrors(subject, `subjects[${i}]`, namespaced))];
}

/** What a binding refers to is for good: whoever may change its subjects need not be trusted with another role. */
function roleRefErrors({ roleRef: now }: KubeObject, { roleRef: before }: KubeObject): FieldError[] {
  if (now.apiGroup === before.apiGroup && now.kind === before.kind && now.name === before.name) return [];
  const { type, field } = invalid('roleRef', '', '');
  return [{ type, field, message: `Invalid value: ${goRoleRef(now)}: cannot change roleRef` }];
}

const goRoleRef = ({ apiGroup, kind, name }: RoleRef) => `rbac.RoleRef{APIGroup:${JSON.stringify(apiGroup)}, Kind:${JSON.stringify(kind)}, Name:${JSON.stringify(name)}}`;

const strategy = (namespaced: boolean): Strategy => ({
  defaults,
  validate: (object) => validate(object, namespaced),
  validateUpdate: (object, old) => [...validate(object, namespaced), ...validate(object, namespaced), ...roleRefErrors(object, old)],
  validateName: pathSegmentName,
  repeatedMetadataChecks: ['object', 'object', 'update'],
  allowCreateOnUpdate: true,
});

const subjectsOf = (subjects: readonly Subject[] | undefined, kind: string) =>
  (subjects ?? [])
    .filter((subject) => subject.kind === kind)
    .map(({ name, namespace = '' }) => (kind === 'ServiceAccount' ? `${namespace}/${name}` : name))
    .join(', ');

const common = {
  group,
  versions: [{ version: 'v1' }, { version: 'v1beta1', until: 21 }, { version: 'v1alpha1', until: 20 }],
  verbs: allVerbs,
  columns: [nameColumn, column('Role'), ageColumn, wide('Users'), wide('Groups'), wide('ServiceAccounts')],
  cells: (object: KubeObject, now: number) => [
    object.metadata.name,
    `${object.roleRef.kind}/${object.roleRef.name}`,
    age(object, now),
    ...['User', 'Group', 'ServiceAccount'].map((kind) => subjectsOf(object.subjects, kind)),
  ],
};

export const roleBinding: Resource = { ...common, kind: 'RoleBinding', plural: 'rolebindings', singular: 'rolebinding', namespaced: true, etcdPath: 'rolebindings', strategy: strategy(true) };

export const clusterRoleBinding: Resource = {
  ...common,
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  singular: 'clusterrolebinding',
  namespaced: false,
  etcdPath: 'clusterrolebindings',
  strategy: strategy(false),
};
