// Subresources with a body of their own: binding, scale, eviction, finalize.
import { badRequest, conflict, type CustomResource, invalid, invalidObject, isPodReady, type KubeObject, type LabelSelector, type Manifest, notFound, type Pod, type Resource, selectorFromLabelSelector, StatusError, validateObjectMeta, type Version } from '../api/index.ts';
import { checkSpecReplicas, customScale, withNumber } from './custom-scale.ts';
import { deleteObject } from './delete.ts';
import type { ServerParts } from './parts.ts';
import type { Registry } from './registry.ts';
import type { ApiRequest } from './request.ts';

/** POST pods/NAME/binding: the scheduler's only write to a pod. */
export function bindPod(registry: Registry, request: ApiRequest): Record<string, unknown> {
  const { parts } = registry;
  const { resource, namespace, name = '', object } = request;
  const node: string = object?.target?.name ?? '';
  if (object?.metadata?.name && object.metadata.name !== name) throw badRequest('name in URL does not match name in Binding object');
  checkTarget(object?.target?.kind, node);
  const old = parts.storage.get(resource, namespace, name);
  const refuse = (why: string) => conflict({ ...resource, plural: 'pods/binding' }, name, why);
  if (object?.metadata?.uid && object.metadata.uid !== old.metadata.uid && parts.version.has('binding-preconditions')) {
    throw conflict(resource, name, `Precondition failed: UID in precondition: ${object.metadata.uid}, UID in object meta: ${old.metadata.uid}`);
  }
  if (old.metadata.deletionTimestamp) throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  if (old.spec.nodeName) throw refuse(`pod ${name} is already assigned to node ${JSON.stringify(old.spec.nodeName)}`);
  const now = parts.clock.timestamp();
  const conditions = (old.status.conditions ?? []).filter((c: { type: string }) => c.type !== 'PodScheduled');
  conditions.push({ type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: now });
  const metadata = object?.metadata?.annotations ? { ...old.metadata, annotations: { ...old.metadata.annotations, ...object.metadata.annotations } } : { ...old.metadata };
  const bound: KubeObject = { ...old, metadata, spec: { ...old.spec, nodeName: node }, status: { ...old.status, conditions } };
  if (!request.options?.dryRun) registry.fields.carry(old, parts.storage.update(resource, old, bound));
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
}

