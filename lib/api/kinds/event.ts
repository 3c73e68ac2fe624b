import { type FieldError, invalid, required } from '../field-error.ts';
import { byteLength, isDNS1123Subdomain, isPathSegment, isQualifiedName } from '../names.ts';
import type { Context, Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import type { Version } from '../version.ts';
import { column, since, wide } from './cells.ts';
import { invalidAll } from './checks.ts';

function source({ source, reportingComponent, reportingInstance }: KubeObject): string {
  const component = source?.component || reportingComponent || '';
  const host = source?.host || reportingInstance || '';
  return host ? `${component}, ${host}` : component;
}

function cells(event: KubeObject, now: number, version: Version) {
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
    // Before, the event that was there before the series began was not counted in it.
    series ? series.count + (version.has('event-series-count') ? 0 : 1) : event.count || 1,
    event.metadata.name,
  ];
}

export function fields(event: KubeObject): Record<string, string> {
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

/** Fields that are no pointers in Kubernetes' own type are always written out. */
function defaults(draft: KubeObject) {
  draft.involvedObject ??= {};
  draft.source ??= {};
  draft.firstTimestamp ??= null;
  draft.lastTimestamp ??= null;
  draft.eventTime ??= null;
  draft.reportingComponent ??= '';
  draft.reportingInstance ??= '';
}

const none: FieldError[] = [];
const mismatch = 'does not match event.namespace';
const limits = Object.entries({ reportingInstance: 128, action: 128, reason: 128, message: 1024 });

/** Created by the thousand: an event in good order costs two comparisons. */
export function validate(event: KubeObject, { version }: Pick<Context, 'version'>): FieldError[] {
  const about = event.involvedObject?.namespace ?? '';
  const { namespace = '' } = event.metadata;
  if (event.eventTime) return newStyleErrors(event, { about, namespace, version });
  if (about === namespace || (!about && namespace === 'default')) return none;
  return [invalid('involvedObject.namespace', about, mismatch), ...invalidAll('namespace', namespace, isDNS1123Subdomain(namespace))];
}

/** Events with an eventTime come from the newer recorder, and must tell who reports. */
function newStyleErrors(event: KubeObject, { about, namespace, version }: { about: string; namespace: string; version: Version }): FieldError[] {
  const errors: FieldError[] = [];
  const controller = event.reportingComponent ?? '';
  const inDefault = namespace === 'default' && version.has('events-in-default');
  if (!about && !inDefault && namespace !== 'kube-system') errors.push(invalid('involvedObject.namespace', about, mismatch));
  if (!controller) errors.push(required('reportingController'));
  errors.push(...invalidAll('reportingController', controller, isQualifiedName(controller)));
  for (const [field, limit] of limits) {
    const value = event[field] ?? '';
    if (!value && field !== 'message') errors.push(required(field));
    if (byteLength(value) > limit) errors.push(invalid(field, '', `can have at most ${limit} characters`));
  }
  return errors;
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
  strategy: { repeatedMetadataChecks: [], checksMetadata: false, checksFinalizers: false, validateName: isPathSegment, generation: false, allowCreateOnUpdate: true, defaults, validate, validateUpdate: (event, _old, context) => validate(event, context), fields },
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
