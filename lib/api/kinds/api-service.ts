import { type FieldError, invalid, notSupported, required } from '../field-error.ts';
import { isDNS1035Label, isDNS1123Subdomain, isPathSegment, isValidPortNum } from '../names.ts';
import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';
import { base64Length, invalidAll } from './checks.ts';

function validate({ metadata, spec = {} }: KubeObject): FieldError[] {
  const { group = '', version = '', groupPriorityMinimum: priority = 0, versionPriority = 0 } = spec;
  const errors = [...nameErrors('metadata.generateName', metadata.generateName, `${version}.${group}`), ...nameErrors('metadata.name', metadata.name, `${version}.${group}`)];
  if (group === '' && version !== 'v1') errors.push(required('spec.group', 'only v1 may have an empty group and it better be legacy kube'));
  if (group !== '') errors.push(...invalidAll('spec.group', group, isDNS1123Subdomain(group)));
  errors.push(...invalidAll('spec.version', version, isDNS1035Label(version)));
  if (priority <= 0 || priority > 20000) errors.push(invalid('spec.groupPriorityMinimum', priority, 'must be positive and less than 20000'));
  if (versionPriority <= 0 || versionPriority > 1000) errors.push(invalid('spec.versionPriority', versionPriority, 'must be positive and less than 1000'));
  return [...errors, ...serviceErrors(spec)];
}

function nameErrors(field: string, name: string | undefined, wanted: string): FieldError[] {
  if (!name) return [];
  const wrong = isPathSegment(name);
  if (wrong.length > 0) return invalidAll(field, name, wrong);
  return name === wanted ? [] : [invalid(field, name, `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`)];
}

function serviceErrors({ service, caBundle, insecureSkipTLSVerify: insecure }: Record<string, any>): FieldError[] {
  const at = 'spec.insecureSkipTLSVerify';
  if (!service) return [...(caBundle ? [invalid('spec.caBundle', `${base64Length(caBundle)} bytes`, 'local APIServices may not have a caBundle')] : []), ...(insecure ? [invalid(at, true, 'local APIServices may not have insecureSkipTLSVerify')] : [])];
  const errors = ['namespace', 'name'].filter((field) => !service[field]).map((field) => required(`spec.service.${field}`));
  const port = service.port ?? 0;
  if (isValidPortNum(port).length > 0) errors.push(invalid('spec.service.port', port, `port is not valid: ${isValidPortNum(port).join(', ')}`));
  if (insecure && caBundle) errors.push(invalid(at, true, 'may not be true if caBundle is present'));
  return errors;
}

function statusErrors({ status }: KubeObject): FieldError[] {
  const conditions: Condition[] = status?.conditions ?? [];
  return conditions.flatMap(({ status: is }, i) => (['True', 'False', 'Unknown'].includes(is) ? [] : [notSupported(`status.conditions[${i}].status`, is ?? '', ['True', 'False', 'Unknown'])]));
}

interface Condition {
  type: string;
  status: string;
  reason?: string;
}

export const apiServiceKind: Resource = {
  kind: 'APIService',
  group: 'apiregistration.k8s.io',
  plural: 'apiservices',
  singular: 'apiservice',
  categories: ['api-extensions'],
  namespaced: false,
  versions: [{ version: 'v1' }, { version: 'v1beta1', until: 21 }],
  etcdPath: 'apiregistration.k8s.io/apiservices',
  verbs: allVerbs,
  subresources: [{ name: 'status', verbs: ['get', 'patch', 'update'] }],
  strategy: {
    generation: false,
    checksFinalizers: false,
    // `v1.` is a name here.
    validateName: () => [],
    allowUnconditionalUpdate: false,
    defaults({ spec }) {
      if (spec?.service) spec.service.port ??= 443;
    },
    prepareForCreate(draft) {
      draft.status = {};
    },
    prepareForUpdate(draft, old) {
      draft.status = old.status;
    },
    validate,
    validateUpdate: validate,
    validateStatusUpdate: statusErrors,
  },
  columns: [nameColumn, column('Service'), column('Available'), ageColumn],
  cells: (object, now) => {
    const { service } = object.spec;
    const condition: Condition | undefined = object.status?.conditions?.find(({ type }: Condition) => type === 'Available');
    const available = condition && (condition.status === 'True' ? 'True' : `${condition.status} (${condition.reason})`);
    return [object.metadata.name, service ? `${service.namespace}/${service.name}` : 'Local', available ?? 'Unknown', age(object, now)];
  },
};
