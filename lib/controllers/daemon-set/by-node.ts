// Daemon pods sorted by their node, and what is to be done on each node.
import { type DaemonSet, isPodReady, isPodTerminal, type Node, type Pod, podAvailable } from '../../api/index.ts';
import { isUpdated, targetNode, type Verdict, verdictOn } from './daemon-pod.ts';

export type ByNode = Map<string, Pod[]>;

/** A node, the set's pods on it, and whether they belong there. */
export interface Place {
  name: string;
  pods: readonly Pod[];
  verdict: Verdict;
}

const nobody: readonly Pod[] = [];

/** Scheduled pods first, the oldest first. */
function byAge(a: Pod, b: Pod): number {
  if (Boolean(a.spec.nodeName) !== Boolean(b.spec.nodeName)) return a.spec.nodeName ? -1 : 1;
  const [x, y] = [a.metadata, b.metadata];
  if (x.creationTimestamp !== y.creationTimestamp) return x.creationTimestamp < y.creationTimestamp ? -1 : 1;
  return x.name < y.name ? -1 : 1;
}

export function sortByNode(pods: Iterable<Pod>): ByNode {
  const nodes: ByNode = new Map();
  for (const pod of pods) {
    const name = targetNode(pod);
    if (name === undefined) continue;
    const here = nodes.get(name);
    if (here) here.push(pod);
    else nodes.set(name, [pod]);
  }
  for (const here of nodes.values()) if (here.length > 1) here.sort(byAge);
  return nodes;
}

/** Each node as it is for the set, looked at once in a step. */
export function placesOf(set: DaemonSet, nodes: Iterable<Node>, pods: ByNode): Place[] {
  const places: Place[] = [];
  for (const node of nodes) {
    const { name } = node.metadata;
    places.push({ name, pods: pods.get(name) ?? nobody, verdict: verdictOn(set, node) });
  }
  return places;
}

export interface Plan {
  /** Nodes that need a pod. */
  create: string[];
  remove: Pod[];
}

export interface Situation {
  set: DaemonSet;
  places: readonly Place[];
  pods: ByNode;
  hash: string;
  now: number;
}

/** What brings each node to the one pod it should have; `ended` says whether a pod that has ended may be replaced now. */
export function plan({ set, places, pods, hash, now }: Situation, ended: (pod: Pod, node: string) => boolean): Plan {
  const result: Plan = { create: [], remove: [] };
  let inhabited = 0;
  for (const { name, pods: here, verdict } of places) {
    if (here.length === 0) {
      if (verdict.run) result.create.push(name);
      continue;
    }
    inhabited++;
    if (verdict.stay) planNode(result, here, name);
    else result.remove.push(...here.filter(isStaying));
  }
  if (inhabited < pods.size) result.remove.push(...withoutNode());
  return result;

  /** Nobody else deletes a pod that waits for a node that is gone. */
  function withoutNode(): Pod[] {
    const names = new Set(places.map(({ name }) => name));
    return [...pods].flatMap(([name, here]) => (names.has(name) ? [] : here.filter(({ spec }) => !spec.nodeName)));
  }

  function planNode({ remove }: Plan, here: readonly Pod[], node: string): void {
    if (here.length === 1 && isStaying(here[0]!) && !isPodTerminal(here[0]!)) return;
    const running: Pod[] = [];
    for (const pod of here) {
      if (!isStaying(pod)) continue;
      if (!isPodTerminal(pod)) running.push(pod);
      else if (ended(pod, node)) remove.push(pod);
    }
    remove.push(...surplus(running, { set, hash, now }));
  }
}

const isStaying = ({ metadata }: Pod) => metadata.deletionTimestamp === undefined;

export const allowsSurge = ({ spec }: DaemonSet) => spec.updateStrategy.type === 'RollingUpdate' && !['0', '0%', 'undefined'].includes(String(spec.updateStrategy.rollingUpdate?.maxSurge));

/** Of several pods on a node the oldest stays; with surge an old one besides, until the new one can take over. */
function surplus(running: readonly Pod[], { set, hash, now }: Pick<Situation, 'set' | 'hash' | 'now'>): Pod[] {
  if (running.length <= 1) return [];
  if (!allowsSurge(set)) return running.slice(1);
  const newest = running.find((pod) => isUpdated(pod, hash));
  const oldest = running.find((pod) => !isUpdated(pod, hash));
  const isDone = newest && oldest && (!isPodReady(oldest) || podAvailable(newest, set.spec.minReadySeconds ?? 0, now));
  return running.filter((pod) => (pod !== newest && pod !== oldest) || (isDone && pod === oldest));
}
