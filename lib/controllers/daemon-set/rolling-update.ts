// How a daemon set goes over to a new template.
import { type Pod, podAvailable, scaledValue } from '../../api/index.ts';
import { allowsSurge, type Plan, type Situation } from './by-node.ts';
import { isUpdated } from './daemon-pod.ts';

export function rollingUpdate(situation: Situation): Plan {
  return allowsSurge(situation.set) ? surging(situation) : shrinking(situation);
}

const isAvailable = ({ set, now }: Situation, pod: Pod) => podAvailable(pod, set.spec.minReadySeconds ?? 0, now);

/** Deletes old pods, as many as may be missing; whatever is deleted comes back new. */
function shrinking(situation: Situation): Plan {
  const { set, places, pods, hash } = situation;
  const old: Pod[] = [];
  for (const here of pods.values()) for (const pod of here) if (!isUpdated(pod, hash)) old.push(pod);
  if (old.length === 0) return { create: [], remove: [] };
  let [desired, unavailable] = [0, 0];
  for (const { pods: here, verdict } of places) {
    if (!verdict.run) continue;
    desired++;
    if (!here.some((pod) => isAvailable(situation, pod) && !pod.metadata.deletionTimestamp)) unavailable++;
  }
  const room = scaledValue(set.spec.updateStrategy.rollingUpdate!.maxUnavailable, desired, true) - unavailable;
  // Old pods that serve nobody cost nothing.
  const idle = old.filter((pod) => !isAvailable(situation, pod));
  const serving = old.filter((pod) => isAvailable(situation, pod));
  return { create: [], remove: [...idle.filter(({ metadata }) => !metadata.deletionTimestamp), ...serving.slice(0, Math.max(0, room))] };
}

/** Makes new pods beside the old ones, as many as there may be too many; an old one goes when the new one is available. */
function surging(situation: Situation): Plan {
  const { set, places, pods, hash } = situation;
  const desired = places.filter(({ verdict }) => verdict.run).length;
  const most = scaledValue(set.spec.updateStrategy.rollingUpdate!.maxSurge, desired, true);
  const [remove, atOnce, candidates]: [Pod[], string[], string[]] = [[], [], []];
  let surge = 0;
  for (const [node, here] of pods) {
    const staying = here.filter(({ metadata }) => !metadata.deletionTimestamp);
    const [fresh, old] = [staying.filter((pod) => isUpdated(pod, hash)), staying.filter((pod) => !isUpdated(pod, hash))];
    if (fresh.length > 1 || old.length > 1) surge++;
    else if (old.length === 0) continue;
    else if (fresh.length === 0) (isAvailable(situation, old[0]!) ? candidates : atOnce).push(node);
    else if (isAvailable(situation, fresh[0]!)) remove.push(old[0]!);
    else surge++;
  }
  return { create: [...atOnce, ...candidates.slice(0, Math.max(0, most - surge))], remove };
}
