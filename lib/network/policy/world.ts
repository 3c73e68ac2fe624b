// Pods, their addresses and the policies about them, as a plug-in that writes rules sees them.
import type { Direction, PeerPod } from './decide.ts';
import type { NetworkPolicy } from './types.ts';

export interface WorldPod extends PeerPod {
  ip: string;
  node: string;
  serviceAccount: string;
}

export interface PolicyWorld {
  readonly pods: readonly WorldPod[];
  /** By name. */
  readonly policies: readonly NetworkPolicy[];
}

export const policyTypes = ({ spec }: NetworkPolicy): readonly Direction[] => {
  const types = spec.policyTypes ?? ['Ingress', ...((spec.egress ?? []).length > 0 ? ['Egress'] : [])];
  return (['ingress', 'egress'] as const).filter((direction) => types.some((type) => type.toLowerCase() === direction));
};

/** The rules of one direction in one shape. */
export const rulesOf = ({ spec }: NetworkPolicy, direction: Direction) =>
  direction === 'ingress' ? (spec.ingress ?? []).map(({ ports, from }) => ({ ports: ports ?? [], peers: from ?? [] })) : (spec.egress ?? []).map(({ ports, to }) => ({ ports: ports ?? [], peers: to ?? [] }));
