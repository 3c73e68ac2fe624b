import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { column, since, wide } from './cells.ts';

function source({ source, reportingComponent, reportingInstance }: KubeObject): string {
  const component = source?.component || reportingComponent || '';
  const host = source?.host || reportingInstance || '';
  return host ? `${component}, ${host}` : component;
}

function cells(event: KubeObject, now: number) {
  const { involvedObject: about = {}, series } = event;
  const first = since(event.firstTimestamp || event.eventTime, now);
  const last = series ? since(series.lastObservedTime, now) : event.lastTimestamp ? since(event.lastTimestamp, now) : first;
  const kind = (about.kind ?? '').toLowerCase();
  return [
    last,
    event.type ?? '',
    event.reason ?? '',
    about.name ? `${kind}/${about.name}` : kind,
    about.fieldPath ?? '',
    source(event),
    (event.message ?? '').trim(),
    first,
    // The event that was there before the series began is not counted in it.
    series ? series.count + 1 : event.count || 1,
    event.metadata.name,
  ];
}

function fields(event: KubeObject): Record<string, string> {
  const about = event.involvedObject ?? {};
  return {
    'involvedObject.kind': about.kind ?? '',
    'involvedObject.namespace': about.namespace ?? '',
    'involvedObject.name': about.name ?? '',
    'involvedObject.uid': about.uid ?? '',
    'involvedObject.apiVersion': about.apiVersion ?? '',
    'involvedObject.resourceVersion': about.resourceVersion ?? '',
    'involvedObject.fieldPath': about.fieldPath ?? '',
    reason: event.reason ?? '',
    reportingComponent: event.reportingComponent ?? '',
    source: event.source?.component || event.reportingComponent || '',
    type: event.type ?? '',
  };
}

export const event: Resource = {
  kind: 'Event',
  group: '',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath: 'events',
  verbs: allVerbs,
  strategy: { generation: false, allowCreateOnUpdate: true, fields },
  columns: [
    column('Last Seen'),
    column('Type'),
    column('Reason'),
    column('Object'),
    wide('Subobject'),
    wide('Source'),
    column('Message'),
    wide('First Seen'),
    wide('Count'),
    column('Name', 'string', { format: 'name', priority: 1 }),
  ],
  cells,
};
