// A pod as the scheduler sees it. Pods made from one template have one shape: what is found out about it is shared.
import type { ContainerPort } from 'kubernetes-types/core/v1';
import type { Container, Pod, Version } from '../api/index.ts';
import { type AffinityTerms, affinityTerms } from './affinity-terms.ts';
import type { PodCounter } from './counts.ts';
import { type NodeRequirement, nodeRequirement } from './node-requirement.ts';
import type { NodeInfo } from './node-info.ts';
import { podRequest, type PodRequest } from './resources.ts';

export interface HostPort {
  ip: string;
  protocol: string;
  port: number;
}

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
export function shapeKey({ metadata, spec }: Pod): string {
  const owner = metadata.ownerReferences?.find((o) => o.controller);
  const json = JSON.stringify;
  let key = `${metadata.namespace}|${metadata.deletionTimestamp ? '-' : ''}|${owner ? `${owner.kind}/${owner.name}/${owner.uid}` : ''}|${json(metadata.labels)}`;
  key += `|${json(spec.nodeSelector)}|${json(spec.affinity)}|${json(spec.tolerations)}|${json(spec.topologySpreadConstraints)}|${json(spec.overhead)}`;
  for (const container of spec.containers) key += containerKey(container);
  if (spec.initContainers) for (const container of spec.initContainers) key += `|init${container.restartPolicy}${containerKey(container)}`;
  return key;
}

const containerKey = ({ image, resources, ports }: Container) => `|${image}|${JSON.stringify(resources?.requests)}|${ports ? JSON.stringify(ports) : ''}`;

/** True when it is plain, without comparing values, that both pods have one shape. */
export function plainlySameShape(a: Pod, b: Pod): boolean {
  const [x, y] = [a.spec, b.spec];
  return (
    a.metadata.labels === b.metadata.labels &&
    a.metadata.ownerReferences === b.metadata.ownerReferences &&
    !a.metadata.deletionTimestamp === !b.metadata.deletionTimestamp &&
    x.containers === y.containers &&
    x.initContainers === y.initContainers &&
    x.affinity === y.affinity &&
    x.tolerations === y.tolerations &&
    x.nodeSelector === y.nodeSelector &&
    x.topologySpreadConstraints === y.topologySpreadConstraints
  );
}

export function newShape(pod: Pod, key: string, version: Version): PodShape {
  const { metadata, spec } = pod;
  return {
    key,
    namespace: metadata.namespace ?? '',
    labels: metadata.labels ?? {},
    terminating: !!metadata.deletionTimestamp,
    ...podRequest(spec, version),
    hostPorts: hostPorts(pod),
    required: nodeRequirement(spec),
    affinity: affinityTerms(pod),
    nodes: new Map(),
    counters: [],
    seen: 0,
  };
}

function hostPorts({ spec }: Pod): HostPort[] {
  const out: HostPort[] = [];
  const add = (ports: readonly ContainerPort[] | undefined) => {
    for (const { hostPort, hostIP, protocol } of ports ?? []) {
      if (hostPort) out.push({ ip: hostIP || '0.0.0.0', protocol: protocol || 'TCP', port: hostPort });
    }
  };
  for (const { ports } of spec.containers) add(ports);
  for (const { ports, restartPolicy } of spec.initContainers ?? []) if (restartPolicy === 'Always') add(ports);
  return out;
}
