// The generic life of an object: every kind is created, read, updated by the same code, with its strategy's advice.
import {
  badRequest,
  conflict,
  type Context,
  draft,
  equal,
  type FieldError,
  freeze,
  invalidObject,
  type KubeObject,
  objectModified,
  qualified,
  type Resource,
  standardFinalizerErrors,
  StatusError,
  validateObjectMeta,
  validateObjectMetaUpdate,
  type Version,
} from '../api/index.ts';
import type { Admission, Attributes } from './admission/index.ts';
import { uniteOwners } from './owners.ts';
import type { ServerParts } from './parts.ts';
import type { ApiRequest } from './request.ts';
import { keyOf } from './storage.ts';

/** Ready-made answer for a kind's `status` when nothing else is said: only `status` may change. */
export class Registry {
  readonly parts: ServerParts;
  #admission: readonly Admission[];
  #byResource = new Map<Resource, readonly Admission[]>();

  constructor(parts: ServerParts, admission: readonly Admission[]) {
    this.parts = parts;
    this.#admission = admission;
  }

  #context: Context | undefined;

  /** Requests of one second and one namespace share it. */
  context(namespace: string): Context {
    const { clock, version, find } = this.parts;
    const now = clock.timestamp();
    if (this.#context?.namespace !== namespace || this.#context.now !== now) this.#context = { version, now, namespace, find };
    return this.#context;
  }

  /** POST: defaults, admission, preparation, validation, etcd. */
  create(request: ApiRequest): KubeObject {
    const { resource, namespace = '' } = request;
    const object = (request.owned ? request.object : draft(request.object)) as KubeObject;
    object.metadata ??= {} as KubeObject['metadata'];
    object.kind = resource.kind;
    object.apiVersion = this.parts.storedVersion(resource);
    if (object.metadata.resourceVersion) throw new StatusError('', 500, 'resourceVersion should not be set on objects to be created');
    const context = this.context(namespace);
    const { strategy } = resource;
    strategy?.defaults?.(object, context);
    if (resource.namespaced && !object.metadata.namespace) object.metadata.namespace = namespace;
    if (resource.namespaced && object.metadata.namespace !== namespace) throw namespaceMismatch();
    uniteOwners(object);
    const attributes = this.#attributes('CREATE', request, object);
    this.#admit(attributes);
    this.#beforeCreate(resource, object, context);
    this.#validateAdmission(attributes);
    const dryRun = request.options?.dryRun;
    const { storage, leaseFor, allocates, allocate } = this.parts;
    if (!dryRun && !allocates(resource)) return storage.create(resource, object, leaseFor(resource));
    const write = () => (dryRun ? this.#dryCreate(resource, object) : storage.create(resource, object, leaseFor(resource)));
    return allocate(resource, object, { dryRun, write });
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
    metadata.resourceVersion = '';
    if (metadata.generateName && !metadata.name) metadata.name = this.#generateName(resource, metadata);
    const errors = this.#createErrors(resource, object, context);
    if (errors.length > 0) throw invalidObject(resource, metadata.name ?? '', errors);
  }

  /** A free name: newer servers try eight times, older ones ask the client to try again. */
  #generateName(resource: Resource, { generateName = '', namespace }: KubeObject['metadata']): string {
    const { random, storage, version } = this.parts;
    let name = '';
    for (let tries = version.has('retry-generated-names') ? 8 : 1; tries > 0; tries--) {
      name = `${generateName.slice(0, 58)}${random.suffix()}`;
      if (!storage.find(resource, namespace, name)) return name;
    }
    throw generatedNameTaken(resource, name, version);
  }

  /** Metadata first, unless the kind's own validation leaves it to the common checks, which come last. */
  #createErrors(resource: Resource, object: KubeObject, context: Context): FieldError[] {
    const own = resource.strategy?.validate?.(object, context) ?? [];
    if (resource.strategy?.checksMetadata !== false) return both([...this.#metaErrors(resource, object), ...this.#finalizerErrors(resource, object)], own);
    return own.length > 0 ? own : this.#metaErrors(resource, object);
  }

  /** Finalizers without a domain are Kubernetes' own. */
  #finalizerErrors({ strategy }: Resource, { metadata }: KubeObject): FieldError[] {
    return metadata.finalizers && strategy?.checksFinalizers !== false ? standardFinalizerErrors(metadata.finalizers) : [];
  }

  #metaErrors(resource: Resource, object: KubeObject): FieldError[] {
    return validateObjectMeta(object.metadata, { namespaced: resource.namespaced, validateName: resource.strategy?.validateName });
  }

