// Keeps metadata.managedFields: at once for people and clients over HTTP, when somebody asks for components.
import { draft, type KubeObject, type Manifest, type Resource, type Version } from '../../api/index.ts';
import { timestamp } from '../../sim/index.ts';
import type { ServerParts } from '../parts.ts';
import type { ApiRequest } from '../request.ts';
import { applied, statedFields, updatedFields, type WriteContext } from './field-manager.ts';
import { FieldSet } from './field-set.ts';
import type { ManagedFieldsEntry } from './managed.ts';
import { type Origin, Origins, type Writer } from './origins.ts';

type Entries = ManagedFieldsEntry[] | undefined;
const entriesOf = ({ metadata }: KubeObject) => metadata.managedFields as Entries;

export type FieldTracker = ReturnType<typeof fieldTracker>;

/** `contextOf` is what a strategy's defaults may look at. */
export function fieldTracker(parts: ServerParts) {
  const { version, clock } = parts;
  const subresources = version.has('managed-fields-subresource');
  const writers = new Map<string, Writer>();
  const origins = new Origins(reckon);
  return { created, updated, apply, noteCreate, noteUpdate, carry: (before: KubeObject, after: KubeObject) => origins.carry(before, after), view: (object: KubeObject) => origins.view(object), isExact };

  /** A component's writes are noted; everybody else's are reckoned up at once, before admission adds to them. */
  function isExact({ user }: ApiRequest): boolean {
    return !user.startsWith('system:');
  }

  function created(request: ApiRequest, object: KubeObject): void {
    setEntries(object, updatedFields(undefined, object, { entries: statedFields(entriesOf(object), undefined), context: contextOf(request, clock.now) }));
  }

  function updated(request: ApiRequest, next: KubeObject, old: KubeObject): void {
    const stated = request.subresource ? entriesOf(old) : statedFields(entriesOf(next), entriesOf(old));
    setEntries(next, writesFields(request) ? updatedFields(old, next, { entries: stated, context: contextOf(request, clock.now) }) : stated);
  }

  /** Older releases did not track what the scale subresource writes. */
  function writesFields({ subresource }: ApiRequest): boolean {
    return subresource !== 'scale' || subresources;
  }

  function apply(request: ApiRequest, old: KubeObject | undefined, config: Manifest): KubeObject {
    const context = contextOf(request, clock.now);
    return applied(old, config, { entries: old && entriesOf(old), force: request.options?.force ?? false, context });
  }

  function noteCreate(request: ApiRequest, object: KubeObject, sent: Manifest): void {
    origins.noteCreate(object, sent, { writer: writerOf(request), time: clock.now });
  }

  function noteUpdate(request: ApiRequest, before: KubeObject, after: KubeObject): void {
    if (writesFields(request)) origins.noteUpdate(before, after, { writer: writerOf(request), time: clock.now });
    else origins.carry(before, after);
  }

  function writerOf(request: ApiRequest): Writer {
    const { userAgent, options, resource, subresource = '' } = request;
    const key = `${options?.fieldManager ?? userAgent} ${resource.plural} ${subresource}`;
    let writer = writers.get(key);
    if (!writer) writers.set(key, (writer = { manager: managerOf(request), apiVersion: apiVersionOf(request), subresource: subresources ? subresource : '' }));
    return writer;
  }

  function apiVersionOf({ resource, version: asked }: ApiRequest): string {
    if (!asked) return parts.storedVersion(resource);
    return resource.group ? `${resource.group}/${asked}` : asked;
  }

  function contextOf(request: ApiRequest, now: number): WriteContext {
    const subresource = subresources ? (request.subresource ?? '') : '';
    return { kind: request.resource.kind, version, now: timestamp(now), manager: managerOf(request), apiVersion: apiVersionOf(request), subresource, ignored: ignoredFields(request.resource, subresource, version) };
  }

  function reckon({ writer, time, sent, before, after }: Origin, entries: Entries): Entries {
    const resource = parts.resourceOf(after.kind);
    const context = { ...writer, kind: after.kind, version, now: timestamp(time), ignored: ignoredFields(resource, writer.subresource, version) };
    return updatedFields(before, sent ? withDefaults(sent, after, resource) : after, { entries, context });
  }

  /** What was sent to create an object, as it was before admission. */
  function withDefaults(sent: Manifest, { apiVersion, kind, metadata }: KubeObject, { strategy }: Resource): KubeObject {
    const object = { ...draft(sent), apiVersion, kind } as KubeObject;
    object.metadata ??= {} as KubeObject['metadata'];
    const { creationTimestamp: now, namespace = '' } = metadata;
    strategy?.defaults?.(object, { version, now, namespace, find: parts.find });
    return object;
  }
}

/** `kubectl/v1.33.4 (linux/amd64)` is kubectl. */
function managerOf({ options, userAgent }: ApiRequest): string {
  return options?.fieldManager || userAgent.split('/')[0]!.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '').slice(0, 128);
}

function setEntries({ metadata }: KubeObject, entries: Entries): void {
  if (entries) metadata.managedFields = entries as KubeObject['metadata']['managedFields'];
  else delete metadata.managedFields;
}

const none = new FieldSet();
const spec = ['f:spec'];
const metadata = (...names: string[]) => names.map((name) => ['f:metadata', `f:${name}`]);

/** What writes of status take from the object that is stored, beside spec. */
const keptByStatus: Record<string, string[][]> = {
  Deployment: metadata('labels'),
  Pod: metadata('deletionTimestamp', 'ownerReferences'),
};

/** Fields that an endpoint resets, so that no write through it owns them. */
function ignoredFields({ kind, subresources = [] }: Resource, subresource: string, version: Version): FieldSet {
  if (!version.has('managed-fields-subresource')) return none;
  if (subresource === 'status') return FieldSet.of(spec, ...(keptByStatus[kind] ?? []));
  return subresources.some(({ name }) => name === 'status') ? FieldSet.of(['f:status']) : none;
}
