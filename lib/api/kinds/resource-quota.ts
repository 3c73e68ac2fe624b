import { quantity, canonicalResources } from './pod-spec/quantities.ts';
import { allVerbs, type Resource } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import type { Version } from '../version.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';
import { quotaErrors, quotaStatusErrors, scopesChanged } from './resource-quota-checks.ts';

/** `pods: 3/10, requests.cpu: 500m/4`, limits apart from all others. */
function shares({ status = {} }: KubeObject, ofLimits: boolean): string {
  const names = Object.keys(status.hard ?? {}).filter((name) => name.startsWith('limits.') === ofLimits).sort();
  return names.map((name) => `${name}: ${quantity(status.used?.[name] ?? '0')}/${quantity(status.hard[name])}`).join(', ');
}

const ageLast = (version: Version) => version.has('quota-age-last');

export const resourceQuota: Resource = {
  kind: 'ResourceQuota',
  group: '',
  plural: 'resourcequotas',
  singular: 'resourcequota',
  shortNames: ['quota'],
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath: 'resourcequotas',
  verbs: allVerbs,
  subresources: [{ name: 'status', verbs: ['get', 'patch', 'update'] }],
  strategy: {
    repeatedMetadataChecks: ['object', 'update'],
    generation: false,
    defaults(draft) {
      draft.spec ??= {};
      for (const list of [draft.spec.hard, draft.status?.hard, draft.status?.used]) if (list) canonicalResources(list);
    },
    prepareForCreate(draft) {
      draft.status = {};
    },
    prepareForUpdate(draft, old) {
      draft.status = old.status;
    },
    prepareForStatusUpdate(draft) {
      draft.status = { ...draft.status };
      for (const name of ['hard', 'used']) if (draft.status[name]) canonicalResources((draft.status[name] = { ...draft.status[name] }));
    },
    validate: (object, { version }) => [...quotaErrors(object, version), ...quotaStatusErrors(object, version)],
    // Each of its two checks of an update looks at the spec.
    validateUpdate: (object, old, { version }) => [...quotaErrors(object, version), ...quotaStatusErrors(object, version), ...quotaErrors(object, version), ...scopesChanged(object, old)],
    validateStatusUpdate: (object, _old, { version }) => quotaStatusErrors(object, version),
  },
  columns: (version) => [nameColumn, ...(ageLast(version) ? [] : [ageColumn]), column('Request'), column('Limit'), ...(ageLast(version) ? [ageColumn] : [])],
  cells(object, now, version) {
    const [both, old] = [[shares(object, false), shares(object, true)], age(object, now)];
    return ageLast(version) ? [object.metadata.name, ...both, old] : [object.metadata.name, old, ...both];
  },
};
