// Which requests wait for which (KEP-1040). Differs from Kubernetes: they are kept, nobody waits here.
import { type FieldError, invalid, notSupported, required } from '../field-error.ts';
import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';
import { setGeneration } from './checks.ts';

const group = 'flowcontrol.apiserver.k8s.io';
const versions: Resource['versions'] = [
  { version: 'v1', since: 29 },
  { version: 'v1beta3', since: 26, until: 31 },
  { version: 'v1beta2', since: 23, until: 28 },
  { version: 'v1beta1', since: 20, until: 25 },
  { version: 'v1alpha1', since: 18, until: 20 },
];
const common = { group, namespaced: false, versions, verbs: allVerbs, subresources: [{ name: 'status' as const, verbs: ['get', 'patch', 'update'] }] };

function flowErrors({ metadata, spec = {} }: KubeObject): FieldError[] {
  const { matchingPrecedence = 0, priorityLevelConfiguration, distinguisherMethod } = spec;
  const errors: FieldError[] = [];
  if (matchingPrecedence <= 0) errors.push(invalid('spec.matchingPrecedence', matchingPrecedence, 'must be a positive value'));
  if (matchingPrecedence > 10000) errors.push(invalid('spec.matchingPrecedence', matchingPrecedence, 'must not be greater than 10000'));
  if (matchingPrecedence === 1 && metadata.name !== 'exempt') errors.push(invalid('spec.matchingPrecedence', matchingPrecedence, "only the schema named 'exempt' may have matchingPrecedence 1"));
  if (distinguisherMethod && !['ByNamespace', 'ByUser'].includes(distinguisherMethod.type)) errors.push(notSupported('spec.distinguisherMethod', distinguisherMethod, ['ByNamespace', 'ByUser']));
  if (!priorityLevelConfiguration?.name) errors.push(required('spec.priorityLevelConfiguration.name', 'must reference a priority level'));
  return errors;
}

export const flowSchema: Resource = {
  ...common,
  kind: 'FlowSchema',
  plural: 'flowschemas',
  singular: 'flowschema',
  etcdPath: 'flowschemas',
  strategy: {
    repeatedMetadataChecks: ['object'],
    allowUnconditionalUpdate: false,
    defaults(draft) {
      (draft.spec ??= {}).matchingPrecedence ??= 1000;
      draft.status ??= {};
    },
    prepareForCreate(draft) {
      setGeneration(draft, 1);
      draft.status = {};
    },
    prepareForUpdate(draft, old) {
      draft.status = old.status;
    },
    validate: flowErrors,
    validateUpdate: flowErrors,
  },
  columns: [nameColumn, column('PriorityLevel'), column('MatchingPrecedence'), column('DistinguisherMethod'), ageColumn, column('MissingPL')],
  cells: (object, now) => {
    const { priorityLevelConfiguration, matchingPrecedence, distinguisherMethod } = object.spec;
    const dangling = object.status?.conditions?.find(({ type }: { type: string }) => type === 'Dangling');
    return [object.metadata.name, priorityLevelConfiguration?.name ?? '', matchingPrecedence, distinguisherMethod?.type ?? '<none>', age(object, now), dangling?.status ?? '?'];
  },
};

function levelErrors({ spec = {} }: KubeObject): FieldError[] {
  const { type = '', limited } = spec;
  if (type !== 'Exempt' && type !== 'Limited') return [notSupported('spec.type', type, ['Exempt', 'Limited'])];
  if (type === 'Limited' && !limited) return [required('spec.limited', 'must not be empty when type is Limited')];
  const shares = limited?.nominalConcurrencyShares ?? limited?.assuredConcurrencyShares;
  return shares < 0 ? [invalid('spec.limited.assuredConcurrencyShares', shares, 'must be positive')] : [];
}

export const priorityLevelConfiguration: Resource = {
  ...common,
  kind: 'PriorityLevelConfiguration',
  plural: 'prioritylevelconfigurations',
  singular: 'prioritylevelconfiguration',
  etcdPath: 'prioritylevelconfigurations',
  strategy: {
    repeatedMetadataChecks: ['object'],
    allowUnconditionalUpdate: false,
    defaults(draft, { version }) {
      const { limited } = (draft.spec ??= {});
      if (limited) {
        limited[version.has('nominal-concurrency-shares') ? 'nominalConcurrencyShares' : 'assuredConcurrencyShares'] ??= 30;
        limited.limitResponse ??= { type: 'Reject' };
        if (limited.limitResponse.queuing) limited.limitResponse.queuing = { queues: 64, handSize: 8, queueLengthLimit: 50, ...limited.limitResponse.queuing };
      }
      draft.status ??= {};
    },
    prepareForCreate(draft) {
      setGeneration(draft, 1);
      draft.status = {};
    },
    prepareForUpdate(draft, old) {
      draft.status = old.status;
    },
    validate: levelErrors,
    validateUpdate: levelErrors,
  },
  columns: (version) => [nameColumn, column('Type'), column(version.has('nominal-concurrency-shares') ? 'NominalConcurrencyShares' : 'AssuredConcurrencyShares'), column('Queues'), column('HandSize'), column('QueueLengthLimit'), ageColumn],
  cells: (object, now) => {
    const { type, limited } = object.spec;
    const queuing = limited?.limitResponse?.queuing;
    return [object.metadata.name, type ?? '', limited?.nominalConcurrencyShares ?? limited?.assuredConcurrencyShares ?? '<none>', queuing?.queues ?? '<none>', queuing?.handSize ?? '<none>', queuing?.queueLengthLimit ?? '<none>', age(object, now)];
  },
};
