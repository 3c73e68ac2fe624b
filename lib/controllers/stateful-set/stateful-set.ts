import { isPodActive, type Pod, type StatefulSet } from '../../api/index.ts';
import { type CacheEvent, type Client, type Controller, forMapped, forObject, type Key } from '../../client/index.ts';
import { indexRevisions, revisionsOf, truncate } from '../history/history.ts';
import { createExpectations } from '../shared/expectations.ts';
import { isNamespaceTerminating } from '../shared/errors.ts';
import { createOwnWrites } from '../shared/own-writes.ts';
import { adopt, controllerOf, keyText, release } from '../shared/owners.ts';
import { podRequests } from '../shared/pod-requests.ts';
import { labelSelector } from '../shared/selectors.ts';
import { isMemberOf, parentAndOrdinal, revisionOf } from './identity.ts';
import { syncRevisions } from './revisions.ts';
import { writeStatus } from './status.ts';
import { updateSet } from './update.ts';

const orphans = 'orphans by the stateful set they are named after';

/** Keeps pods with a lasting identity: `web-0`, `web-1` … (pkg/controller/statefulset). */
export function statefulSetController(client: Client): Controller {
  const writes = createOwnWrites(client.clock);
  const ofPod = podRequests<StatefulSet>('StatefulSet', ({ spec }) => labelSelector(spec.selector), createExpectations(client.clock));
  indexRevisions(client);
  client.cache('PersistentVolumeClaim');
  client.cache('Pod').index(orphans, (pod) => (controllerOf(pod) ? none : orphanNames(pod)));

  return {
    name: 'statefulset',
    watches: [forObject('StatefulSet'), forMapped('Pod', podEvent)],
    reconcile(request) {
      const set = client.find('StatefulSet', request);
      if (!set) return writes.forget(keyText(request));
      // Its own last step is not in sight yet: the event that shows it comes here again.
      if (writes.pending(keyText(request))) return;
      return sync(set);
    },
  };

  function podEvent(event: CacheEvent<Pod>, reader: Client): Key[] {
    const owner = controllerOf(event.object);
    if (owner?.kind === 'StatefulSet') writes.observe(keyText({ namespace: event.object.metadata.namespace, name: owner.name }), event);
    return ofPod(event, reader);
  }

  function sync(set: StatefulSet): void | { requeueAfter: number } {
    const selector = labelSelector(set.spec.selector);
    const revisions = revisionsOf(client, set, selector);
    const pods = claimPods(set);
    const found = syncRevisions(client, set, revisions);
    const { counts, error } = updateSet(client, writes, set, { pods, revisions: found });
    if (error === undefined) writeStatus(client, set, counts, found);
    const live = new Set([found.current.metadata.name, found.update.metadata.name, ...pods.map(revisionOf)]);
    if (revisions.length > live.size) truncate(client, revisions, { live, limit: set.spec.revisionHistoryLimit });
    if (error !== undefined && !isNamespaceTerminating(error)) throw error;
    const { minReadySeconds = 0, replicas } = set.spec;
    if (minReadySeconds > 0 && counts.available !== replicas) return { requeueAfter: minReadySeconds * 1000 };
  }

  /** Owned pods that are selected and named after the set, and such pods that nobody owns. */
  function claimPods(set: StatefulSet): Pod[] {
    const selector = labelSelector(set.spec.selector);
    const cache = client.cache('Pod');
    const kept: Pod[] = [];
    const lost: Pod[] = [];
    for (const pod of cache.ownedBy(set.metadata.uid)) (selector.matches(pod.metadata.labels) && isMemberOf(set, pod.metadata.name) ? kept : lost).push(pod);
    if (set.metadata.deletionTimestamp) return kept;
    release(client, set, lost.filter(({ metadata }) => !metadata.deletionTimestamp));
    const found = [...cache.by(orphans, keyText(set.metadata))].filter((pod) => isPodActive(pod) && selector.matches(pod.metadata.labels));
    return found.length > 0 ? [...kept, ...adopt(client, set, found)] : kept;
  }
}

const none: readonly string[] = [];

function orphanNames({ metadata: { namespace, name } }: Pod): readonly string[] {
  const { ordinal, parent } = parentAndOrdinal(name);
  return ordinal < 0 ? none : [`${namespace}/${parent}`];
}
