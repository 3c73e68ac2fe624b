// The generic life of an object: every kind is created, read, updated by the same code, with its strategy's advice.
import { badRequest, conflict, type Context, draft, equal, freeze, type GroupResource, groupVersionOf, inApiVersion, invalidObject, isAlreadyExists, type KubeObject, type Resource, standardFinalizerErrors, StatusError } from '../api/index.ts';
import { AdmissionChain } from './admission/chain.ts';
import type { Admission, Attributes } from './admission/index.ts';
import { knownUser } from './authorization/index.ts';
import { draftUpdate, mayGo, sameButVersion } from './drafts.ts';
import { generatedNameTaken, generateName } from './generate-name.ts';
import { type FieldTracker, fieldTracker } from './managed-fields/index.ts';
import { both, createErrors, metadataUpdateErrors } from './metadata-errors.ts';
import { uniteOwners } from './owners.ts';
import type { ServerParts } from './parts.ts';
import { checkPreconditions, wrongUid } from './preconditions.ts';
import type { ApiRequest } from './request.ts';

export class Registry {
  readonly parts: ServerParts;
  /** Who owns which fields. */
  readonly fields: FieldTracker;
  #admission: AdmissionChain;

  constructor(parts: ServerParts, admission: readonly Admission[]) {
    this.parts = parts;
    this.fields = fieldTracker(parts);
    this.#admission = new AdmissionChain(admission);
  }

  #context: Context | undefined;

  /** Requests of one second and one namespace share it. */
  context(namespace: string, requested?: string): Context {
    const { clock, version, find, ipFamilies } = this.parts;
    const now = clock.timestamp();
    if (this.#context?.namespace !== namespace || this.#context.now !== now || this.#context.requested !== requested) this.#context = { version, now, namespace, requested, ipFamilies, find };
    return this.#context;
  }

  /** POST: defaults, admission, preparation, validation, etcd. */
  create(request: ApiRequest): KubeObject {
    const { resource, namespace = '' } = request;
    const object = this.#stored(request, (request.owned ? request.object : draft(request.object)) as KubeObject);
    object.metadata ??= {} as KubeObject['metadata'];
    object.kind = resource.kind;
    object.apiVersion = this.parts.storedVersion(resource);
    const context = this.#contextOf(request, namespace);
    const { strategy } = resource;
    strategy?.defaults?.(object, context);
    const exact = this.fields.isExact(request);
    if (exact && request.patch?.type !== 'apply') this.fields.created(request, object);
    if (resource.namespaced && !object.metadata.namespace) object.metadata.namespace = namespace;
    if (resource.namespaced && object.metadata.namespace !== namespace) throw namespaceMismatch();
    uniteOwners(object);
    const attributes: Attributes = { operation: 'CREATE', request, object, context: () => context, parts: this.parts };
    this.#admission.admit(attributes);
    this.#beforeCreate(resource, object, context);
    this.#admission.validate(attributes);
    strategy?.fromStorage?.(object, context);
    const dryRun = request.options?.dryRun;
    if (!dryRun && Number(object.metadata.resourceVersion) > 0) throw new StatusError('', 500, 'resourceVersion should not be set on objects to be created');
    const { storage, leaseFor, allocates, allocate, version } = this.parts;
    const write = () => (dryRun ? this.#dryCreate(resource, object) : storage.create(resource, object, leaseFor(resource)));
    try {
      const stored = dryRun || allocates(resource) ? allocate(resource, object, { dryRun, write }) : storage.create(resource, object, leaseFor(resource));
      if (!exact) this.fields.noteCreate(request, stored);
      return stored;
    } catch (error) {
      throw object.metadata.generateName && isAlreadyExists(error) ? generatedNameTaken(resource, object.metadata.name, version) : error;
    }
  }

  /** As refusals name the kind. */
  #named(resource: Resource): GroupResource {
    return resource.invalidAs?.(this.parts.version) ?? resource;
  }

  /** The context of one request. */
  #contextOf({ resource, version, user: name, groups, uid, extra, subresource }: ApiRequest, namespace: string): Context {
    const context = this.context(namespace, version);
    if (!resource.strategy?.asksWho) return context;
    const user = { ...knownUser(name), ...(groups && { groups }), ...(uid && { uid }), ...(extra && { extra }) };
    return { ...context, user, subresource, authority: this.parts.certificates };
  }

