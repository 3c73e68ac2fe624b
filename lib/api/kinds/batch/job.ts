import { humanDuration } from '../../duration.ts';
import { formatLabelSelector } from '../../labels/index.ts';
import { allVerbs, type Resource, type Strategy } from '../../resource.ts';
import type { KubeObject } from '../../types.ts';
import type { Version } from '../../version.ts';
import { age, ageColumn, column, nameColumn, wide } from '../cells.ts';
import { setGeneration } from '../checks.ts';
import { dropDisabledFields } from '../pod-spec/disabled.ts';
import { containerCells, defaultTemplate } from '../pod-spec/template.ts';
import { defaultJobSpec, dropDisabledJobFields } from './job-defaults.ts';
import { generateSelector } from './job-selector.ts';
import { validateJob, validateJobStatus, validateJobUpdate } from './job-validation.ts';

const isEmpty = (map: object | undefined) => !map || Object.keys(map).length === 0;

const strategy: Strategy = {
  repeatedMetadataChecks: ['object', 'update'],
  defaults(job, { version }) {
    const spec = (job.spec ??= {});
    defaultJobSpec(spec, version);
    defaultTemplate((spec.template ??= {}), version);
    // One map for both: what is generated for the template is found on the job, too.
    if (spec.template.metadata.labels && isEmpty(job.metadata.labels)) job.metadata.labels = spec.template.metadata.labels;
  },
  prepareForCreate(job, { version }) {
    job.status = {};
    if (version.has('job-generation')) setGeneration(job, 1);
    dropDisabledJobFields(job.spec, version);
    if (job.spec.template) dropDisabledFields(job.spec.template.spec, version);
  },
  prepareForUpdate(job, old, { version }) {
    job.status = old.status;
    if (job.spec !== old.spec) dropDisabledJobFields(job.spec, version);
    if (job.spec !== old.spec && job.spec.template) dropDisabledFields(job.spec.template.spec, version);
  },
  prepareForStatusUpdate(job, old) {
    job.spec = old.spec;
  },
  validate(job, context) {
    if (!job.spec.manualSelector) generateSelector(job, context.version);
    return validateJob(job, context);
  },
  fromStorage(job) {
    if (isEmpty(job.metadata.labels)) job.metadata.labels = job.spec.template.metadata.labels;
  },
  validateUpdate: validateJobUpdate,
  validateStatusUpdate: ({ status }, _old, context) => validateJobStatus(status, context),
  fieldRefusal: (field) => `field label ${JSON.stringify(field)} not supported for batchv1.Job`,
  fields: ({ status }) => ({ 'status.successful': String(status?.succeeded ?? 0) }),
};

function jobHas({ status }: KubeObject, type: string): boolean {
  return status?.conditions?.some((condition: { type: string; status: string }) => condition.type === type && condition.status === 'True') ?? false;
}

function statusText(job: KubeObject): string {
  if (jobHas(job, 'Complete')) return 'Complete';
  if (jobHas(job, 'Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp) return 'Terminating';
  return ['Suspended', 'FailureTarget'].find((type) => jobHas(job, type)) ?? 'Running';
}

function completions({ spec, status }: KubeObject): string {
  const succeeded = status?.succeeded ?? 0;
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`;
  return spec.parallelism > 1 ? `${succeeded}/1 of ${spec.parallelism}` : `${succeeded}/1`;
}

function duration({ status }: KubeObject, now: number): string {
  if (!status?.startTime) return '';
  return humanDuration((status.completionTime ? Date.parse(status.completionTime) : now) - Date.parse(status.startTime));
}

const hasStatus = (version: Version) => version.has('job-status-column');

export const job: Resource = {
  kind: 'Job',
  group: 'batch',
  plural: 'jobs',
  singular: 'job',
  categories: ['all'],
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath: 'jobs',
  verbs: allVerbs,
  subresources: [{ name: 'status', verbs: ['get', 'patch', 'update'] }],
  strategy,
  columns: (version) => [
    nameColumn,
    ...(hasStatus(version) ? [column('Status')] : []),
    column('Completions'),
    column('Duration'),
    ageColumn,
    ...[wide('Containers'), wide('Images'), wide('Selector')],
  ],
  cells: (object, now, version) => [
    object.metadata.name,
    ...(hasStatus(version) ? [statusText(object)] : []),
    completions(object),
    duration(object, now),
    age(object, now),
    ...containerCells(object.spec.template),
    formatLabelSelector(object.spec.selector),
  ],
};

