// No node is given more than it has, or what it does not take; nobody is given room that was promised, or sent away for nothing.
import { isPodTerminal, type KubeObject, type Node, type PersistentVolume, type PersistentVolumeClaim, type Pod } from '../../lib/api/index.ts';
import { controllerOf } from '../../lib/controllers/shared/owners.ts';
import type { Judge, Rule } from './limits.ts';
import { isOn, keptOff, misfit, priorityOf, requested, roomOf, tooUneven, usedOn } from './placement.ts';

const nameOf = ({ metadata }: KubeObject) => metadata.name;

export function schedulerLimits(judge: Judge): Rule {
  const { facts, world } = judge;
  let changed = -Infinity;
  /** Nothing but the scheduler's own bindings happened since every component has seen everything. */
  const fresh = () => changed < world.horizon();
  /** When something happened to a node or to the pods on it, and to what is on none. */
  const nodes = new Map<string, number>();
  let elsewhere = -Infinity;
  const freshOn = (node: string) => Math.max(elsewhere, nodes.get(node) ?? -Infinity) < world.horizon();
  /** When a node was chosen for a claim: its pod is bound once it has its volume. */
  const chosen = new Map<string, number>();
  /** When a pod was bound without the scheduler's knowing: it gives the room to others until it sees it. */
  const unheard = new Map<string, number>();
  const known = ({ metadata: { uid } }: Pod) => (unheard.get(uid) ?? -Infinity) < world.horizon();
  const late = ({ spec }: Pod) => spec.volumes?.some(({ persistentVolumeClaim: of }) => of && (chosen.get(of.claimName) ?? -Infinity) > world.now - bindTimeout) ?? false;
  const [placed, sent] = [bindings(judge, { fresh, late, known }), victims(judge, { fresh, freshOn, held: () => facts.pods().filter((pod) => !pod.spec.nodeName && late(pod)) })];
  for (const node of facts.objects('Node')) facts.note(node.metadata.uid, 'taints', 0);
  return (write) => {
    const { request, who, before, after } = write;
    if (who === 'kube-scheduler' && after?.kind === 'PersistentVolumeClaim') chosen.set(after.metadata.name, world.now);
    if (request.subresource === 'binding' && write.unheard) unheard.set(after!.metadata.uid, world.now);
    if (request.subresource === 'binding') placed(before as Pod, after as Pod);
    else if (who === 'kube-scheduler' && request.verb === 'delete') sent(before as Pod);
    // What it takes for not done it tries again, also to make room for a pod that has room.
    if (who === 'kube-scheduler') {
      if (write.unheard) changed = elsewhere = world.now;
      return;
    }
    if (!matters(before, after)) return;
    changed = world.now;
    const places = [before, after].flatMap((object) => (object?.kind === 'Node' ? [object.metadata.name] : object?.kind === 'Pod' && object.spec.nodeName ? [object.spec.nodeName as string] : []));
    for (const place of places) nodes.set(place, world.now);
    if (places.length === 0) elsewhere = world.now;
  };
}

/** Changes where pods may go. */
function matters(before: KubeObject | undefined, after: KubeObject | undefined): boolean {
  const kind = (after ?? before)?.kind;
  if (kind === 'Node') return JSON.stringify([before?.spec, before?.metadata.labels]) !== JSON.stringify([after?.spec, after?.metadata.labels]);
  if (kind === 'Pod') return JSON.stringify(placing(before as Pod)) !== JSON.stringify(placing(after as Pod));
  return kind === 'PodDisruptionBudget' || kind === 'PersistentVolumeClaim' || kind === 'PersistentVolume';
}

/** Of a pod that has a node. */
const placing = (pod: Pod | undefined) => pod?.spec.nodeName && [pod.spec.nodeName, pod.metadata.labels, pod.metadata.deletionTimestamp, isPodTerminal(pod)];

/** Pods that count as if they were on the node when another is tried there: of its priority or a higher one (addNominatedPods, pkg/scheduler/core/generic_scheduler.go). */
const nominatedTo = (node: Node, pod: Pod, pods: readonly Pod[]) =>
  pods.filter((other) => other.status.nominatedNodeName === nameOf(node) && !other.spec.nodeName && nameOf(other) !== nameOf(pod) && !other.metadata.deletionTimestamp && priorityOf(other) >= priorityOf(pod));
const sum = (pods: readonly Pod[]) => pods.reduce((total, pod) => total + requested(pod), 0);

/** Milliseconds that a pod may wait for its volumes. */
const bindTimeout = 600_000;

interface Known {
  fresh(): boolean;
  /** Bound later than decided. */
  late(pod: Pod): boolean;
  /** The scheduler has seen where it is. */
  known(pod: Pod): boolean;
}

