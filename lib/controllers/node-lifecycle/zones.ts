// Nodes by zone: when much of a zone is down, the fault is more likely the network's than the nodes'.
import type { Node } from '../../api/index.ts';
import { createTaintQueue, type TaintQueue } from './taint-queue.ts';

export type ZoneState = 'Initial' | 'Normal' | 'PartialDisruption' | 'FullDisruption';

export interface Zone {
  state: ZoneState;
  queue: TaintQueue;
}

export interface ZoneOptions {
  /** Nodes a second that may be tainted NoExecute. */
  nodeEvictionRate: number;
  /** The same where a large zone is partly down. */
  secondaryNodeEvictionRate: number;
  /** The share of nodes that makes a zone partly down. */
  unhealthyZoneThreshold: number;
  /** Zones up to this size stop evicting altogether when they are partly down. */
  largeClusterSizeThreshold: number;
}

export function zoneOf({ metadata: { labels = {} } }: Node): string {
  const region = labels['topology.kubernetes.io/region'] ?? labels['failure-domain.beta.kubernetes.io/region'] ?? '';
  const zone = labels['topology.kubernetes.io/zone'] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? '';
  return region || zone ? `${region}:${zone}` : '';
}

export function newZone({ nodeEvictionRate }: ZoneOptions): Zone {
  return { state: 'Initial', queue: createTaintQueue(nodeEvictionRate) };
}

export function zoneState(ready: number, notReady: number, { unhealthyZoneThreshold }: ZoneOptions): ZoneState {
  if (ready === 0 && notReady > 0) return 'FullDisruption';
  return notReady > 2 && notReady / (notReady + ready) >= unhealthyZoneThreshold ? 'PartialDisruption' : 'Normal';
}

export function evictionRate(state: ZoneState, size: number, options: ZoneOptions): number {
  if (state !== 'PartialDisruption') return options.nodeEvictionRate;
  return size > options.largeClusterSizeThreshold ? options.secondaryNodeEvictionRate : 0;
}
