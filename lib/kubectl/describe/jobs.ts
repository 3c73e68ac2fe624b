// Job and CronJob.
import { humanDuration, type KubeObject, selectorFromLabelSelector } from '../../api/index.ts';
import type { Call } from '../session.ts';
import { rfc1123 } from '../text/duration.ts';
import { controlledBy } from './controllers.ts';
import { describeEvents } from './events.ts';
import { podTemplate } from './template.ts';
import { annotations, multiline, type Writer } from './writer.ts';

export function describeJob(w: Writer, object: KubeObject, call: Call): void {
  const { metadata, spec, status = {} } = object;
  w.field(0, 'Name', metadata.name).field(0, 'Namespace', metadata.namespace).field(0, 'Selector', selectorFromLabelSelector(spec.selector).toString());
  multiline(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  controlledBy(w, object);
  if (spec.parallelism !== undefined) w.field(0, 'Parallelism', spec.parallelism);
  w.field(0, 'Completions', spec.completions ?? '<unset>');
  if (spec.completionMode) w.field(0, 'Completion Mode', spec.completionMode);
  if (spec.suspend !== undefined) w.field(0, 'Suspend', spec.suspend);
  if (spec.backoffLimit !== undefined) w.field(0, 'Backoff Limit', spec.backoffLimit);
  if (spec.ttlSecondsAfterFinished !== undefined) w.field(0, 'TTL Seconds After Finished', spec.ttlSecondsAfterFinished);
  times(w, status);
  if (spec.activeDeadlineSeconds !== undefined) w.field(0, 'Active Deadline Seconds', `${spec.activeDeadlineSeconds}s`);
  const ready = status.ready === undefined ? '' : ` (${status.ready} Ready)`;
  w.field(0, 'Pods Statuses', `${status.active ?? 0} Active${ready} / ${status.succeeded ?? 0} Succeeded / ${status.failed ?? 0} Failed`);
  if (spec.completionMode === 'Indexed') w.field(0, 'Completed Indexes', shortIndexes(status.completedIndexes));
  podTemplate(w, spec.template, call);
  describeEvents(w, call, object);
}

function times(w: Writer, { startTime, completionTime }: { startTime?: string; completionTime?: string }): void {
  if (startTime) w.field(0, 'Start Time', rfc1123(startTime));
  if (completionTime) w.field(0, 'Completed At', rfc1123(completionTime));
  if (startTime && completionTime) w.field(0, 'Duration', humanDuration(Date.parse(completionTime) - Date.parse(startTime)));
}

const longest = 50;

/** Up to the first comma after fifty characters. */
function shortIndexes(indexes = ''): string {
  if (!indexes) return '<none>';
  const comma = indexes.indexOf(',', longest);
  return comma < 0 ? indexes : `${indexes.slice(0, comma + 1)}...`;
}

export function describeCronJob(w: Writer, object: KubeObject, call: Call): void {
  const { metadata, spec, status = {} } = object;
  w.field(0, 'Name', metadata.name).field(0, 'Namespace', metadata.namespace);
  multiline(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  w.field(0, 'Schedule', spec.schedule).field(0, 'Concurrency Policy', spec.concurrencyPolicy);
  w.field(0, 'Suspend', spec.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False');
  w.field(0, 'Successful Job History Limit', spec.successfulJobsHistoryLimit ?? '<unset>').field(0, 'Failed Job History Limit', spec.failedJobsHistoryLimit ?? '<unset>');
  w.field(0, 'Starting Deadline Seconds', spec.startingDeadlineSeconds === undefined ? '<unset>' : `${spec.startingDeadlineSeconds}s`);
  jobTemplate(w, spec.jobTemplate.spec, call);
  w.field(0, 'Last Schedule Time', status.lastScheduleTime ? rfc1123(status.lastScheduleTime) : '<unset>');
  const active = (status.active ?? []).map(({ name }: { name: string }) => name).join(', ');
  w.field(0, 'Active Jobs', active || '<none>');
  describeEvents(w, call, object);
}

function jobTemplate(w: Writer, spec: KubeObject['spec'], call: Call): void {
  w.field(0, 'Selector', spec.selector ? selectorFromLabelSelector(spec.selector).toString() : '<unset>');
  w.field(0, 'Parallelism', spec.parallelism ?? '<unset>').field(0, 'Completions', spec.completions ?? '<unset>');
  if (spec.activeDeadlineSeconds !== undefined) w.field(0, 'Active Deadline Seconds', `${spec.activeDeadlineSeconds}s`);
  podTemplate(w, spec.template, call);
}
