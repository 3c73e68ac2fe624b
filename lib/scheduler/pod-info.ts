// A pod as the scheduler sees it. Pods made from one template have one shape: what is found out about it is shared.
import { type Container, equal, type HostPort, hostPorts, type NodeRequirement, nodeRequirement, type OwnerReference, type Pod, type PodSpec, type Version } from '../api/index.ts';
import { type AffinityTerms, affinityTerms } from './affinity-terms.ts';
import type { PodCounter } from './counts.ts';
import type { NodeInfo } from './node-info.ts';
import { podRequest, type PodRequest } from './resources.ts';

/** Everything about a pod that matters to scheduling, beside its name and its volumes. */
export interface PodShape extends PodRequest {
  readonly key: string;
  readonly namespace: string;
  readonly labels: Record<string, string>;
  /** On its way out: such pods are not counted when pods are spread. */
  readonly terminating: boolean;
  readonly hostPorts: readonly HostPort[];
  readonly required: NodeRequirement;
  readonly affinity: AffinityTerms | undefined;
  /** Where pods of this shape run, and how many. */
  readonly nodes: Map<NodeInfo, number>;
  /** The counters that count pods of this shape. */
  counters: PodCounter[];
  /** How many pods of this shape were looked at. */
  seen: number;
}

export interface PodInfo {
  readonly pod: Pod;
  readonly shape: PodShape;
}

/** A pod's name in the scheduler's maps. */
export const podKey = ({ metadata }: Pod): string => metadata.uid || `${metadata.namespace}/${metadata.name}`;

/** Two pods with one key are the same to every plugin that is `local`, and to every count. */
export function shapeKey(pod: Pod): string {
  const { metadata, spec } = pod;
  const owner = controllerOf(pod);
  const { nodeSelector, affinity, tolerations, topologySpreadConstraints, overhead, initContainers } = spec;
  return JSON.stringify([
    metadata.namespace,
    metadata.labels,
    metadata.deletionTimestamp ? 1 : 0,
    owner ? [owner.kind, owner.name, owner.uid] : 0,
    [nodeSelector, affinity, tolerations, topologySpreadConstraints, overhead],
    spec.containers.map(containerKey),
    initContainers ? initContainers.map(containerKey) : 0,
  ]);
}

export function controllerOf({ metadata: { ownerReferences } }: Pod): OwnerReference | undefined {
  if (ownerReferences) for (let i = 0; i < ownerReferences.length; i++) if (ownerReferences[i]!.controller) return ownerReferences[i];
  return undefined;
}

const containerKey = ({ image, resources, ports, restartPolicy }: Container) => [image, resources?.requests, ports, restartPolicy];

/** True when both pods have one shape. Parts that they share are not compared. */
export function sameShape(a: Pod, b: Pod): boolean {
  const x = a.metadata;
  const y = b.metadata;
  if (x.namespace !== y.namespace || !x.deletionTimestamp !== !y.deletionTimestamp || !equal(x.labels, y.labels)) return false;
  if (x.ownerReferences !== y.ownerReferences) {
    const p = controllerOf(a);
    const q = controllerOf(b);
    if (p?.uid !== q?.uid || p?.kind !== q?.kind || p?.name !== q?.name) return false;
  }
  return a.spec === b.spec || sameSpec(a.spec, b.spec);
}

function sameSpec(a: PodSpec, b: PodSpec): boolean {
  return (
    sameContainers(a.containers, b.containers) &&
    sameContainers(a.initContainers, b.initContainers) &&
    equal(a.nodeSelector, b.nodeSelector) &&
    equal(a.affinity, b.affinity) &&
    equal(a.tolerations, b.tolerations) &&
    equal(a.topologySpreadConstraints, b.topologySpreadConstraints) &&
    equal(a.overhead, b.overhead)
  );
}

function sameContainers(a: readonly Container[] | undefined, b: readonly Container[] | undefined): boolean {
  if (a === b) return true;
  if (a?.length !== b?.length) return false;
  for (let i = 0; i < a!.length; i++) {
    const x = a![i]!;
    const y = b![i]!;
    if (x.image !== y.image || x.restartPolicy !== y.restartPolicy) return false;
    if (!equal(x.resources?.requests, y.resources?.requests) || !equal(x.ports, y.ports)) return false;
  }
  return true;
}

export function newShape(pod: Pod, key: string, version: Version): PodShape {
  const { metadata, spec } = pod;
  return {
    key,
    namespace: metadata.namespace ?? '',
    labels: metadata.labels ?? {},
    terminating: !!metadata.deletionTimestamp,
    ...podRequest(spec, version),
    hostPorts: hostPorts(pod.spec),
    required: nodeRequirement(spec),
    affinity: affinityTerms(pod),
    nodes: new Map(),
    counters: [],
    seen: 0,
  };
}
