// What the cluster autoscaler needs of others: a cloud with groups of machines, and the scheduler's judgement.
import type { Node, Pod } from '../../api/index.ts';

/** A group of alike machines in the cloud (cluster-autoscaler/cloudprovider). */
export interface NodeGroup {
  readonly id: string;
  readonly minSize: number;
  readonly maxSize: number;
  /** How many machines the cloud was told to have. */
  readonly targetSize: number;
  /** Provider IDs of all machines, also of those that are still being set up, and when they were ordered (milliseconds). */
  readonly instances: readonly { readonly providerID: string; readonly ordered: number }[];
  /** A machine as it would join. */
  template(): Node;
}

/** Every call may throw. */
export interface NodeGroups {
  list(): readonly NodeGroup[];
  increaseSize(id: string, by: number): void;
  /** The machines go, and the group is as much smaller. */
  deleteNodes(id: string, providerIDs: readonly string[]): void;
}

/** A cluster in thought: nodes and pods come and go in it, and the scheduler's filters judge. */
export interface Simulation {
  readonly nodes: readonly Node[];
  podsOn(node: string): readonly Pod[];
  addNode(node: Node, pods?: readonly Pod[]): void;
  /** With its pods. */
  removeNode(name: string): void;
  /** Why the pod may not run on the node; undefined when it may. */
  refusal(pod: Pod, node: string): readonly string[] | undefined;
  place(pod: Pod, node: string): void;
  unplace(pod: Pod): void;
}

/** Makes a simulation of these nodes and the pods on them. */
export type Simulate = (nodes: Iterable<Node>, pods: Iterable<Pod>) => Simulation;

/** An event about the autoscaler's own status. */
export type Say = (type: 'Normal' | 'Warning', reason: string, message: string) => void;

/** A line of its log, and where in its source it was written. */
export type Log = (at: string, line: string) => void;
