// How many pods a budget expects, and how many of them have to be healthy.
import { type KubeObject, type LabelSelector, type OwnerReference, type Pod, type PodDisruptionBudget, scaledValue } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { ignoreNotFound } from '../shared/not-found.ts';
import { controllerOf } from '../shared/owners.ts';

export interface Expectation {
  expectedPods: number;
  desiredHealthy: number;
}

/** Throws when it cannot be counted. */
export function expectation(client: Client, budget: PodDisruptionBudget, pods: readonly Pod[]): Expectation {
  const { minAvailable, maxUnavailable } = budget.spec;
  if (maxUnavailable !== undefined) {
    const expectedPods = expectedScale(client, budget, pods);
    return { expectedPods, desiredHealthy: Math.max(0, expectedPods - scaledValue(maxUnavailable, expectedPods, true)) };
  }
  if (typeof minAvailable === 'number') return { expectedPods: pods.length, desiredHealthy: minAvailable };
  if (minAvailable === undefined) return { expectedPods: 0, desiredHealthy: 0 };
  const expectedPods = expectedScale(client, budget, pods);
  return { expectedPods, desiredHealthy: scaledValue(minAvailable, expectedPods, true) };
}

/** The sizes that the pods' controllers want, each counted once. */
function expectedScale(client: Client, budget: PodDisruptionBudget, pods: readonly Pod[]): number {
  const scales = new Map<string, number>();
  let unmanaged = false;
  for (const pod of pods) {
    const owner = controllerOf(pod);
    unmanaged ||= !owner;
    if (!owner && client.version.has('unmanaged-pods-in-budgets')) continue;
    if (!owner) throw refuse(client, budget, 'NoControllerRef', `found no controller ref for pod "${pod.metadata.name}"`);
    if (scales.has(owner.uid)) continue;
    const scale = scaleOf(client, owner, pod.metadata.namespace) ?? servedScale(client, owner, pod.metadata.namespace);
    if (!scale) throw refuse(client, budget, 'NoControllers', `found no controllers for pod "${pod.metadata.name}"`);
    scales.set(scale.uid, scale.replicas);
  }
  if (unmanaged && client.version.has('unmanaged-pods-event')) client.event(budget, 'Warning', 'UnmanagedPods', unmanagedMessage(budget));
  return [...scales.values()].reduce((sum, replicas) => sum + replicas, 0);
}

interface Scale {
  uid: string;
  replicas: number;
}

/** Of a replica set that a Deployment controls, the Deployment's. */
function scaleOf(client: Client, { kind, name, uid }: OwnerReference, namespace: string | undefined): Scale | undefined {
  if (!['ReplicaSet', 'ReplicationController', 'StatefulSet', 'Deployment'].includes(kind)) return undefined;
  const owner = client.find(kind, { namespace, name });
  if (owner?.metadata.uid !== uid) return undefined;
  const above = kind === 'ReplicaSet' ? controllerOf(owner) : undefined;
  return above?.kind === 'Deployment' ? scaleOf(client, above, namespace) : { uid, replicas: owner.spec.replicas };
}

/** Of a custom resource: what the server serves at its subresource. */
function servedScale(client: Client, { apiVersion, kind, name, uid }: OwnerReference, namespace: string | undefined): Scale | undefined {
  const resource = client.resource(kind);
  if (!resource?.subresources?.some((one) => one.name === 'scale') || resource.group !== (apiVersion.includes('/') ? apiVersion.split('/')[0] : '')) return undefined;
  const scale = ignoreNotFound(() => client.get(kind, { namespace, name }, { subresource: 'scale' }) as KubeObject);
  return scale?.metadata.uid === uid ? { uid, replicas: scale.spec['replicas'] ?? 0 } : undefined;
}

function refuse(client: Client, budget: PodDisruptionBudget, reason: string, message: string): Error {
  client.event(budget, 'Warning', reason, message);
  client.event(budget, 'Warning', 'CalculateExpectedPodCountFailed', `Failed to calculate the number of expected pods: ${message}`);
  return new Error(message);
}

const unmanagedMessage = ({ spec }: PodDisruptionBudget) =>
  `Pods selected by this PodDisruptionBudget (selector: ${formatSelector(spec.selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`;

/** As Go prints the struct: `&LabelSelector{MatchLabels:map[string]string{app: web,},MatchExpressions:[]LabelSelectorRequirement{},}`. */
function formatSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): string {
  const labels = Object.keys(matchLabels).sort().map((key) => `${key}: ${matchLabels[key]},`).join('');
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`).join('');
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`;
}
