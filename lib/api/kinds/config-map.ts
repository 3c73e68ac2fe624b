import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';

const count = (map: object | undefined) => (map ? Object.keys(map).length : 0);

export const configMap: Resource = {
  kind: 'ConfigMap',
  group: '',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath: 'configmaps',
  verbs: allVerbs,
  columns: [nameColumn, column('Data'), ageColumn],
  cells: (object, now) => [object.metadata.name, count(object.data) + count(object.binaryData), age(object, now)],
};