  /** In the form in which its kind is stored; what is said without a version is in it already. */
  #stored({ resource, version }: ApiRequest, object: KubeObject): KubeObject {
    if (!resource.convert || !(object.apiVersion || version)) return object;
    return draft(inApiVersion(resource, object.apiVersion ? object : { ...object, apiVersion: groupVersionOf(resource, version!) }, this.parts.storedVersion(resource)));
  }

  #beforeCreate(resource: Resource, object: KubeObject, context: Context): void {
    const { metadata } = object;
    if (!resource.namespaced && 'namespace' in metadata) delete metadata.namespace;
    if (metadata.deletionTimestamp !== undefined) delete metadata.deletionTimestamp;
    if (metadata.deletionGracePeriodSeconds !== undefined) delete (metadata as { deletionGracePeriodSeconds?: number }).deletionGracePeriodSeconds;
    dropClusterName(metadata);
    resource.strategy?.prepareForCreate?.(object, context);
    metadata.creationTimestamp = context.now;
    metadata.uid = this.parts.random.uuid();
    metadata.resourceVersion ??= '';
    if (metadata.generateName && !metadata.name) metadata.name = generateName(this.parts, resource, metadata);
    const errors = createErrors(resource, object, context);
    if (errors.length > 0) throw invalidObject(this.#named(resource), metadata.name ?? '', errors);
  }

  #dryCreate(resource: Resource, object: KubeObject): KubeObject {
    if (this.parts.storage.find(resource, object.metadata.namespace, object.metadata.name)) return this.parts.storage.create(resource, object);
    if (!object.metadata.resourceVersion) delete (object.metadata as Partial<KubeObject['metadata']>).resourceVersion;
    return object;
  }

  /**
   * PUT and PATCH: `change` gets what is stored and gives what it shall be. An unchanged object is no write.
   * For `status` everything but status stays as it is.
   */
  update(request: ApiRequest, change: (old: KubeObject) => KubeObject): KubeObject {
    const { resource, name = '', namespace } = request;
    const { storage } = this.parts;
    const present = storage.find(resource, namespace, name);
    if (!present) return this.#updateMissing(request, change);
    const exact = this.fields.isExact(request);
    const old = exact ? this.fields.view(present) : present;
    const object = this.#stored(request, change(old));
    const late = !request.subresource && resource.strategy?.validatesBeforeConflicts?.(this.parts.version);
    if (!late) checkPreconditions(request, object, old);
    const prepared = request.subresource === 'finalize' ? this.#prepareFinalize(request, object, old) : request.subresource === 'status' || request.subresource === 'approval' ? this.#prepareStatus(request, object, old) : this.#prepareUpdate(request, object, old);
    if (late) checkPreconditions(request, object, old);
    if (prepared === undefined || sameButVersion(prepared, old)) return old;
    const dryRun = request.options?.dryRun;
    const { allocates, allocate } = this.parts;
    const write = () => (dryRun ? prepared : this.#replace(resource, present, prepared));
    const stored = dryRun || allocates(resource) ? allocate(resource, prepared, { old, dryRun, write }) : this.#replace(resource, present, prepared);
    if (!exact && !dryRun) this.fields.noteUpdate(request, present, stored);
    return stored;
  }

  #replace(resource: Resource, old: KubeObject, object: KubeObject): KubeObject {
    return mayGo(object) ? this.#remove(resource, old, object) : this.parts.storage.update(resource, old, object);
  }

  /** With its last finalizer a deleted object goes; the update itself is never written. */
  #remove(resource: Resource, old: KubeObject, object: KubeObject): KubeObject {
    this.parts.storage.remove(resource, old);
    this.parts.released(resource, old);
    return freeze(object);
  }

  #updateMissing(request: ApiRequest, change: (old: KubeObject) => KubeObject): KubeObject {
    const { resource, name = '', namespace, verb } = request;
    const applies = request.patch?.type === 'apply';
    const { allowCreateOnUpdate = false, validatesBeforeConflicts } = resource.strategy ?? {};
    const creates = applies || (typeof allowCreateOnUpdate === 'function' ? allowCreateOnUpdate(this.parts.version) : allowCreateOnUpdate);
    if (!(applies || verb === 'update') || request.subresource || (!creates && validatesBeforeConflicts?.(this.parts.version))) this.parts.storage.get(resource, namespace, name);
    const object = draft(change({ metadata: {} } as KubeObject));
    const { uid } = object.metadata;
    if (uid && applies) throw conflict(resource, name, `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`);
    if (uid) throw wrongUid(resource, { namespace, name, uid: '' }, uid);
    if (!creates) this.parts.storage.get(resource, namespace, name);
    object.metadata.resourceVersion = '';
    request.created = true;
    return this.create({ ...request, verb: 'create', object, owned: false });
  }

  #prepareUpdate(request: ApiRequest, object: KubeObject, old: KubeObject): KubeObject | undefined {
    const { resource } = request;
    const context = this.#contextOf(request, old.metadata.namespace ?? '');
    const sharesSpec = old.spec !== undefined && object.spec === old.spec && Object.isFrozen(old.spec);
    const next = draftUpdate(object, old);
    const strategy = (request.subresource && resource.subresourceStrategies?.[request.subresource]) || resource.strategy;
    if (!sharesSpec || !resource.strategy?.defaults) strategy?.defaults?.(next, context);
    this.#trackFields(request, next, { old });
    this.#keepSystemMetadata(resource, next, old, context);
    uniteOwners(next);
    const attributes: Attributes = { operation: 'UPDATE', request, object: next, old, context: () => context, parts: this.parts };
    this.#admission.admit(attributes);
    strategy?.prepareForUpdate?.(next, old, context);
    if (strategy?.generation !== false && next.metadata.generation === old.metadata.generation && old.metadata.generation && !equal(next.spec, old.spec)) {
      next.metadata.generation = old.metadata.generation + 1;
    }
    if (next.metadata.resourceVersion && sameButVersion(next, old)) return undefined;
    const errors = both(metadataUpdateErrors(resource, next, { old, version: this.parts.version, repeated: strategy?.repeatedMetadataChecks }), strategy?.validateUpdate?.(next, old, context));
    if (errors.length > 0) throw invalidObject(this.#named(resource), old.metadata.name, errors);
    this.#admission.validate(attributes);
    strategy?.fromStorage?.(next, context);
    return next;
  }

  /** PUT …/finalize changes metadata and the finalizers of the spec. */
  #prepareFinalize({ resource }: ApiRequest, object: KubeObject, old: KubeObject): KubeObject {
    const context = this.context('');
    const next: KubeObject = { ...old, metadata: draft(object.metadata), spec: draft(object.spec) };
    this.#keepSystemMetadata(resource, next, old, context);
    const errors = [...metadataUpdateErrors(resource, next, { old, version: this.parts.version }), ...standardFinalizerErrors(next.spec.finalizers ?? [], 'spec.finalizers')];
    if (errors.length > 0) throw invalidObject(this.#named(resource), old.metadata.name, errors);
    return next;
  }

  #prepareStatus(request: ApiRequest, object: KubeObject, old: KubeObject): KubeObject | undefined {
    const { strategy } = request.resource;
    const context = this.#contextOf(request, old.metadata.namespace ?? '');
    const whole = !request.status && this.fields.isExact(request);
    const sent = whole ? draft(object) : request.status ? object : draftUpdate(object, old);
    if (whole) strategy?.defaults?.(sent, context);
    const next: KubeObject = { ...old, metadata: request.status ? { ...old.metadata } : sent.metadata, status: sent.status };
    // Fields are tracked before what is not status is put back.
    this.#trackFields(request, next, { old, sent });
    const asked: Attributes | undefined = strategy?.asksWho ? { operation: 'UPDATE', request, object: next, old, context: () => context, parts: this.parts } : undefined;
    if (asked) this.#admission.admit(asked);
    if (strategy?.prepareForStatusUpdate) strategy.prepareForStatusUpdate(next, old, context);
    this.#keepSystemMetadata(request.resource, next, old, context);
    next.metadata.resourceVersion = old.metadata.resourceVersion;
    const repeated = strategy?.repeatedStatusChecks ?? (strategy?.checksMetadata === false ? [] : undefined);
    const common = request.status ? [] : metadataUpdateErrors(request.resource, next, { old, version: this.parts.version, repeated });
    const errors = both(common, strategy?.validateStatusUpdate?.(next, old, context));
    if (errors.length > 0) throw invalidObject(this.#named(request.resource), old.metadata.name, errors);
    if (asked) this.#admission.validate(asked);
    return next;
  }

  /** What a component sends back of managed fields is what it has read, or older. */
  #trackFields(request: ApiRequest, next: KubeObject, { old, sent = next }: { old: KubeObject; sent?: KubeObject }): void {
    if (!this.fields.isExact(request)) {
      if (next.metadata.managedFields !== old.metadata.managedFields) next.metadata.managedFields = old.metadata.managedFields;
    } else if (request.patch?.type !== 'apply') this.fields.updated(request, next, { old, sent });
  }

  #keepSystemMetadata(resource: Resource, object: KubeObject, old: KubeObject, context: Context): void {
    const { metadata } = object;
    const before = old.metadata;
    if (resource.namespaced) {
      metadata.namespace ??= before.namespace;
      if (metadata.namespace !== context.namespace) throw namespaceMismatch();
    } else delete metadata.namespace;
    object.kind = old.kind;
    object.apiVersion = old.apiVersion;
    if (!metadata.uid) metadata.uid = before.uid;
    metadata.creationTimestamp = before.creationTimestamp;
    if (!resource.strategy?.validatesBeforeConflicts?.(this.parts.version)) metadata.resourceVersion = before.resourceVersion;
    if (before.generation !== undefined) metadata.generation = before.generation;
    else if (metadata.generation !== undefined) delete metadata.generation;
    dropClusterName(metadata);
    // Validation refuses what is left: setting a deletion mark is not an update's business.
    if (before.deletionTimestamp) metadata.deletionTimestamp = before.deletionTimestamp;
    const { deletionGracePeriodSeconds } = before;
    if (metadata.deletionGracePeriodSeconds === undefined && deletionGracePeriodSeconds !== undefined) Object.assign(metadata, { deletionGracePeriodSeconds });
  }

  /** Admission's word on a delete; throws when it is refused. */
  admitDelete(request: ApiRequest, old?: KubeObject): void {
    const attributes: Attributes = { operation: 'DELETE', request, old, context: () => this.context(old?.metadata.namespace ?? ''), parts: this.parts };
    this.#admission.admit(attributes);
    this.#admission.validate(attributes);
  }
}

/** A field of old releases that was never kept. */
function dropClusterName(metadata: KubeObject['metadata'] & { clusterName?: string }): void {
  if (metadata.clusterName !== undefined) delete metadata.clusterName;
}

const namespaceMismatch = () => badRequest('the namespace of the provided object does not match the namespace sent on the request');
