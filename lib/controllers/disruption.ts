import { isConflict, isPodReady, type KubeObject, type LabelSelector, type OwnerReference, type Pod, type PodDisruptionBudget, scaledValue, type Version } from '../api/index.ts';
import type { CacheEvent, Client, Controller, Key } from '../client/index.ts';
import { forMapped, forObject, keyOf } from '../client/index.ts';
import { timestamp } from '../sim/index.ts';
import { ignoreNotFound } from './shared/not-found.ts';
import { controllerOf } from './shared/owners.ts';
import { labelSelector } from './shared/selectors.ts';

const component = 'controllermanager';
/** How long a pod that was allowed to go may take to be gone. */
const deletionTimeout = 120_000;
/** Until v1.26 each budget was looked at so often, whatever happened. */
const resyncPeriod = 30_000;

/** Counts how many pods of a PodDisruptionBudget may be evicted now (pkg/controller/disruption). */
export function disruptionController(client: Client): Controller {
  const resyncs = !client.version.has('pdb-no-resync');
  const phase = resyncs ? Math.floor(client.random.fork('resync').next() * resyncPeriod) : 0;
  return {
    name: 'disruption',
    watches: [forObject('PodDisruptionBudget'), forMapped('Pod', budgetOf)],
    reconcile(request) {
      const budget = client.find('PodDisruptionBudget', request);
      if (!budget) return;
      try {
        const wait = Math.min(sync(budget), untilResync());
        return wait < Infinity ? { requeueAfter: wait } : undefined;
      } catch (error) {
        if (isConflict(error)) throw error;
        // When nothing can be counted, nothing may be evicted.
        client.updateStatus(budget, { disruptionsAllowed: 0, ...conditions(budget, 0, (error as Error).message) });
        return resyncs ? { requeueAfter: untilResync() } : undefined;
      }
    },
  };

  function untilResync(): number {
    return resyncs ? resyncPeriod - ((client.clock.now + phase) % resyncPeriod) : Infinity;
  }

  /** Gives how long it takes until it has to be done again. */
  function sync(budget: PodDisruptionBudget): number {
    const matches = matcherOf(budget, client.version);
    const pods = [...client.cache('Pod').inNamespace(budget.metadata.namespace!)].filter(matches);
    if (pods.length === 0) client.event(budget, 'Normal', 'NoPods', 'No matching pods found', { component });
    const { expectedPods, desiredHealthy } = expectation(budget, pods);
    const disruptedPods = stillDisrupted(budget, pods);
    const currentHealthy = pods.filter((pod) => !pod.metadata.deletionTimestamp && !disruptedPods[pod.metadata.name] && isPodReady(pod)).length;
    const disruptionsAllowed = expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0;
    client.updateStatus(budget, {
      currentHealthy,
      desiredHealthy,
      expectedPods,
      disruptionsAllowed,
      disruptedPods: Object.keys(disruptedPods).length > 0 ? disruptedPods : undefined,
      observedGeneration: budget.metadata.generation,
      ...conditions(budget, disruptionsAllowed),
    });
    const waiting = Object.values(disruptedPods).map((time) => Date.parse(time) + deletionTimeout);
    return Math.min(...waiting) - client.clock.now + 1;
  }

  function expectation({ spec, ...budget }: PodDisruptionBudget, pods: readonly Pod[]): { expectedPods: number; desiredHealthy: number } {
    const { minAvailable, maxUnavailable } = spec;
    if (maxUnavailable !== undefined) {
      const expectedPods = expectedScale({ spec, ...budget }, pods);
      return { expectedPods, desiredHealthy: Math.max(0, expectedPods - scaledValue(maxUnavailable, expectedPods, true)) };
    }
    if (typeof minAvailable === 'number') return { expectedPods: pods.length, desiredHealthy: minAvailable };
    if (minAvailable === undefined) return { expectedPods: 0, desiredHealthy: 0 };
    const expectedPods = expectedScale({ spec, ...budget }, pods);
    return { expectedPods, desiredHealthy: scaledValue(minAvailable, expectedPods, true) };
  }

  /** The sizes that the pods' controllers want, each counted once. */
  function expectedScale(budget: PodDisruptionBudget, pods: readonly Pod[]): number {
    const scales = new Map<string, number>();
    let unmanaged = false;
    for (const pod of pods) {
      const owner = controllerOf(pod);
      unmanaged ||= !owner;
      if (!owner && client.version.has('unmanaged-pods-in-budgets')) continue;
      if (!owner) throw refuse(budget, 'NoControllerRef', `found no controller ref for pod "${pod.metadata.name}"`);
      if (scales.has(owner.uid)) continue;
      const scale = scaleOf(owner, pod.metadata.namespace) ?? servedScale(owner, pod.metadata.namespace);
      if (!scale) throw refuse(budget, 'NoControllers', `found no controllers for pod "${pod.metadata.name}"`);
      scales.set(scale.uid, scale.replicas);
    }
    if (unmanaged && client.version.has('unmanaged-pods-event')) client.event(budget, 'Warning', 'UnmanagedPods', unmanagedMessage(budget), { component });
    return [...scales.values()].reduce((sum, replicas) => sum + replicas, 0);
  }

  /** Of a replica set that a Deployment controls, the Deployment's. */
  function scaleOf({ kind, name, uid }: OwnerReference, namespace: string | undefined): Scale | undefined {
    if (!['ReplicaSet', 'ReplicationController', 'StatefulSet', 'Deployment'].includes(kind)) return undefined;
    const owner = client.find(kind, { namespace, name });
    if (owner?.metadata.uid !== uid) return undefined;
    const above = kind === 'ReplicaSet' ? controllerOf(owner) : undefined;
    return above?.kind === 'Deployment' ? scaleOf(above, namespace) : { uid, replicas: owner.spec.replicas };
  }

  /** Of a custom resource: what the server serves at its subresource. */
  function servedScale({ apiVersion, kind, name, uid }: OwnerReference, namespace: string | undefined): Scale | undefined {
    const resource = client.resource(kind);
    if (!resource?.subresources?.some((one) => one.name === 'scale') || resource.group !== (apiVersion.includes('/') ? apiVersion.split('/')[0] : '')) return undefined;
    const scale = ignoreNotFound(() => client.get(kind, { namespace, name }, { subresource: 'scale' }) as KubeObject);
    return scale?.metadata.uid === uid ? { uid, replicas: scale.spec['replicas'] ?? 0 } : undefined;
  }

  function refuse(budget: PodDisruptionBudget, reason: string, message: string): Error {
    client.event(budget, 'Warning', reason, message, { component });
    client.event(budget, 'Warning', 'CalculateExpectedPodCountFailed', `Failed to calculate the number of expected pods: ${message}`, { component });
    return new Error(message);
  }

  /** Pods that were allowed to go and are not marked for deletion yet. */
  function stillDisrupted({ status, metadata }: PodDisruptionBudget, pods: readonly Pod[]): Record<string, string> {
    const disrupted: Record<string, string> = {};
    for (const pod of pods) {
      const since = (status?.disruptedPods as Record<string, string> | undefined)?.[pod.metadata.name];
      if (!since || pod.metadata.deletionTimestamp) continue;
      if (Date.parse(since) + deletionTimeout >= client.clock.now) disrupted[pod.metadata.name] = since;
      else client.event(pod, 'Warning', 'NotDeleted', `Pod was expected by PDB ${metadata.namespace}/${metadata.namespace} to be deleted but it wasn't`, { component });
    }
    return disrupted;
  }

  function conditions({ metadata, status }: PodDisruptionBudget, allowed: number, failure?: string) {
    if (!client.version.has('pdb-conditions')) return undefined;
    const present = (status as { conditions?: Condition[] } | undefined)?.conditions?.find(({ type }) => type === 'DisruptionAllowed');
    const value = allowed > 0 ? 'True' : 'False';
    const lastTransitionTime = present?.status === value ? present.lastTransitionTime : timestamp(client.clock.now);
    const condition = { type: 'DisruptionAllowed', status: value, observedGeneration: metadata.generation, lastTransitionTime, reason: failure ? 'SyncFailed' : allowed > 0 ? 'SufficientPods' : 'InsufficientPods', message: failure ?? '' };
    return { conditions: [condition] };
  }
}

