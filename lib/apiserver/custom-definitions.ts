// Custom kinds come and go with their definitions: names are accepted, paths served, instances removed.
// Differs from Kubernetes: the controllers for it are part of the request that changes a definition; there they follow
// within milliseconds.
import { apiService, customKinds, customResource, equal, freeze, isNotFound, type KubeObject, type Resource, StatusError } from '../api/index.ts';
import { convertByWebhook } from './convert-by-webhook.ts';
import { deleteObject } from './delete.ts';
import type { ServerParts } from './parts.ts';
import type { Registry } from './registry.ts';
import type { ApiRequest } from './request.ts';
import { type Condition, established, namesOf, withCondition } from './custom-names.ts';

const automanaged = 'kube-aggregator.kubernetes.io/automanaged';
const cleanup = 'customresourcecleanup.apiextensions.k8s.io';
const changing = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

export class CustomDefinitions {
  #registry: Registry;
  #parts: ServerParts;
  /** Told when kinds came, changed or went. */
  readonly listeners: (() => void)[] = [];
  /** What each row follows; the last state of a definition that is gone. */
  #current = new Map<string, { definition: KubeObject; served: boolean }>();

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#parts = registry.parts;
    if (!this.#parts.storage.isUntouched(this.#resource)) this.#settle();
  }

  /** Looks at the store anew. */
  restart(): void {
    this.#settle();
  }

  get #resource(): Resource {
    return this.#parts.resourceOf('CustomResourceDefinition');
  }

  /** Nobody may make instances of what is about to go. */
  check({ verb, resource }: ApiRequest): void {
    if (verb !== 'create' || !('schemaOf' in resource)) return;
    if (this.#find(nameOf(resource))?.metadata.deletionTimestamp) throw new StatusError('MethodNotAllowed', 405, 'create not allowed while custom resource definition is terminating', { group: resource.group, kind: resource.plural });
  }

  /** What follows from a request that was answered. */
  after({ verb, resource, options }: ApiRequest): void {
    if (!changing.has(verb) || options?.dryRun) return;
    if (resource.kind === 'CustomResourceDefinition' && resource.group === this.#resource.group) this.#settle();
    else if ('schemaOf' in resource && this.#find(nameOf(resource))?.metadata.deletionTimestamp) this.#settle();
  }

  #find(name: string): KubeObject | undefined {
    return this.#parts.storage.find(this.#resource, undefined, name);
  }

  #settle(): void {
    const { storage, version } = this.#parts;
    const present = new Set<string>();
    for (const { metadata } of storage.every(this.#resource)) {
      this.#acceptNames(metadata.name);
      this.#follow(metadata.name);
      if (this.#isGone(metadata.name)) continue;
      present.add(metadata.name);
    }
    for (const name of [...this.#current.keys()]) if (!present.has(name)) this.#forget(name);
    customKinds(version).changed();
    this.#register();
    for (const hear of this.listeners) hear();
  }

  /** Each served version of a group has an APIService. */
  #register(): void {
    const { storage, resourceOf, clock, random, version } = this.#parts;
    const resource = resourceOf('APIService');
    const served = new Map<string, { group: string; version: string }>(customKinds(version).rows.flatMap(({ group, versions }) => versions.map((one) => [`${one.version}.${group}`, { group, version: one.version }] as const)));
    for (const object of storage.every(resource)) {
      const { name, labels } = object.metadata;
      if (labels?.[automanaged] === 'true' && !served.delete(name)) storage.remove(resource, object);
    }
    for (const one of served.values()) {
      const now = clock.timestamp();
      const draft = apiService(one, { now, automanaged: 'true', priorities: [1000, 100] });
      storage.create(resource, { ...draft, metadata: { ...draft.metadata, uid: random.uuid(), resourceVersion: '', creationTimestamp: now } } as KubeObject);
    }
  }

  /** The row says what the definition says now. */
  #follow(name: string): void {
    const definition = this.#find(name);
    if (!definition) return;
    const state = { definition, served: established(definition) };
    const known = this.#current.get(name);
    if (known) return void Object.assign(known, state);
    this.#current.set(name, state);
    const { version, storage, random, callWebhook } = this.#parts;
    const convert = (object: KubeObject, apiVersion: string) => convertByWebhook(object, apiVersion, { conversion: state.definition.spec.conversion, call: callWebhook, uid: random.uuid() });
    customKinds(version).set(name, customResource({ definition: () => state.definition, served: () => state.served, convert }, storage.store.revision));
  }

  #forget(name: string): void {
    const state = this.#current.get(name);
    if (state) state.served = false;
    this.#current.delete(name);
    customKinds(this.#parts.version).delete(name);
  }

  #acceptNames(name: string): void {
    const definition = this.#find(name)!;
    if (equal(definition.spec.names, definition.status.acceptedNames)) return;
    const others = this.#parts.storage.every(this.#resource).filter((other) => other !== definition && other.spec.group === definition.spec.group);
    const { names, accepted, established: installing } = namesOf(definition, others);
    const named = this.#write(definition, { acceptedNames: names }, accepted, installing);
    if (accepted.status === 'True' && !established(named)) this.#write(named, {}, { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' });
  }

  #write(old: KubeObject, status: object, ...conditions: Condition[]): KubeObject {
    const now = this.#parts.clock.timestamp();
    const next = conditions.reduce<KubeObject>((object, condition) => withCondition(object, condition, now), { ...old, metadata: { ...old.metadata }, status: { ...old.status, ...status } });
    return this.#registry.update({ verb: 'update', resource: this.#resource, version: 'v1', name: old.metadata.name, subresource: 'status', user: 'system:apiserver', userAgent: 'kube-apiserver' }, () => next);
  }

  /** A definition that is being deleted goes with the last of its instances. */
  #isGone(name: string): boolean {
    const definition = this.#find(name)!;
    if (!definition.metadata.deletionTimestamp || !definition.metadata.finalizers?.includes(cleanup)) return false;
    const going = this.#write(definition, {}, { type: 'Terminating', status: 'True', reason: 'InstanceDeletionInProgress', message: 'CustomResource deletion is in progress' });
    if (this.#instancesLeft(name)) return false;
    const finalizers = going.metadata.finalizers!.filter((other) => other !== cleanup);
    const done = withCondition(going, terminated(established(going)), this.#parts.clock.timestamp());
    if (finalizers.length === 0) this.#parts.storage.remove(this.#resource, going);
    else this.#parts.storage.update(this.#resource, going, freeze({ ...done, metadata: { ...going.metadata, finalizers } }));
    return finalizers.length === 0;
  }

  #instancesLeft(name: string): boolean {
    const row = customKinds(this.#parts.version).row(name);
    if (!row) return false;
    for (const { metadata } of this.#parts.storage.every(row)) {
      if (metadata.deletionTimestamp) continue;
      try {
        deleteObject(this.#registry, { verb: 'delete', resource: row, namespace: metadata.namespace, name: metadata.name, user: 'system:apiserver', userAgent: 'kube-apiserver' });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
    return this.#parts.storage.every(row).length > 0;
  }
}

const nameOf = ({ plural, group }: Resource) => `${plural}.${group}`;

const terminated = (wasEstablished: boolean): Condition => ({
  type: 'Terminating',
  status: 'False',
  ...(wasEstablished ? { reason: 'InstanceDeletionCompleted', message: 'removed all instances' } : { reason: 'NeverEstablished', message: 'resource was never established' }),
});
