import { type FieldError, invalid } from '../field-error.ts';
import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';

const none: FieldError[] = [];

function validate({ spec }: KubeObject): FieldError[] {
  const seconds = spec?.leaseDurationSeconds;
  const transitions = spec?.leaseTransitions;
  if (!(seconds <= 0) && !(transitions < 0)) return none;
  const errors: FieldError[] = [];
  if (seconds <= 0) errors.push(invalid('spec.leaseDurationSeconds', seconds, 'must be greater than 0'));
  if (transitions < 0) errors.push(invalid('spec.leaseTransitions', transitions, 'must to greater or equal than 0'));
  return errors;
}

export const lease: Resource = {
  kind: 'Lease',
  group: 'coordination.k8s.io',
  plural: 'leases',
  singular: 'lease',
  namespaced: true,
  versions: [{ version: 'v1' }, { version: 'v1beta1', until: 21 }],
  etcdPath: 'leases',
  verbs: allVerbs,
  strategy: {
    checksFinalizers: false,
    generation: false,
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: false,
    defaults(draft) {
      draft.spec ??= {};
    },
    validate,
    validateUpdate: validate,
  },
  columns: [nameColumn, column('Holder'), ageColumn],
  cells: (object, now) => [object.metadata.name, object.spec?.holderIdentity ?? '', age(object, now)],
};
