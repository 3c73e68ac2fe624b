import { type FieldError, forbiddenField, invalid } from '../field-error.ts';
import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';

function validate({ metadata, spec = {} }: KubeObject): FieldError[] {
  const { group = '', version = '', groupPriorityMinimum: priority = 0, versionPriority = 0, service, caBundle, insecureSkipTLSVerify } = spec;
  const errors: FieldError[] = metadata.name === `${version}.${group}` ? [] : [invalid('metadata.name', metadata.name, `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(`${version}.${group}`)}`)];
  if (priority <= 0 || priority > 20000) errors.push(invalid('spec.groupPriorityMinimum', priority, 'must be positive and less than 20000'));
  if (versionPriority <= 0 || versionPriority > 1000) errors.push(invalid('spec.versionPriority', versionPriority, 'must be positive and less than 1000'));
  if (!service && caBundle) errors.push(invalid('spec.caBundle', `${caBundle.length} bytes`, 'local APIServices may not have a caBundle'));
  if (!service && insecureSkipTLSVerify) errors.push(invalid('spec.insecureSkipTLSVerify', true, 'local APIServices may not have insecureSkipTLSVerify'));
  if (service && caBundle && insecureSkipTLSVerify) errors.push(forbiddenField('spec.insecureSkipTLSVerify', 'may not be true if caBundle is present'));
  return errors;
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
      draft.status = { conditions: [] };
    },
    prepareForUpdate(draft, old) {
      draft.status = old.status;
    },
    validate,
    validateUpdate: validate,
  },
  columns: [nameColumn, column('Service'), column('Available'), ageColumn],
  cells: (object, now) => {
    const { service } = object.spec;
    const condition: Condition | undefined = object.status?.conditions?.find(({ type }: Condition) => type === 'Available');
    const available = condition && (condition.status === 'True' ? 'True' : `${condition.status} (${condition.reason})`);
    return [object.metadata.name, service ? `${service.namespace}/${service.name}` : 'Local', available ?? 'Unknown', age(object, now)];
  },
};
