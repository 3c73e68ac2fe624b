// A kubelet says what is true of its pods, ends them before it lets go of them, and turns none away for whom there is room.
import { isPodTerminal, type Node, type Pod } from '../../lib/api/index.ts';
import type { Judge, Rule } from './limits.ts';
import { roomOf, usedOn } from './placement.ts';

type Statuses = NonNullable<Pod['status']['containerStatuses']>;

export function kubeletLimits({ facts, world, wrong }: Judge): Rule {
  /** Somebody took pods out of the API whose containers may still run. */
  let forced = false;

  function told(before: Pod, after: Pod): void {
    const { name } = after.metadata;
    const { phase, containerStatuses = [], podIP } = after.status;
    if (isPodTerminal(before) && phase !== before.status.phase) wrong(`${name} was ${before.status.phase}, then ${phase}`);
    for (const { name: container, ready, state, restartCount, containerID } of containerStatuses) {
      const earlier = before.status.containerStatuses?.find((one) => one.name === container);
      const another = earlier?.containerID && containerID && earlier.containerID !== containerID ? 1 : 0;
      if (earlier && restartCount < earlier.restartCount + another) wrong(`container ${container} of ${name} was started ${restartCount} times, before ${earlier.restartCount}`);
      if (ready && !state?.running) wrong(`container ${container} of ${name} is called ready, and does not run`);
      if (restartCount > 0 && after.spec.restartPolicy === 'Never') wrong(`container ${container} of ${name} was started again`);
    }
    if (phase === 'Succeeded' && exits(containerStatuses).some((code) => code !== 0)) wrong(`${name} succeeded with exit codes ${exits(containerStatuses)}`);
    const alive = (pod: Pod) => !isPodTerminal(pod) && pod.status.containerStatuses?.some(({ state }) => state?.running);
    const twin = podIP && alive(after) && facts.pods().find((pod) => pod.metadata.uid !== after.metadata.uid && pod.status.podIP === podIP && pod.spec.nodeName === after.spec.nodeName && alive(pod));
    if (twin) wrong(`${name} and ${twin.metadata.name} have the same address ${podIP}`);
    if (after.status.reason === 'OutOfcpu' && !isPodTerminal(before)) turnedAway(after);
  }

  function turnedAway(pod: Pod): void {
    const node = facts.objects('Node').find(({ metadata }) => metadata.name === pod.spec.nodeName) as Node;
    const others = facts.pods().filter(({ metadata }) => metadata.uid !== pod.metadata.uid);
    const before = { ...pod, status: { ...pod.status, phase: 'Pending' as const } };
    // Up to v1.20 a pod is said to have ended before its containers have.
    if (!forced && world.cluster.version.minor > 20 && usedOn(node, [...others, before]) <= roomOf(node)) wrong(`${pod.metadata.name} was turned away from ${pod.spec.nodeName}, where there is room`);
  }

  return ({ request, who, before, after }) => {
    if (before?.kind !== 'Pod') return;
    const node = (before as Pod).spec.nodeName;
    if (node && who !== node && (!after || request.options?.gracePeriodSeconds === 0)) forced = true;
    if (!node || who !== node) return;
    if (request.subresource === 'status' && after) told(before as Pod, after as Pod);
    if (request.verb !== 'delete') return;
    if (!before.metadata.deletionTimestamp) wrong(`${before.metadata.name} was let go of, and nobody wanted it deleted`);
    if (((before.status.containerStatuses ?? []) as Statuses).some(({ state }) => state?.running)) wrong(`${before.metadata.name} was let go of while it ran`);
  };
}

const exits = (statuses: Statuses) => statuses.map(({ state }) => state?.terminated?.exitCode);
