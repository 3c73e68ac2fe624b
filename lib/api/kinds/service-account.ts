import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';

/** Of a reference to a secret only the name is kept. */
function cleanSecretReferences(draft: KubeObject) {
  if (draft.secrets) draft.secrets = draft.secrets.map(({ name }: { name?: string }) => (name ? { name } : {}));
}

export const serviceAccount: Resource = {
  kind: 'ServiceAccount',
  group: '',
  plural: 'serviceaccounts',
  singular: 'serviceaccount',
  shortNames: ['sa'],
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath: 'serviceaccounts',
  verbs: allVerbs,
  subresources: [{ name: 'token', group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest', verbs: ['create'] }],
  strategy: { repeatedMetadataChecks: ['update', 'object'], prepareForCreate: cleanSecretReferences, prepareForUpdate: cleanSecretReferences },
  columns: [nameColumn, column('Secrets'), ageColumn],
  cells: (object, now) => [object.metadata.name, object.secrets?.length ?? 0, age(object, now)],
};
