import { type DaemonSet, equal, isPodReady, type Node, podAvailable } from '../../api/index.ts';
import { type CacheEvent, type Client, type Controller, forMapped, forObject, type Key, keyOf, keyText } from '../../client/index.ts';
import { indexRevisions } from '../history/history.ts';
import { claimPods, indexOrphans } from '../shared/claim-pods.ts';
import { isNamespaceTerminating } from '../shared/errors.ts';
import { createExpectations, expectationsTimeout } from '../shared/expectations.ts';
import { podControl } from '../shared/pod-control.ts';
import { podRequests } from '../shared/pod-requests.ts';
import { labelSelector } from '../shared/selectors.ts';
import { placesOf, type Plan, plan, type Situation, sortByNode } from './by-node.ts';
import { daemonPod, isUpdated, revisionLabel, verdictOn } from './daemon-pod.ts';
import { endedPods } from './ended-pods.ts';
import { cleanUp, syncRevisions } from './revisions.ts';
import { rollingUpdate } from './rolling-update.ts';

/** At most so many pods are made or deleted before the controller looks again. */
const burst = 250;

/** Keeps one pod on every node that fits (pkg/controller/daemon). */
export function daemonSetController(client: Client): Controller {
  const expectations = createExpectations(client.clock);
  const pods = podControl(client, expectations);
  const ended = endedPods(client);
  indexRevisions(client);
  indexOrphans(client);

  return {
    name: 'daemonset',
    watches: [forObject('DaemonSet'), forMapped('Pod', podRequests<DaemonSet>('DaemonSet', ({ spec }) => labelSelector(spec.selector), expectations)), forMapped('Node', ofNode)],
    reconcile(request) {
      const set = client.find('DaemonSet', request);
      if (!set) return expectations.forget(keyText(request));
      if (equal(set.spec.selector, {})) return client.event(set, 'Warning', 'SelectingAll', 'This daemon set is selecting all pods. A non-empty selector is required.');
      if (set.metadata.deletionTimestamp) return;
      return sync(set);
    },
  };

  function sync(set: DaemonSet): void | { requeueAfter: number } {
    const { current, old } = syncRevisions(client, set);
    const owned = claimPods(client, set, labelSelector(set.spec.selector));
    const byNode = sortByNode(owned);
    const situation: Situation = { set, places: placesOf(set, client.cache('Node'), byNode), pods: byNode, hash: current.metadata.labels?.[revisionLabel] ?? '', now: client.clock.now };
    const seen = expectations.satisfied(keyText(set.metadata));
    let error: unknown;
    let wait = seen ? Infinity : expectationsTimeout + 1000;
    if (seen) {
      const waits: number[] = [];
      error = write(situation, plan(situation, (pod, node) => ended.mayReplace({ set, pod, node, waits })));
      if (error === undefined && set.spec.updateStrategy.type === 'RollingUpdate' && expectations.satisfied(keyText(set.metadata))) error = write(situation, rollingUpdate(situation));
      if (error === undefined) cleanUp(client, set, old, owned);
      wait = Math.min(wait, ...waits, expectations.satisfied(keyText(set.metadata)) ? Infinity : expectationsTimeout + 1000);
    }
    if (error !== undefined) throw error;
    const counts = writeStatus(situation, seen);
    if (set.spec.minReadySeconds && counts.numberReady !== counts.numberAvailable) wait = Math.min(wait, set.spec.minReadySeconds * 1000);
    if (wait !== Infinity) return { requeueAfter: wait };
  }

  function write({ set, hash }: Situation, { create, remove }: Plan): unknown {
    if (create.length + remove.length === 0) return undefined;
    const { error } = pods.both(set, create.slice(0, burst).map((node) => daemonPod(set, node, hash)), remove.slice(0, burst));
    return isNamespaceTerminating(error) ? undefined : error;
  }

  function writeStatus({ set, places, hash, now }: Situation, processed: boolean) {
    const counts = { desiredNumberScheduled: 0, currentNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0, updatedNumberScheduled: 0, numberAvailable: 0 };
    for (const { pods: [pod], verdict: { run } } of places) {
      if (run) counts.desiredNumberScheduled++;
      if (!pod) continue;
      if (!run) {
        counts.numberMisscheduled++;
        continue;
      }
      counts.currentNumberScheduled++;
      if (isUpdated(pod, hash)) counts.updatedNumberScheduled++;
      if (!isPodReady(pod)) continue;
      counts.numberReady++;
      if (podAvailable(pod, set.spec.minReadySeconds ?? 0, now)) counts.numberAvailable++;
    }
    client.updateStatus(set, {
      ...counts,
      updatedNumberScheduled: counts.updatedNumberScheduled || undefined,
      numberAvailable: counts.numberAvailable || undefined,
      numberUnavailable: counts.desiredNumberScheduled - counts.numberAvailable || undefined,
      // The present generation counts as seen when it was acted on.
      ...(processed && { observedGeneration: set.metadata.generation }),
    });
    return counts;
  }
}

/** Sets for which the node's part has changed. */
function ofNode({ type, object, old }: CacheEvent<Node>, client: Client): Key[] {
  const sets = client.cache('DaemonSet');
  if (sets.size === 0 || type === 'DELETED' || (old && old.spec === object.spec && old.metadata.labels === object.metadata.labels)) return [];
  return [...sets].filter((set) => hasChanged(set, object, old)).map(keyOf);
}

function hasChanged(set: DaemonSet, node: Node, old: Node | undefined): boolean {
  const now = verdictOn(set, node);
  if (!old) return now.run;
  const before = verdictOn(set, old);
  return before.run !== now.run || before.stay !== now.stay;
}

