import { formatLabels, formatLabelSelector } from '../labels/index.ts';
import { equal } from '../object.ts';
import { allVerbs, type Resource, type Strategy } from '../resource.ts';
import { badRequest } from '../status.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn, wide } from './cells.ts';
import { setGeneration } from './checks.ts';
import { validateDaemonSet, validateDaemonSetStatus, validateDaemonSetUpdate } from './daemon-set-validation.ts';
import { dropDisabledFields } from './pod-spec/disabled.ts';
import { containerCells, defaultTemplate } from './pod-spec/template.ts';

/** How often the template has changed; a field of older API versions that lives on as an annotation. */
const generationAnnotation = 'deprecated.daemonset.template.generation';

function templateGeneration({ metadata }: KubeObject): number {
  const text = metadata.annotations?.[generationAnnotation];
  if (text !== undefined && !/^[+-]?\d+$/.test(text)) throw badRequest(`DaemonSet in version "v1" cannot be handled as a DaemonSet: strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text ?? 0);
}

function setTemplateGeneration({ metadata }: KubeObject, generation: number): void {
  (metadata.annotations ??= {})[generationAnnotation] = String(generation);
}

const noCounts = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };

const strategy: Strategy = {
  repeatedMetadataChecks: ['object', 'update'],
  defaults(set, { version }) {
    const spec = (set.spec ??= {});
    const update = (spec.updateStrategy ??= {});
    update.type ||= 'RollingUpdate';
    if (update.type === 'RollingUpdate') {
      const rolling = (update.rollingUpdate ??= {});
      rolling.maxUnavailable ??= 1;
      if (version.has('daemon-set-surge')) rolling.maxSurge ??= 0;
      else delete rolling.maxSurge;
    }
    spec.revisionHistoryLimit ??= 10;
    // A new set's creator owns the annotation that stands for the field.
    if (!set.metadata.uid) setTemplateGeneration(set, templateGeneration(set));
    defaultTemplate((spec.template ??= {}), version);
  },
  prepareForCreate(set, { version }) {
    set.status = { ...noCounts };
    setGeneration(set, 1);
    setTemplateGeneration(set, Math.max(1, templateGeneration(set)));
    dropDisabledFields(set.spec.template.spec, version);
  },
  prepareForUpdate(set, old, { version }) {
    set.status = old.status;
    if (set.spec !== old.spec) dropDisabledFields(set.spec.template.spec, version);
    templateGeneration(set);
    setTemplateGeneration(set, templateGeneration(old) + (equal(set.spec.template, old.spec.template) ? 0 : 1));
  },
  prepareForStatusUpdate(set, old) {
    set.spec = old.spec;
    if (set.metadata !== old.metadata && templateGeneration(set) !== templateGeneration(old)) setTemplateGeneration(set, templateGeneration(old));
    set.status = { ...noCounts, ...set.status };
  },
  validate: validateDaemonSet,
  validateUpdate: validateDaemonSetUpdate,
  validateStatusUpdate: ({ status }, old, context) => validateDaemonSetStatus(status, old.status, context),
};

export const daemonSet: Resource = {
  kind: 'DaemonSet',
  group: 'apps',
  plural: 'daemonsets',
  singular: 'daemonset',
  shortNames: ['ds'],
  categories: ['all'],
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath: 'daemonsets',
  verbs: allVerbs,
  subresources: [{ name: 'status', verbs: ['get', 'patch', 'update'] }],
  strategy,
  columns: [
    nameColumn,
    ...['Desired', 'Current', 'Ready', 'Up-to-date', 'Available'].map((name) => column(name, 'integer')),
    column('Node Selector'),
    ageColumn,
    ...[wide('Containers'), wide('Images'), wide('Selector')],
  ],
  cells({ spec, status = {}, ...object }, now) {
    const counts = ['desiredNumberScheduled', 'currentNumberScheduled', 'numberReady', 'updatedNumberScheduled', 'numberAvailable'].map((field) => status[field] ?? 0);
    const whole = object as KubeObject;
    return [whole.metadata.name, ...counts, formatLabels(spec.template.spec.nodeSelector), age(whole, now), ...containerCells(spec.template), formatLabelSelector(spec.selector)];
  },
};
