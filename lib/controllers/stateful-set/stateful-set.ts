import type { Pod, StatefulSet } from '../../api/index.ts';
import { type CacheEvent, type Client, type Controller, forMapped, forObject, type Key, keyText } from '../../client/index.ts';
import { indexRevisions, revisionsOf, truncate } from '../history/history.ts';
import { createExpectations, expectationsTimeout } from '../shared/expectations.ts';
import { isNamespaceTerminating } from '../shared/errors.ts';
import { createOwnWrites } from '../shared/own-writes.ts';
import { controllerOf } from '../shared/owners.ts';
import { podRequests } from '../shared/pod-requests.ts';
import { labelSelector } from '../shared/selectors.ts';
import { type Member, setMembers } from './members.ts';
import { type Revisions, syncRevisions } from './revisions.ts';
import { writeStatus } from './status.ts';
import { updateSet } from './update.ts';

/** Keeps pods with a lasting identity: `web-0`, `web-1` … (pkg/controller/statefulset). */
export function statefulSetController(client: Client): Controller {
  const writes = createOwnWrites(client.clock);
  const ofPod = podRequests<StatefulSet>('StatefulSet', ({ spec }) => labelSelector(spec.selector), createExpectations(client.clock));
  indexRevisions(client);
  client.cache('PersistentVolumeClaim');
  const membersOf = setMembers(client);

  return {
    name: 'statefulset',
    watches: [forObject('StatefulSet'), forMapped('Pod', podEvent)],
    reconcile(request) {
      const set = client.find('StatefulSet', request);
      if (!set) return writes.forget(keyText(request));
      // Its own last step is not in sight yet: the event that shows it comes here again, or is lost with a watch.
      if (writes.pending(keyText(request))) return { requeueAfter: expectationsTimeout + 1000 };
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
    const members = membersOf(set);
    const found = syncRevisions(client, set, revisions);
    const { counts, error } = updateSet(client, writes, set, { members, revisions: found });
    if (error === undefined) writeStatus(client, set, counts, found);
    if (revisions.length > set.spec.revisionHistoryLimit) truncate(client, revisions, { live: liveRevisions(members, found), limit: set.spec.revisionHistoryLimit });
    if (error !== undefined && !isNamespaceTerminating(error)) throw error;
    const { minReadySeconds = 0, replicas } = set.spec;
    if (minReadySeconds > 0 && counts.available !== replicas) return { requeueAfter: minReadySeconds * 1000 };
  }
}

function liveRevisions(members: readonly Member[], { current, update }: Revisions): Set<string> {
  const live = new Set([current.metadata.name, update.metadata.name]);
  for (const { revision } of members) live.add(revision);
  return live;
}
