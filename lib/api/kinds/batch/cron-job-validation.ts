// Validation of cron jobs (pkg/apis/batch/validation).
import { parseSchedule, timeZone } from '../../cron/index.ts';
import { byteLength } from '../../names.ts';
import type { FieldError } from '../../field-error.ts';
import type { Context } from '../../resource.ts';
import type { KubeObject } from '../../types.ts';
import { goLabelSelector } from '../pod-spec/go-text.ts';
import { type FieldPath, metadataPath, Problems, specPath } from '../pod-spec/problems.ts';
import { validateJobSpecParts } from './job-validation.ts';

type Spec = Record<string, any>;

/** Their jobs' names get a time appended, `-` and ten digits, and must have room for it. */
const longestName = 52;

const zoneInSchedule = /(^|\s)(TZ|CRON_TZ)=/;

function validateSchedule(problems: Problems, { schedule = '', timeZone: zone }: Spec, old?: Spec): void {
  const at = specPath.child('schedule');
  const { version } = problems;
  if (schedule === '') return problems.required(at);
  const named = version.has('cron-time-zone') && zoneInSchedule.test(schedule);
  if (named && old?.schedule !== schedule) problems.invalid(at, schedule, zone === undefined ? 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead' : 'cannot use both timeZone field and TZ or CRON_TZ in schedule');
  if (named) return;
  try {
    parseSchedule(schedule, { v3: version.has('cron-parser-v3') });
  } catch (error) {
    problems.invalid(at, schedule, (error as Error).message);
  }
}

function validateTimeZone(problems: Problems, zone: string | undefined, old?: Spec): void {
  if (zone === undefined || old?.timeZone === zone) return;
  const at = specPath.child('timeZone');
  if (zone === '') problems.invalid(at, zone, 'timeZone must be nil or non-empty string');
  else if (zone.toLowerCase() === 'local') problems.invalid(at, zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones');
  else if (!timeZone(zone)) problems.invalid(at, zone, `unknown time zone ${zone}`);
}

const policies = ['Allow', 'Forbid', 'Replace'];

function validateJobTemplate(problems: Problems, at: FieldPath, { spec }: Spec): void {
  validateJobSpecParts(problems, at.child('spec'), spec);
  if (spec.selector) problems.invalidText(at.child('spec').child('selector'), goLabelSelector(spec.selector), '`selector` will be auto-generated');
  if (spec.manualSelector) problems.notSupported(at.child('spec').child('manualSelector'), spec.manualSelector, ['nil', 'false']);
}

export function validateCronJobSpec(spec: Spec, { version }: Context, old?: Spec): FieldError[] {
  const problems = new Problems(version);
  validateSchedule(problems, spec, old);
  problems.nonNegative(specPath, 'startingDeadlineSeconds', spec.startingDeadlineSeconds);
  validateTimeZone(problems, spec.timeZone, old);
  const { concurrencyPolicy } = spec;
  if (!concurrencyPolicy) problems.required(specPath.child('concurrencyPolicy'));
  else if (!policies.includes(concurrencyPolicy)) problems.notSupported(specPath.child('concurrencyPolicy'), concurrencyPolicy, policies);
  validateJobTemplate(problems, specPath.child('jobTemplate'), spec.jobTemplate);
  problems.nonNegative(specPath, 'successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit);
  problems.nonNegative(specPath, 'failedJobsHistoryLimit', spec.failedJobsHistoryLimit);
  return problems.list;
}

export function validateCronJob({ metadata, spec }: KubeObject, context: Context): FieldError[] {
  const errors = validateCronJobSpec(spec, context);
  if (byteLength(metadata.name) <= longestName) return errors;
  const problems = new Problems(context.version);
  problems.invalid(metadataPath.child('name'), metadata.name, `must be no more than ${longestName} characters`);
  return [...errors, ...problems.list];
}