  /** What all kinds check, then what this kind's own validation checks once more. */
  #metaUpdateErrors(resource: Resource, object: KubeObject, { old, repeated = ['update'] }: { old: KubeObject; repeated?: readonly ('object' | 'update')[] }): FieldError[] {
    const checks = { object: this.#metaErrors(resource, object), update: validateObjectMetaUpdate(object.metadata, old.metadata, this.parts) };
    const common = both(checks.object, checks.update);
    const finalizers = this.#finalizerErrors(resource, object);
    if (common.length === 0 && finalizers.length === 0) return common;
    return [...common, ...repeated.flatMap((name) => [...checks[name], ...finalizers])];
  }

  #dryCreate(resource: Resource, object: KubeObject): KubeObject {
    if (this.parts.storage.find(resource, object.metadata.namespace, object.metadata.name)) return this.parts.storage.create(resource, object);
    delete (object.metadata as Partial<KubeObject['metadata']>).resourceVersion;
    return object;
  }

  /**
   * PUT and PATCH: `change` gets what is stored and gives what it shall be. An unchanged object is no write.
   * For `status` everything but status stays as it is.
   */
  update(request: ApiRequest, change: (old: KubeObject) => KubeObject): KubeObject {
    const { resource, name = '', namespace } = request;
    const { storage } = this.parts;
    const old = storage.find(resource, namespace, name);
    if (!old) return this.#updateMissing(request, change);
    const object = change(old);
    const late = !request.subresource && resource.strategy?.validatesBeforeConflicts?.(this.parts.version);
    if (!late) this.#checkPreconditions(request, object, old);
    const prepared = request.subresource === 'finalize' ? this.#prepareFinalize(request, object, old) : request.subresource === 'status' ? this.#prepareStatus(request, object, old) : this.#prepareUpdate(request, object, old);
    if (late) this.#checkPreconditions(request, object, old);
    if (prepared === undefined || sameButVersion(prepared, old)) return old;
    const dryRun = request.options?.dryRun;
    const { allocates, allocate } = this.parts;
    if (!dryRun && !allocates(resource)) return this.#replace(resource, old, prepared);
    const write = () => (dryRun ? prepared : this.#replace(resource, old, prepared));
    return allocate(resource, prepared, { old, dryRun, write });
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
    const { allowCreateOnUpdate = false, validatesBeforeConflicts } = resource.strategy ?? {};
    const creates = typeof allowCreateOnUpdate === 'function' ? allowCreateOnUpdate(this.parts.version) : allowCreateOnUpdate;
    if (verb !== 'update' || request.subresource || (!creates && validatesBeforeConflicts?.(this.parts.version))) this.parts.storage.get(resource, namespace, name);
    const object = draft(change({ metadata: {} } as KubeObject));
    const { uid } = object.metadata;
    if (uid) throw wrongUid(resource, { namespace, name, uid: '' }, uid);
    if (!creates) this.parts.storage.get(resource, namespace, name);
    object.metadata.resourceVersion = '';
    request.created = true;
    return this.create({ ...request, verb: 'create', object, owned: false });
  }

  #checkPreconditions({ resource, verb }: ApiRequest, object: KubeObject, old: KubeObject): void {
    const { metadata } = object;
    const name = old.metadata.name;
    // A patch has no preconditions: validation refuses another uid.
    if (verb === 'update' && metadata.uid && metadata.uid !== old.metadata.uid) {
      throw wrongUid(resource, old.metadata, metadata.uid);
    }
    if (metadata.resourceVersion && metadata.resourceVersion !== '0') {
      if (!/^\d+$/.test(metadata.resourceVersion)) throw new StatusError('', 500, `strconv.ParseUint: parsing ${JSON.stringify(metadata.resourceVersion)}: invalid syntax`);
      if (metadata.resourceVersion !== old.metadata.resourceVersion) throw conflict(resource, name, objectModified);
    } else if (resource.strategy?.allowUnconditionalUpdate === false && verb === 'update') {
      // The kind is named as in a path here, in Kubernetes too.
      throw invalidObject({ ...resource, kind: resource.plural }, name, [{ type: 'FieldValueInvalid', field: 'metadata.resourceVersion', message: 'Invalid value: 0x0: must be specified for an update' }]);
    }
  }

  #prepareUpdate(request: ApiRequest, object: KubeObject, old: KubeObject): KubeObject | undefined {
    const { resource } = request;
    const context = this.context(old.metadata.namespace ?? '');
    const sharesSpec = old.spec !== undefined && object.spec === old.spec && Object.isFrozen(old.spec);
    const next = draftUpdate(object, old);
    const { strategy } = resource;
    if (!sharesSpec || !resource.strategy?.defaults) strategy?.defaults?.(next, context);
    this.#keepSystemMetadata(resource, next, old, context);
    uniteOwners(next);
    const attributes = this.#attributes('UPDATE', request, next, old);
    this.#admit(attributes);
    strategy?.prepareForUpdate?.(next, old, context);
    if (strategy?.generation !== false && next.metadata.generation === old.metadata.generation && old.metadata.generation && !equal(next.spec, old.spec)) {
      next.metadata.generation = old.metadata.generation + 1;
    }
    if (next.metadata.resourceVersion && sameButVersion(next, old)) return undefined;
    const errors = both(this.#metaUpdateErrors(resource, next, { old, repeated: strategy?.repeatedMetadataChecks }), strategy?.validateUpdate?.(next, old, context));
    if (errors.length > 0) throw invalidObject(resource, old.metadata.name, errors);
    this.#validateAdmission(attributes);
    return next;
  }

  /** PUT …/finalize changes metadata and the finalizers of the spec. */
  #prepareFinalize({ resource }: ApiRequest, object: KubeObject, old: KubeObject): KubeObject {
    const context = this.context('');
    const next: KubeObject = { ...old, metadata: draft(object.metadata), spec: draft(object.spec) };
    this.#keepSystemMetadata(resource, next, old, context);
    const errors = [...this.#metaUpdateErrors(resource, next, { old }), ...standardFinalizerErrors(next.spec.finalizers ?? [], 'spec.finalizers')];
    if (errors.length > 0) throw invalidObject(resource, old.metadata.name, errors);
    return next;
  }

  #prepareStatus(request: ApiRequest, object: KubeObject, old: KubeObject): KubeObject | undefined {
    const { strategy } = request.resource;
    const context = this.context(old.metadata.namespace ?? '');
    const next: KubeObject = request.status
      ? { ...old, metadata: { ...old.metadata }, status: object.status }
      : { ...old, metadata: draft(object.metadata), status: draft(object.status) };
    if (strategy?.prepareForStatusUpdate) strategy.prepareForStatusUpdate(next, old, context);
    this.#keepSystemMetadata(request.resource, next, old, context);
    next.metadata.resourceVersion = old.metadata.resourceVersion;
    const repeated = strategy?.checksMetadata === false ? [] : undefined;
    const common = request.status ? [] : this.#metaUpdateErrors(request.resource, next, { old, repeated });
    const errors = both(common, strategy?.validateStatusUpdate?.(next, old, context));
    if (errors.length > 0) throw invalidObject(request.resource, old.metadata.name, errors);
    return next;
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

  #attributes(operation: Attributes['operation'], request: ApiRequest, object?: KubeObject, old?: KubeObject): Attributes {
    return { operation, request, object, old, parts: this.parts };
  }

  #admit(attributes: Attributes): void {
    const plugins = this.#plugins(attributes.request.resource);
    for (let i = 0; i < plugins.length; i++) plugins[i]!.admit?.(attributes);
  }

  #validateAdmission(attributes: Attributes): void {
    const plugins = this.#plugins(attributes.request.resource);
    for (let i = 0; i < plugins.length; i++) plugins[i]!.validate?.(attributes);
  }

  /** Admission's word on a delete; throws when it is refused. */
  admitDelete(request: ApiRequest, old?: KubeObject): void {
    const attributes = this.#attributes('DELETE', request, undefined, old);
    this.#admit(attributes);
    this.#validateAdmission(attributes);
  }

  /** The plugins that have a word in a kind's writes. */
  #plugins(resource: Resource): readonly Admission[] {
    let plugins = this.#byResource.get(resource);
    if (!plugins) {
      plugins = this.#admission.filter(({ kinds }) => !kinds || kinds.includes(resource.kind));
      this.#byResource.set(resource, plugins);
    }
    return plugins;
  }
}

