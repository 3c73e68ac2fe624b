// Keeps metadata.managedFields: at once for people and clients over HTTP, when somebody asks for components.
import { draft, groupVersionOf, type KubeObject, type Manifest, type Resource, servedVersions, sharesObjects, type Version } from '../../api/index.ts';
import { timestamp } from '../../sim/index.ts';
import type { ServerParts } from '../parts.ts';
import type { ApiRequest } from '../request.ts';
import { applied } from './apply-fields.ts';
import { FieldSet } from './field-set.ts';
import { type Note, Origins } from './origins.ts';
import { statedFields, updatedFields } from './update-fields.ts';
import type { Entries, WriteContext } from './write-context.ts';

const entriesOf = ({ metadata }: KubeObject) => metadata.managedFields as Entries;

export type FieldTracker = ReturnType<typeof fieldTracker>;

export function fieldTracker(parts: ServerParts) {
  const { version, clock } = parts;
  const subresources = version.has('managed-fields-subresource');
  const origins = new Origins(reckon);
  return { created, updated, apply, noteCreate, noteUpdate, noteRestored, carry, isExact, view: (object: KubeObject) => origins.view(object), settle: () => origins.settle() };

  /** The writes of a component in the process are noted; all others are reckoned up at once, before admission adds to them. */
  function isExact({ user, version: asked }: ApiRequest): boolean {
    return asked !== undefined || !user.startsWith('system:');
  }

  function created(request: ApiRequest, object: KubeObject): void {
    setEntries(object, updatedFields(undefined, object, { entries: statedFields(entriesOf(object), undefined), context: contextOf(request) }));
  }

  /** `sent` is what the client has made of the object, `next` what is left of it. */
  function updated(request: ApiRequest, next: KubeObject, { old, sent }: { old: KubeObject; sent: KubeObject }): void {
    const stated = request.subresource ? entriesOf(old) : statedFields(entriesOf(next), entriesOf(old));
    setEntries(next, writesFields(request) ? updatedFields(old, sent, { entries: stated, context: contextOf(request) }) : stated);
  }

  /** Older releases did not track what the scale subresource writes. */
  function writesFields({ subresource }: ApiRequest): boolean {
    return subresource !== 'scale' || subresources;
  }

  function apply(request: ApiRequest, old: KubeObject | undefined, config: Manifest): KubeObject {
    const context = contextOf(request);
    return applied(old, config, { entries: old && entriesOf(old), force: request.options?.force ?? false, context });
  }

  /** Nothing is added to what somebody hands over for good, so that it is what was sent. */
  function noteCreate(request: ApiRequest, after: KubeObject): void {
    origins.add({ before: undefined, after, resource: request.resource, sent: request.owned ? after : request.object, manager: request.options?.fieldManager ?? request.userAgent, subresource: '', time: clock.now });
  }

  function noteUpdate(request: ApiRequest, before: KubeObject, after: KubeObject): void {
    if (!writesFields(request)) return carry(before, after);
    origins.add({ before, after, resource: request.resource, sent: undefined, manager: request.options?.fieldManager ?? request.userAgent, subresource: request.subresource ?? '', time: clock.now });
  }

  /** What the server put into a new store by itself, as if it had been written. */
  function noteRestored(object: KubeObject, time: number): void {
    for (const [manager, before, after, subresource] of writesOf(object)) origins.add({ before, after, resource: undefined, sent: after, manager, subresource, time });
  }

  /** A write that is nobody's. */
  function carry(before: KubeObject, after: KubeObject): void {
    origins.add({ before, after, resource: undefined, sent: undefined, manager: undefined, subresource: '', time: clock.now });
  }

  function apiVersionOf({ resource, version: asked }: ApiRequest): string {
    if (!asked) return parts.storedVersion(resource);
    return groupVersionOf(resource, asked);
  }

  function contextOf(request: ApiRequest): WriteContext {
    return writeContext(request.resource, { apiVersion: apiVersionOf(request), manager: managerOf(request.options?.fieldManager || request.userAgent), subresource: request.subresource ?? '', time: clock.now });
  }

  function writeContext(resource: Resource, { apiVersion, manager, subresource: through, time }: { apiVersion: string; manager: string; subresource: string; time: number }): WriteContext {
    const subresource = subresources ? through : '';
    return { kind: resource.kind, convert: resource.convert, version, now: timestamp(time), manager, apiVersion, subresource, ignored: ignoredFields(resource, subresource, version) };
  }

  function reckon({ before, after, resource: through, sent, manager = '', subresource, time }: Note, entries: Entries): Entries {
    const shared = through && sharesObjects(through);
    const resource = shared ? through : parts.resourceOf(after.kind);
    const context = writeContext(resource, { apiVersion: shared ? groupVersionOf(through, servedVersions(through, version)[0]!) : after.apiVersion, manager: managerOf(manager), subresource, time });
    return updatedFields(before, sent && sent !== after ? withDefaults(sent, after, resource) : after, { entries, context });
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

/** Who makes the objects of a server's first start, in which steps. The objects are told apart by identity, so each step has its own. */
function writesOf(object: KubeObject): [manager: string, before: KubeObject | undefined, after: KubeObject, subresource: string][] {
  const flowControl = 'api-priority-and-fairness-config';
  // What the aggregator keeps for itself is written below the layer that tracks fields.
  if (object.kind === 'APIService') return [];
  if (object.kind === 'PriorityLevelConfiguration') return [[`${flowControl}-producer-v1`, undefined, object, '']];
  if (object.kind === 'FlowSchema') {
    const made = { ...object, status: {} };
    return [[`${flowControl}-producer-v1`, undefined, made, ''], [`${flowControl}-consumer-v1`, made, object, 'status']];
  }
  if (!object['aggregationRule']) return [['kube-apiserver', undefined, object, '']];
  const { rules: _, ...made } = object;
  return [['kube-apiserver', undefined, made, ''], ['kube-controller-manager', made, object, '']];
}

/** `kubectl/v1.33.4 (linux/amd64)` is kubectl. */
const managerOf = (agent: string) => agent.split('/')[0]!.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '').slice(0, 128);

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
