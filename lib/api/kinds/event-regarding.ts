// Events as events.k8s.io shows them: the same objects under other names of fields.
import { type FieldError, invalid, required } from '../field-error.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from '../metadata-validation.ts';
import { equal } from '../object.ts';
import type { Context, Resource } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { immutable } from './checks.ts';
import { event, fields as coreFields, validate as validateCore } from './event.ts';

/** core/v1 → events.k8s.io */
const names: Record<string, string> = {
  involvedObject: 'regarding',
  message: 'note',
  reportingComponent: 'reportingController',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
};
const coreNames = Object.fromEntries(Object.entries(names).map(([core, name]) => [name, core]));

/** Between the two forms; v1beta1 and v1 of the new one are the same. */
function convert(object: KubeObject, apiVersion: string): KubeObject {
  if ((object.apiVersion === 'v1') === (apiVersion === 'v1')) return { ...object, apiVersion };
  const table = apiVersion === 'v1' ? coreNames : names;
  // Only core/v1 prints who reports when nobody does.
  const fields = Object.entries(object).filter(([, value]) => value !== '');
  return { ...Object.fromEntries(fields.map(([key, value]) => [table[key] ?? key, value])), apiVersion } as KubeObject;
}

/** Fields that only v1 is strict about. */
function isStrict({ requested }: Context): boolean {
  return requested === 'v1';
}

function seriesErrors({ series }: KubeObject): FieldError[] {
  if (!series) return [];
  const errors = (series.count ?? 0) < 2 ? [invalid('series.count', '', 'should be at least 2')] : [];
  return series.lastObservedTime ? errors : [...errors, required('series.lastObservedTime')];
}

function validate(object: KubeObject, context: Context): FieldError[] {
  const errors = validateCore(object, context);
  if (!isStrict(context)) return errors;
  const unset = (field: string, isUnset: boolean) => (isUnset ? [] : [invalid(field, '', 'needs to be unset')]);
  const { type = '', source = {} } = object;
  return [
    ...errors,
    ...validateObjectMeta(object.metadata, { namespaced: true, version: context.version }),
    ...seriesErrors(object),
    ...(object.eventTime ? [] : [required('eventTime')]),
    ...(type === 'Normal' || type === 'Warning' ? [] : [invalid('type', '', `has invalid value: ${type}`)]),
    ...unset('firstTimestamp', !object.firstTimestamp),
    ...unset('lastTimestamp', !object.lastTimestamp),
    ...unset('count', !object.count),
    ...unset('source', !source.component && !source.host),
  ];
}

const fixed = ['involvedObject', 'reason', 'message', 'source', 'firstTimestamp', 'lastTimestamp', 'count', 'reason', 'type', 'eventTime', 'action', 'related', 'reportingComponent', 'reportingInstance'];
const errorName = (field: string) => (field === 'reportingComponent' ? 'reportingController' : field);

function validateUpdate(object: KubeObject, old: KubeObject, context: Context): FieldError[] {
  const errors = validateCore(object, context);
  if (!isStrict(context) || !context.version.has('event-updates-compared')) return errors;
  const series = equal(object.series, old.series) ? [] : seriesErrors(object);
  const metadata = validateObjectMetaUpdate(object.metadata, old.metadata, { version: context.version });
  return [...errors, ...metadata, ...series, ...fixed.flatMap((field) => immutable(errorName(field), object[field], old[field]))];
}

/** A selector names the fields as this API does; the source has no name in it. */
function fields(object: KubeObject): Record<string, string> {
  const { source: _source, ...core } = coreFields(object);
  return Object.fromEntries(Object.entries(core).map(([field, value]) => [field.replace('involvedObject.', 'regarding.').replace('reportingComponent', 'reportingController'), value]));
}

export const eventRegarding: Resource = {
  ...event,
  group: 'events.k8s.io',
  versions: [{ version: 'v1', since: 19 }, { version: 'v1beta1', until: 24 }],
  storedAs: 'v1',
  invalidAs: () => event,
  convert,
  strategy: { ...event.strategy, validate, validateUpdate, fields },
};
