import { formatLabelSelector } from '../../labels/index.ts';
import { allVerbs, type Resource, type Strategy } from '../../resource.ts';
import type { Version } from '../../version.ts';
import { age, ageColumn, column, nameColumn, since, wide } from '../cells.ts';
import { setGeneration } from '../checks.ts';
import { dropDisabledFields } from '../pod-spec/disabled.ts';
import { containerCells, defaultTemplate } from '../pod-spec/template.ts';
import { validateCronJob, validateCronJobSpec } from './cron-job-validation.ts';
import { dropDisabledJobFields } from './job-defaults.ts';

/** The jobs get their own defaults when they are made; only their pods have them here. */
function defaultJobTemplate(template: Record<string, any>, version: Version): void {
  const metadata = (template.metadata ??= {});
  metadata.creationTimestamp ??= null;
  const spec = (template.spec ??= {});
  dropDisabledJobFields(spec, version);
  defaultTemplate((spec.template ??= {}), version);
}

const strategy: Strategy = {
  defaults(cronJob, { version }) {
    const spec = (cronJob.spec ??= {});
    spec.concurrencyPolicy ||= 'Allow';
    spec.suspend ??= false;
    spec.successfulJobsHistoryLimit ??= 3;
    spec.failedJobsHistoryLimit ??= 1;
    if (spec.timeZone !== undefined && !version.has('cron-time-zone')) delete spec.timeZone;
    defaultJobTemplate((spec.jobTemplate ??= {}), version);
  },
  prepareForCreate(cronJob, { version }) {
    cronJob.status = {};
    if (version.has('job-generation')) setGeneration(cronJob, 1);
    const template = cronJob.spec.jobTemplate?.spec?.template;
    if (template) dropDisabledFields(template.spec, version);
  },
  prepareForUpdate(cronJob, old, { version }) {
    cronJob.status = old.status;
    if (cronJob.spec !== old.spec) dropDisabledFields(cronJob.spec.jobTemplate.spec.template.spec, version);
  },
  // That of v1 has no words of its own.
  fieldRefusal: (field, { minor }) => (minor >= cronJob.versions[0]!.since! ? undefined : `field label ${JSON.stringify(field)} not supported for "CronJob"`),
  repeatedStatusChecks: [],
  prepareForStatusUpdate(cronJob, old) {
    cronJob.spec = old.spec;
  },
  validate: validateCronJob,
  validateUpdate: ({ spec }, old, context) => validateCronJobSpec(spec, context, old.spec),
};

const yesNo = (value: boolean | undefined) => (value === undefined ? '<unset>' : value ? 'True' : 'False');
const hasTimeZone = (version: Version) => version.has('cron-job-time-zone-column');

export const cronJob: Resource = {
  kind: 'CronJob',
  group: 'batch',
  plural: 'cronjobs',
  singular: 'cronjob',
  shortNames: ['cj'],
  categories: ['all'],
  namespaced: true,
  versions: [{ version: 'v1', since: 21 }, { version: 'v1beta1', until: 24 }, { version: 'v2alpha1', until: 20 }],
  etcdPath: 'cronjobs',
  verbs: allVerbs,
  subresources: [{ name: 'status', verbs: ['get', 'patch', 'update'] }],
  strategy,
  columns: (version) => [
    nameColumn,
    column('Schedule'),
    ...(hasTimeZone(version) ? [column('Timezone')] : []),
    column('Suspend', 'boolean'),
    column('Active', 'integer'),
    column('Last Schedule'),
    ageColumn,
    ...[wide('Containers'), wide('Images'), wide('Selector')],
  ],
  cells: (object, now, version) => [
    object.metadata.name,
    object.spec.schedule,
    ...(hasTimeZone(version) ? [object.spec.timeZone ?? '<none>'] : []),
    yesNo(object.spec.suspend),
    object.status?.active?.length ?? 0,
    object.status?.lastScheduleTime ? since(object.status.lastScheduleTime, now) : '<none>',
    age(object, now),
    ...containerCells(object.spec.jobTemplate.spec.template),
    formatLabelSelector(object.spec.jobTemplate.spec.selector),
  ],
};