/** A field of old releases that was never kept. */
function dropClusterName(metadata: KubeObject['metadata'] & { clusterName?: string }): void {
  if (metadata.clusterName !== undefined) delete metadata.clusterName;
}

function wrongUid(resource: Resource, { namespace, name, uid }: { namespace?: string; name: string; uid: string }, asked: string): StatusError {
  const why = `Precondition failed: UID in precondition: ${asked}, UID in object meta: ${uid}`;
  return conflict(resource, name, `StorageError: invalid object, Code: 4, Key: ${keyOf(resource, namespace, name)}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`);
}

function generatedNameTaken(resource: Resource, name: string, version: Version): StatusError {
  const details = { ...(resource.group && { group: resource.group }), kind: version.has('retry-generated-names') ? resource.plural : resource.kind };
  if (version.has('retry-generated-names')) {
    const message = `${qualified(resource)} "${name}" already exists, the server was not able to generate a unique name for the object`;
    return new StatusError('AlreadyExists', 409, message, { ...details, name, retryAfterSeconds: 1 });
  }
  const kind = resource.group ? `${resource.kind}.${resource.group}` : resource.kind;
  return new StatusError('ServerTimeout', 500, `The POST operation against ${kind} could not be completed at this time, please try again.`, { ...details, name: 'POST' });
}