const unmanagedMessage = ({ spec }: PodDisruptionBudget) =>
  `Pods selected by this PodDisruptionBudget (selector: ${formatSelector(spec.selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`;

/** As Go prints the struct: `&LabelSelector{MatchLabels:map[string]string{app: web,},MatchExpressions:[]LabelSelectorRequirement{},}`. */
function formatSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): string {
  const labels = Object.keys(matchLabels).sort().map((key) => `${key}: ${matchLabels[key]},`).join('');
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`).join('');
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`;
}

interface Scale {
  uid: string;
  replicas: number;
}

interface Condition {
  type: string;
  status: string;
  lastTransitionTime: string;
}

/** Before policy/v1 an empty selector selected nothing. */
function matcherOf({ spec }: PodDisruptionBudget, version: Version): (pod: Pod) => boolean {
  const selector = labelSelector(spec.selector);
  const { matchLabels, matchExpressions } = spec.selector ?? {};
  const isEmpty = Object.keys(matchLabels ?? {}).length === 0 && !matchExpressions?.length;
  return isEmpty && !version.has('pdb-empty-selector') ? () => false : ({ metadata }) => selector.matches(metadata.labels);
}

/** The budget that a change of a pod concerns: if several match, any one of them. */
function budgetOf({ object: pod }: CacheEvent<Pod>, client: Client): Key[] {
  const budgets = client.cache('PodDisruptionBudget');
  const { namespace, name, labels } = pod.metadata;
  if (budgets.size === 0 || (!client.version.has('pdb-empty-selector') && Object.keys(labels ?? {}).length === 0)) return [];
  const [chosen, ...others] = [...budgets.inNamespace(namespace!)].filter((budget) => matcherOf(budget, client.version)(pod));
  if (!chosen) return [];
  if (others.length > 0) client.event(pod, 'Warning', 'MultiplePodDisruptionBudgets', `Pod "${namespace}"/"${name}" matches multiple PodDisruptionBudgets.  Chose "${chosen.metadata.name}" arbitrarily.`, { component });
  return [keyOf(chosen)];
}
