import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import { formatLabels } from '../labels/index.ts';
import type { Context } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { column, nameColumn } from './cells.ts';
import { FieldPath, Problems } from './pod-spec/problems.ts';
import { containerCells, defaultTemplate } from './pod-spec/template.ts';
import { validateTemplate } from './pod-spec/validate-template.ts';

function validate({ template = {} }: KubeObject, { version }: Context) {
  const problems = new Problems(version);
  validateTemplate(problems, new FieldPath('template'), template);
  return problems.list;
}

export const podTemplate: Resource = {
  kind: 'PodTemplate',
  group: '',
  plural: 'podtemplates',
  singular: 'podtemplate',
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath: 'podtemplates',
  verbs: allVerbs,
  strategy: {
    repeatedMetadataChecks: ['update'],
    defaults(draft, { version }) {
      // A template that is shared with the stored object has its defaults.
      if (!Object.isFrozen((draft.template ??= {}))) defaultTemplate(draft.template, version);
    },
    validate,
    validateUpdate: (object, _old, context) => validate(object, context),
  },
  columns: [nameColumn, column('Containers'), column('Images'), column('Pod Labels')],
  cells: ({ metadata, template = {} }) => [metadata.name, ...containerCells(template), formatLabels(template.metadata?.labels)],
};
