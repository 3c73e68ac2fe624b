// Which requests wait for which (KEP-1040). Differs from Kubernetes: they are kept, nobody waits here.
import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';
import { setGeneration } from './checks.ts';
import { keepMetadata } from './status-metadata.ts';
import { conditionErrors, flowSchemaErrors, priorityLevelErrors } from './flow-control-checks.ts';

const group = 'flowcontrol.apiserver.k8s.io';
const versions: Resource['versions'] = [
  { version: 'v1', since: 29 },
  { version: 'v1beta3', since: 26, until: 31 },
  { version: 'v1beta2', since: 23, until: 28 },
  { version: 'v1beta1', since: 20, until: 25 },
  { version: 'v1alpha1', since: 18, until: 20 },
];
const common = { group, namespaced: false, versions, verbs: allVerbs, subresources: [{ name: 'status' as const, verbs: ['get', 'patch', 'update'] }] };

export const flowSchema: Resource = {
  ...common,
  kind: 'FlowSchema',
  plural: 'flowschemas',
  singular: 'flowschema',
  etcdPath: 'flowschemas',
  strategy: {
    repeatedMetadataChecks: ['object'],
    repeatedStatusChecks: [],
    defaults(draft) {
      (draft.spec ??= {}).matchingPrecedence ||= 1000;
      draft.status ??= {};
    },
    prepareForCreate(draft) {
      setGeneration(draft, 1);
      draft.status = {};
    },
    prepareForUpdate(draft, old) {
      draft.status = old.status;
    },
    prepareForStatusUpdate: keepMetadata,
    validate: flowSchemaErrors,
    validateUpdate: flowSchemaErrors,
    validateStatusUpdate: ({ status }) => conditionErrors(status),
  },
  columns: [nameColumn, column('PriorityLevel'), column('MatchingPrecedence'), column('DistinguisherMethod'), ageColumn, column('MissingPL')],
  cells: (object, now) => {
    const { priorityLevelConfiguration, matchingPrecedence, distinguisherMethod } = object.spec;
    const dangling = object.status?.conditions?.find(({ type }: { type: string }) => type === 'Dangling');
    return [object.metadata.name, priorityLevelConfiguration?.name ?? '', matchingPrecedence, distinguisherMethod?.type ?? '<none>', age(object, now), dangling?.status ?? '?'];
  },
};

export const priorityLevelConfiguration: Resource = {
  ...common,
  kind: 'PriorityLevelConfiguration',
  plural: 'prioritylevelconfigurations',
  singular: 'prioritylevelconfiguration',
  etcdPath: 'prioritylevelconfigurations',
  strategy: {
    repeatedMetadataChecks: ['object'],
    repeatedStatusChecks: [],
    defaults(draft, { version }) {
      const { limited } = (draft.spec ??= {});
      if (limited) {
        limited[version.has('nominal-concurrency-shares') ? 'nominalConcurrencyShares' : 'assuredConcurrencyShares'] ||= 30;
        limited.limitResponse ??= { type: 'Reject' };
        const { queuing } = limited.limitResponse;
        if (queuing) for (const [field, usual] of Object.entries({ queues: 64, handSize: 8, queueLengthLimit: 50 })) queuing[field] ||= usual;
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
    prepareForStatusUpdate: keepMetadata,
    validate: priorityLevelErrors,
    validateUpdate: priorityLevelErrors,
    validateStatusUpdate: ({ status }) => conditionErrors(status),
  },
  columns: (version) => [nameColumn, column('Type'), column(version.has('nominal-concurrency-shares') ? 'NominalConcurrencyShares' : 'AssuredConcurrencyShares'), column('Queues'), column('HandSize'), column('QueueLengthLimit'), ageColumn],
  cells: (object, now) => {
    const { type, limited } = object.spec;
    const queuing = limited?.limitResponse?.queuing;
    return [object.metadata.name, type ?? '', limited?.nominalConcurrencyShares ?? limited?.assuredConcurrencyShares ?? '<none>', queuing?.queues ?? '<none>', queuing?.handSize ?? '<none>', queuing?.queueLengthLimit ?? '<none>', age(object, now)];
  },
};