const namespaceMismatch = () => badRequest('the namespace of the provided object does not match the namespace sent on the request');

/** Deleted, and nothing holds it any more. */
function mayGo({ metadata, spec }: KubeObject): boolean {
  if (!metadata.deletionTimestamp || (metadata.deletionGracePeriodSeconds ?? 0) > 0) return false;
  return !metadata.finalizers?.length && !(spec?.finalizers?.length > 0);
}

function both(a: FieldError[], b: FieldError[] | undefined): FieldError[] {
  if (!b || b.length === 0) return a;
  return a.length === 0 ? b : [...a, ...b];
}

/** A copy that may be changed, sharing with `old` what `object` shares with it. */
function draftUpdate(object: KubeObject, old: KubeObject): KubeObject {
  const next: Record<string, unknown> = {};
  for (const key in object) next[key] = object[key] === old[key] && key !== 'metadata' ? object[key] : draft(object[key]);
  return next as unknown as KubeObject;
}

function sameButVersion(a: KubeObject, b: KubeObject): boolean {
  for (const key in a) if (key !== 'metadata' && !equal(a[key], b[key])) return false;
  for (const key in b) if (key !== 'metadata' && b[key] !== undefined && !(key in a)) return false;
  return a.metadata === b.metadata || equal({ ...a.metadata, resourceVersion: '' }, { ...b.metadata, resourceVersion: '' });
}

