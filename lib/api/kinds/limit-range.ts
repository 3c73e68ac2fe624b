import { allVerbs, type Resource } from '../resource.ts';
import type { LimitRangeItem } from '../types.ts';
import { column, nameColumn } from './cells.ts';
import { limitRangeErrors } from './limit-range-checks.ts';
import { canonicalResources } from './pod-spec/quantities.ts';

/** A maximum is the limit of who names none, a limit the request, and else a minimum. */
function complete(item: LimitRangeItem): void {
  for (const list of [item.max, item.min, item.default, item.defaultRequest, item.maxLimitRequestRatio]) if (list) canonicalResources(list);
  if (item.type !== 'Container') return;
  const limit = { ...item.max, ...item.default };
  const request = { ...item.min, ...limit, ...item.defaultRequest };
  if (Object.keys(limit).length > 0) item.default = limit;
  if (Object.keys(request).length > 0) item.defaultRequest = request;
}

export const limitRange: Resource = {
  kind: 'LimitRange',
  group: '',
  plural: 'limitranges',
  singular: 'limitrange',
  shortNames: ['limits'],
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath: 'limitranges',
  verbs: allVerbs,
  strategy: {
    repeatedMetadataChecks: ['object'],
    generation: false,
    allowCreateOnUpdate: true,
    defaults(draft) {
      draft.spec ??= {};
      for (const item of (draft.spec.limits ?? []) as LimitRangeItem[]) complete(item);
    },
    validate: (object, { version }) => limitRangeErrors(object, version),
    validateUpdate: (object, _old, { version }) => limitRangeErrors(object, version),
  },
  columns: [nameColumn, column('Created At', 'date')],
  cells: ({ metadata }) => [metadata.name, metadata.creationTimestamp],
};
