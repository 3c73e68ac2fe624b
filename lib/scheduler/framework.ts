// What a scheduler plugin is. A plugin answers two questions about a pod and a node: may it run there, and how well?
import type { Kind, Kinds, KubeObject, Version } from '../api/index.ts';
import type { Key } from '../client/index.ts';
import type { Random } from '../sim/index.ts';
import type { Diagnosis } from './fit-error.ts';
import type { NodeInfo } from './node-info.ts';
import type { Nominator } from './nominator.ts';
import type { PodInfo } from './pod-info.ts';
import type { PostFilterResult } from './preemption/result.ts';
import type { Snapshot } from './snapshot.ts';
import type { Trial } from './trial.ts';

export type Code = 'Unschedulable' | 'UnschedulableAndUnresolvable' | 'Error' | 'Skip' | 'Wait';

/** A refusal and its reasons. No status at all means success. */
export interface Status {
  readonly code: Code;
  readonly reasons: readonly string[];
}

/** Not on this node as it is now; it might help to remove pods from it. */
export const unschedulable = (...reasons: string[]): Status => ({ code: 'Unschedulable', reasons });
/** Not on this node, whatever is removed from it. */
export const unresolvable = (...reasons: string[]): Status => ({ code: 'UnschedulableAndUnresolvable', reasons });
/** The plugin could not find out: the attempt ends with this error. */
export const failure = (reason: string): Status => ({ code: 'Error', reasons: [reason] });
/** This plugin has nothing to say about this pod. */
export const skip: Status = { code: 'Skip', reasons: [] };

/** The pod cannot be bound yet: the plugin is asked again when volumes or claims change. */
export const wait: Status = { code: 'Wait', reasons: [] };

/** This plugin would give all nodes the same score: it need not be asked to find the best. */
export const alike: Status = { code: 'Skip', reasons: ['alike'] };

/** The only nodes worth looking at (a DaemonSet's pod names its node). */
export interface NodeNames {
  readonly nodeNames: ReadonlySet<string>;
}

/** Something that happened in the cluster and may make a waiting pod schedulable. */
export type ClusterEvent =
  | 'NodeAdd'
  | 'NodeAllocatable'
  | 'NodeLabel'
  | 'NodeTaint'
  | 'NodeCondition'
  | 'NodeDelete'
  | 'PodAdd'
  | 'PodUpdate'
  | 'PodDelete'
  /** A pod that runs asks for less. */
  | 'PodScaleDown'
  /** Of the waiting pod itself. */
  | 'OwnLabels'
  | 'OwnTolerations'
  | 'OwnRequests'
  | 'Pv'
  | 'Pvc'
  | 'StorageClass'
  | 'Service'
  | 'CsiNode';

/**
 * One plugin. Its methods are called in this order for one pod: preFilter once, filter for every node, preScore once
 * with the nodes that fit, score for each of them, normalize once. What preFilter finds out is kept in the closure.
 */
export interface Plugin {
  readonly name: string;
  /**
   * True when `filter` and `score` look only at the pod's template (spec, labels, namespace, owner) and at this one
   * node, and `preFilter` and `preScore` only at the template: the answer is then remembered until the node changes.
   */
  readonly local?: boolean;
  /** Events after which a pod that this plugin refused is worth another try; all events when missing. */
  readonly retryOn?: readonly ClusterEvent[];
  /** Whether a change of a node, without any pods, may help a pod; by default if it was refused before the change and no longer is. */
  improved?(pod: PodInfo, node: NodeInfo, before: NodeInfo): boolean;
  preFilter?(pod: PodInfo): Status | NodeNames | undefined;
  filter?(pod: PodInfo, node: NodeInfo): Status | undefined;
  /** In a trial, between preFilter and filter: `other` is thought onto the node, or away from it. All counts say so already. */
  addPod?(pod: PodInfo, other: PodInfo, node: NodeInfo): void;
  removePod?(pod: PodInfo, other: PodInfo, node: NodeInfo): void;
  /** Asked when the pod fits nowhere: what could be done about it. Decides only; the scheduler carries it out. */
  postFilter?(pod: PodInfo, diagnosis: Diagnosis): PostFilterResult | undefined;
  preScore?(pod: PodInfo, nodes: readonly NodeInfo[]): Status | undefined;
  /** Any whole number; without `normalize` from 0 to 100. */
  score?(pod: PodInfo, node: NodeInfo): number;
  /** Brings the scores of `nodes` (same order) to 0..100 in place. A local plugin's looks at nothing but the scores. */
  normalize?(scores: Float64Array, nodes: readonly NodeInfo[]): void;
  /**
   * Scores and normalizes all nodes at once and adds the weighted results to `totals` (same order), where that is
   * cheaper. The results are those of `score` and `normalize`.
   */
  addScores?(totals: Float64Array, weight: number, nodes: readonly NodeInfo[]): void;
  /** The pod has got this node: remembers what must not be given to another pod meanwhile. */
  reserve?(pod: PodInfo, node: NodeInfo): void;
  /** It did not come to that. */
  unreserve?(pod: PodInfo, node: NodeInfo): void;
  /** What has to be done before the pod is bound: done, `wait`, or a failure. */
  preBind?(pod: PodInfo, node: NodeInfo): Status | undefined;
}

/** The cluster as one scheduler sees it. */
export interface ClusterView {
  readonly version: Version;
  readonly snapshot: Snapshot;
  /** Pods that wait for others to go. */
  readonly nominator: Nominator;
  /** Without it, whatever is left to chance is the first. */
  readonly random?: Random;
  find<K extends Kind>(kind: K, key: Key): Kinds[K] | undefined;
  /** All objects of a kind, of one namespace where one is given. `StatefulSet` and `CSINode` may be asked for too. */
  list<K extends Kind>(kind: K, namespace?: string): Iterable<Kinds[K]>;
  /** Writes an object, where there is a server. */
  update?<T extends KubeObject>(object: T): T;
}

/** What plugins may look at beside the pod and the node. */
export interface Handle extends ClusterView {
  /** Whether the pod would fit the node if other pods ran there. */
  try(pod: PodInfo, node: NodeInfo): Trial;
}

export type PluginFactory = (handle: Handle) => Plugin;

export const maxNodeScore = 100;

/** Scales the highest score to 100; `reverse` makes the lowest the best. */
export function defaultNormalize(scores: Float64Array, reverse = false): void {
  let max = 0;
  for (let i = 0; i < scores.length; i++) if (scores[i]! > max) max = scores[i]!;
  if (max === 0) {
    if (reverse) scores.fill(maxNodeScore);
    return;
  }
  for (let i = 0; i < scores.length; i++) {
    const scaled = Math.trunc((maxNodeScore * scores[i]!) / max);
    scores[i] = reverse ? maxNodeScore - scaled : scaled;
  }
}