function bindings({ facts, world, wrong }: Judge, { fresh, late, known }: Known): (before: Pod, pod: Pod) => void {
  return (before, pod) => {
    const { nodeName } = pod.spec;
    if (before?.spec.nodeName) return wrong(`${nameOf(pod)} was bound to ${nodeName} while it was on ${before.spec.nodeName}`);
    const node = facts.objects('Node').find((one) => nameOf(one) === nodeName) as Node;
    const bad = (why: string) => wrong(`${nameOf(pod)} was bound to ${nodeName}: ${why}`);
    const [used, room] = [usedOn(node, facts.pods().filter((other) => known(other) || nameOf(other) === nameOf(pod))), roomOf(node)];
    if (used > room) bad(`that makes ${used}m CPU of ${room}m`);
    for (const { persistentVolumeClaim } of pod.spec.volumes ?? []) if (persistentVolumeClaim) hasVolume(persistentVolumeClaim.claimName, bad);
    if (late(pod)) return;
    if (controllerOf(pod)?.kind !== 'DaemonSet' && facts.least(node.metadata.uid, 'cordoned') === 1) bad('it is cordoned');
    const off = keptOff(pod, node);
    if (off && keptTaints(node)) bad(off);
    const promised = nominatedTo(node, pod, facts.pods());
    const kept = sum(promised);
    if (used + kept > room && promised.length > 0 && fresh()) bad(`${kept}m CPU of it was promised to ${promised.map(nameOf).join(' and ')}`);
    const uneven = fresh() ? tooUneven(pod, node, facts.objects) : undefined;
    if (uneven) bad(uneven);
  };

  /** Everybody has seen the taints that it has. */
  function keptTaints({ metadata: { uid } }: Node): boolean {
    return facts.most(uid, 'taints') === facts.least(uid, 'taints');
  }

  function hasVolume(name: string, bad: (why: string) => void): void {
    const claim = (facts.objects('PersistentVolumeClaim') as PersistentVolumeClaim[]).find((one) => nameOf(one) === name);
    const volume = (facts.objects('PersistentVolume') as PersistentVolume[]).find((one) => nameOf(one) === claim?.spec.volumeName);
    if (!claim || !volume) {
      if (facts.lostClaim(name) < world.horizon()) bad(`its claim ${name} has no volume`);
    } else if (volume.spec.claimRef?.uid !== claim.metadata.uid) bad(`the volume of its claim ${name} is another's`);
  }
}

interface Knowledge {
  /** The scheduler knew everything. */
  fresh(): boolean;
  /** It knew everything of this node. */
  freshOn(node: string): boolean;
  /** Pods that may have room somewhere and are not bound yet. */
  held(): Pod[];
}

/** Pods that the scheduler sends away. */
function victims({ facts, world, wrong }: Judge, { fresh, freshOn, held }: Knowledge): (victim: Pod) => void {
  let round = { at: -1, node: '', gone: new Set<string>(), promised: 0 };

  return (victim) => {
    const node = facts.objects('Node').find((one) => nameOf(one) === victim.spec.nodeName) as Node | undefined;
    const waiting = facts.pods().filter((pod) => !pod.spec.nodeName && !pod.metadata.deletionTimestamp && pod.spec.preemptionPolicy !== 'Never' && priorityOf(pod) > priorityOf(victim));
    const bad = (why: string) => wrong(`${nameOf(victim)} was sent away: ${why}`);
    const settled = held().length === 0;
    if (waiting.length === 0 && settled && fresh()) return bad('no pod of a higher priority waits');
    if (!node || waiting.length === 0) return;
    if (round.at !== world.now || round.node !== nameOf(node)) round = { at: world.now, node: nameOf(node), gone: new Set(), promised: promisedOn(node) };
    const others = facts.pods().filter(({ metadata }) => !round.gone.has(metadata.uid) && metadata.uid !== victim.metadata.uid);
    round.gone.add(victim.metadata.uid);
    if (freshOn(nameOf(node)) && waiting.every((pod) => usedOn(node, others) + round.promised + sum(nominatedTo(node, pod, facts.pods())) + requested(victim) + requested(pod) <= roomOf(node) && !pod.spec.topologySpreadConstraints)) bad('there is room beside it');
    if (settled && fresh() && protectedPods(facts.pods()).has(victim.metadata.uid) && waiting.every(sparing)) bad('its budget does not allow it, and there is room without it');
  };

  /** Room of the node that somebody may have already: whoever would fit beside those that are there. */
  function promisedOn(node: Node): number {
    const left = roomOf(node) - usedOn(node, facts.pods());
    return held().reduce((sum, pod) => (requested(pod) <= left ? sum + requested(pod) : sum), 0);
  }

  /** Pods whose budget allows no disruption. */
  function protectedPods(pods: readonly Pod[]): Set<string> {
    const out = new Set<string>();
    for (const { metadata, status } of facts.objects('PodDisruptionBudget')) {
      if (status?.disruptionsAllowed !== 0 || status.observedGeneration !== metadata.generation) continue;
      for (const pod of pods) if (pod.metadata.namespace === 'default' && pod.metadata.labels?.app === metadata.name && !status.disruptedPods?.[nameOf(pod)]) out.add(pod.metadata.uid);
    }
    return out;
  }

  /** True when the pod could have a node without hurting a budget. */
  function sparing(pod: Pod): boolean {
    const budgeted = new Set(facts.objects('PodDisruptionBudget').map(nameOf));
    const free = (other: Pod) => priorityOf(other) < priorityOf(pod) && !budgeted.has(other.metadata.labels?.app ?? '');
    const pods = facts.pods().map((other) => (other === pod ? other : promised(other, priorityOf(pod))));
    const objects = (kind: string) => (kind === 'Pod' ? pods : facts.objects(kind));
    return (facts.objects('Node') as Node[]).some((node) => pods.some((other) => isOn(node)(other) && free(other)) && !misfit(pod, node, { objects, gone: free }));
  }
}

/** A pod that waits for its place counts as if it had it already. */
function promised(pod: Pod, priority: number): Pod {
  const { nominatedNodeName } = pod.status;
  return nominatedNodeName && !pod.spec.nodeName && priorityOf(pod) >= priority ? { ...pod, spec: { ...pod.spec, nodeName: nominatedNodeName } } : pod;
}
