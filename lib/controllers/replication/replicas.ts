// What ReplicaSet and ReplicationController have in common: keep as many pods as the object says.
import type { Pod, ReplicaSet, ReplicationController, Selector } from '../../api/index.ts';
import { type Client, type Controller, forMapped, forObject, keyText } from '../../client/index.ts';
import { podsToDelete } from '../shared/deletion-order.ts';
import { createExpectations, expectationsTimeout } from '../shared/expectations.ts';
import { adopt, controllerOf, release } from '../shared/owners.ts';
import { podControl } from '../shared/pod-control.ts';
import { podFromTemplate } from '../shared/pod-from-template.ts';
import { podRequests } from '../shared/pod-requests.ts';
import { type LabelledPods, ownedPods } from './owned-pods.ts';
import { availableAfter, replicaStatus } from './status.ts';

export type Replicated = ReplicaSet | ReplicationController;

export interface ReplicationOptions<T extends Replicated> {
  name: string;
  kind: T['kind'];
  selectorOf(owner: T): Selector;
}

/** At most so many pods are created or deleted before the controller looks again. */
const burst = 500;

export function replicationController<T extends Replicated>(client: Client, { name, kind, selectorOf }: ReplicationOptions<T>): Controller {
  const expectations = createExpectations(client.clock);
  const control = podControl(client, expectations);
  const pods = ownedPods(client, kind);

  return {
    name,
    watches: [forObject(kind), forMapped('Pod', podRequests(kind, selectorOf, expectations))],
    reconcile(request) {
      const owner = client.find(kind, request) as T | undefined;
      if (!owner) return expectations.forget(keyText(request));

      const seen = expectations.satisfied(keyText(request));
      const groups = claim(owner);
      const active = groups.reduce((sum, group) => sum + group.pods.size, 0);
      let error: unknown;
      const wrote = seen && !owner.metadata.deletionTimestamp && active !== owner.spec.replicas;
      if (wrote) error = active < owner.spec.replicas ? createPods(owner, owner.spec.replicas - active) : deletePods(owner, groups, active - owner.spec.replicas);

      // Reports what was seen, not what was just done: the next event counts the rest.
      client.updateStatus(owner, replicaStatus(owner, groups, { error, now: client.clock.now }));
      if (error) throw error;
      const wait = availableAfter(owner, groups, client.clock.now);
      if (wait !== undefined) return { requeueAfter: wait };
      // An echo that never comes must not keep it waiting for ever.
      if (wrote) return { requeueAfter: expectationsTimeout + 1000 };
    },
  };

  /** The pods that count: those owned and still selected, and orphans that are selected. */
  function claim(owner: T): LabelledPods[] {
    const selector = selectorOf(owner);
    const groups = pods.of(owner.metadata.uid);
    const kept = groups.filter(({ labels }) => selector.matches(labels));
    if (owner.metadata.deletionTimestamp) return kept;
    for (const group of groups) if (!kept.includes(group)) release(client, owner, [...group.pods]);
    const found = [...pods.orphans(owner.metadata.namespace!, exactLabels(selector))].filter((pod) => selector.matches(pod.metadata.labels));
    for (const pod of adopt(client, owner, found)) kept.push({ labels: pod.metadata.labels ?? {}, pods: single(pod) });
    return kept;
  }

  function createPods(owner: T, missing: number): unknown {
    const pod = podFromTemplate(owner.spec.template, owner);
    return control.create(owner, Math.min(missing, burst), () => pod).error;
  }

  function deletePods(owner: T, groups: LabelledPods[], surplus: number): unknown {
    const related = siblings(owner).flatMap(({ metadata }) => pods.of(metadata.uid).flatMap((group) => [...group.pods]));
    const all = groups.flatMap((group) => [...group.pods]);
    const victims = podsToDelete(all, Math.min(surplus, burst), { now: client.clock.now, version: client.version, related });
    return control.delete(owner, victims).error;
  }

  /** All that have the same controller, itself included: the replica sets of one Deployment. */
  function siblings(owner: T): T[] {
    const controller = controllerOf(owner);
    return controller ? ([...client.cache(kind).ownedBy(controller.uid)] as unknown as T[]) : [];
  }
}

/** Labels that every selected object must carry with this value. */
function exactLabels({ requirements }: Selector): Record<string, string> | undefined {
  const exact = requirements.find(({ operator }) => operator === '=');
  return exact && { [exact.key]: exact.values[0]! };
}

function single(pod: Pod): LabelledPods['pods'] {
  const ready = pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ? 1 : 0;
  return { size: 1, count: () => ready, [Symbol.iterator]: () => [pod][Symbol.iterator]() };
}

