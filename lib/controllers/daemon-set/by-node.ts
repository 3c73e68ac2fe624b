// Daemon pods sorted by their node, and what is to be done on each node.
import { type DaemonSet, isPodReady, type Node, type Pod, podAvailable } from '../../api/index.ts';
import { isUpdated, targetNode, verdictOn } from './daemon-pod.ts';

export type ByNode = Map<string, Pod[]>;

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

export interface Plan {
  /** Nodes that need a pod. */
  create: string[];
  remove: Pod[];
}

export interface Situation {
  set: DaemonSet;
  nodes: Iterable<Node>;
  pods: ByNode;
  hash: string;
  now: number;
}

/** What brings each node to the one pod it should have; `ended` says whether a pod that has ended may be replaced now. */
export function plan({ set, nodes, pods, hash, now }: Situation, ended: (pod: Pod, node: string) => boolean): Plan {
  const result: Plan = { create: [], remove: [] };
  const names = new Set<string>();
  for (const node of nodes) {
    const { name } = node.metadata;
    names.add(name);
    const here = pods.get(name);
    const { run, stay } = verdictOn(set, node);
    if (!here) {
      if (run) result.create.push(name);
    } else if (stay) planNode(result, here, name);
    else result.remove.push(...here.filter(isStaying));
  }
  // Nobody else deletes a pod that waits for a node that is gone.
  for (const [name, here] of pods) if (!names.has(name)) result.remove.push(...here.filter(({ spec }) => !spec.nodeName));
  return result;

  function planNode({ remove }: Plan, here: readonly Pod[], node: string): void {
    const running: Pod[] = [];
    for (const pod of here) {
      if (!isStaying(pod)) continue;
      if (pod.status.phase !== 'Failed' && pod.status.phase !== 'Succeeded') running.push(pod);
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