/** Errors of a binding are answered as they are, without a field or reason. */
function checkTarget(kind: string | undefined, node: string): void {
  const errors: string[] = [];
  if (kind && kind !== 'Node') errors.push(`target.kind: Unsupported value: ${JSON.stringify(kind)}: supported values: "Node", "<empty>"`);
  if (!node) errors.push('target.name: Required value');
  if (errors.length > 0) throw new StatusError('', 500, errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`);
}

/** GET and PUT …/scale, autoscaling/v1. */
function getScale(resource: Resource, object: KubeObject): KubeObject {
  if ('schemaOf' in resource) return customScale(resource as CustomResource, object);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = object.spec.selector;
  const text = resource.kind === 'ReplicationController' ? Object.entries(selector ?? {}).map(([k, v]) => `${k}=${v}`).sort().join(',') : selectorFromLabelSelector(selector).toString();
  const replicas = object.spec.replicas ?? 0;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas ? { replicas } : {},
    status: { replicas: object.status?.replicas ?? 0, ...(text && { selector: text }) },
  };
}

/** A scale that is not there is named as such, but for that of a StatefulSet or of a custom resource; that of a replication controller with the group of its kind. */
export function findScale({ storage }: ServerParts, { resource, namespace, name = '' }: ApiRequest): KubeObject {
  const object = storage.find(resource, namespace, name);
  if (object && 'schemaOf' in resource) checkSpecReplicas(resource as CustomResource, object);
  if (object) return getScale(resource, object);
  throw notFound(resource.kind === 'StatefulSet' || 'schemaOf' in resource ? resource : { ...scaleOf(resource), ...(resource.group === '' && { group: 'autoscaling' }) }, name);
}

const scaleOf = (resource: Resource): Resource => ({ ...resource, plural: `${resource.plural}/scale` });

export function putScale(registry: Registry, request: ApiRequest, change: (scale: KubeObject) => Manifest): KubeObject {
  const { resource } = request;
  const stored = registry.update(request, (old) => {
    const scale = change(getScale(resource, old));
    checkScale(resource, old, scale);
    const { resourceVersion } = scale.metadata ?? {};
    const metadata = { ...old.metadata, resourceVersion: resourceVersion ?? ('schemaOf' in resource ? old.metadata.resourceVersion : '') };
    const replicas = scale.spec?.replicas ?? 0;
    if ('schemaOf' in resource) return withNumber({ ...old, metadata }, (resource as CustomResource).scale!.specReplicasPath, replicas);
    return { ...old, metadata, spec: { ...old.spec, replicas } };
  });
  return getScale(resource, stored);
}

function checkScale(resource: Resource, { metadata: { name, uid } }: KubeObject, { metadata = {}, spec }: Manifest): void {
  if (metadata.name && metadata.name !== name) throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  const errors = validateObjectMeta({ name, ...metadata, namespace: metadata.namespace ?? '' }, { namespaced: true });
  const replicas: number = spec?.replicas ?? 0;
  if (replicas < 0) errors.push(invalid('spec.replicas', replicas, 'must be greater than or equal to 0'));
  if (errors.length > 0) throw invalidObject({ group: 'autoscaling', plural: 'scales', kind: 'Scale' }, name, errors);
  if (metadata.uid && metadata.uid !== uid) throw conflict(scaleOf(resource), name, `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${uid}`);
}

/** POST pods/NAME/eviction: a delete that asks the disruption budgets first. */
export function evictPod(registry: Registry, request: ApiRequest): Record<string, unknown> {
  const { parts } = registry;
  const { resource, namespace = '', name = '' } = request;
  if (request.object?.metadata?.name !== name) throw badRequest('name in URL does not match name in Eviction object');
  const pod = parts.storage.get(resource, namespace, name);
  const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  const { dryRun: all, ...given } = request.object?.deleteOptions ?? {};
  const dryRun = Boolean(all?.includes('All')) || request.options?.dryRun === true;
  if (!ended && !pod.metadata.deletionTimestamp && !(pod.status?.phase === 'Pending')) spendBudget(registry, pod, dryRun);
  const preconditions = dryRun || ended || pod.metadata.deletionTimestamp ? given.preconditions : markEvicted(registry, pod, given.preconditions);
  deleteObject(registry, { ...request, verb: 'delete', subresource: undefined, options: { ...request.options, ...given, preconditions, dryRun } });
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
}

/** Says on the pod why it goes. A version that was asked for is then the one that this write made. */
function markEvicted({ parts, fields }: Registry, pod: KubeObject, preconditions: Preconditions | undefined): Preconditions | undefined {
  const { uid = pod.metadata.uid, resourceVersion = pod.metadata.resourceVersion } = preconditions ?? {};
  if (!parts.version.has('disruption-target') || uid !== pod.metadata.uid || resourceVersion !== pod.metadata.resourceVersion) return preconditions;
  const condition = { type: 'DisruptionTarget', status: 'True', lastProbeTime: null, lastTransitionTime: parts.clock.timestamp(), reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' };
  const conditions = [...(pod.status?.conditions ?? []).filter(({ type }: { type: string }) => type !== condition.type), condition];
  const marked = parts.storage.update(parts.resourceOf('Pod'), pod, { ...pod, metadata: { ...pod.metadata }, status: { ...pod.status, conditions } });
  fields.carry(pod, marked);
  return preconditions?.resourceVersion ? { ...preconditions, resourceVersion: marked.metadata.resourceVersion! } : preconditions;
}

interface Preconditions {
  uid?: string;
  resourceVersion?: string;
}

/** A pod that is not ready is missing already: it may go while enough others are healthy, or always where the budget says so. */
function goesUncounted(budget: KubeObject, pod: KubeObject, version: Version): boolean {
  if (isPodReady(pod as Pod)) return false;
  if (version.has('unhealthy-eviction-policy') && budget.spec.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = budget.status ?? {};
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
}

/** An empty selector once meant no pod at all. */
const meansPods = (selector: LabelSelector | undefined, version: Version) => version.has('empty-budget-selector') || Boolean(Object.keys(selector?.matchLabels ?? {}).length || selector?.matchExpressions?.length);

function spendBudget({ parts, fields }: Registry, pod: KubeObject, dryRun: boolean): void {
  const resource = parts.resourceOf('PodDisruptionBudget');
  const budgets = parts.storage
    .list(resource, '', { namespace: pod.metadata.namespace })
    .items.filter(({ spec }) => meansPods(spec.selector, parts.version) && selectorFromLabelSelector(spec.selector).matches(pod.metadata.labels));
  if (budgets.length > 1) throw new StatusError('', 500, 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.');
  const budget = budgets[0];
  if (!budget || goesUncounted(budget, pod, parts.version)) return;
  const { disruptionsAllowed = 0, observedGeneration = 0 } = budget.status ?? {};
  if (observedGeneration < (budget.metadata.generation ?? 0)) throw tooManyRequests(`The disruption budget ${budget.metadata.name} is still being processed by the server.`);
  if (disruptionsAllowed <= 0) throw tooManyRequests(`The disruption budget ${budget.metadata.name} needs ${budget.status.desiredHealthy} healthy pods and has ${budget.status.currentHealthy} currently`);
  if (dryRun) return;
  const disrupted = { ...budget.status.disruptedPods, [pod.metadata.name]: parts.clock.timestamp() };
  const spent = parts.storage.update(resource, budget, { ...budget, metadata: { ...budget.metadata }, status: { ...budget.status, disruptionsAllowed: disruptionsAllowed - 1, disruptedPods: disrupted } });
  fields.carry(budget, spent);
}

function tooManyRequests(why: string): StatusError {
  return new StatusError('TooManyRequests', 429, "Cannot evict pod as it would violate the pod's disruption budget.", { causes: [{ reason: 'DisruptionBudget', message: why }] });
}
