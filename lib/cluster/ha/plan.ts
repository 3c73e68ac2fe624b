// Which machines carry a control plane of several machines: its heads, its etcd, and what stands before the API servers.
import { type ClusterOptions, plannedMachine, type PlannedMachine } from '../options.ts';
import type { Family } from '../ranges.ts';

export interface ReplicatedPlan {
  /** Machines with an API server, a scheduler and a controller-manager. */
  heads: readonly PlannedMachine[];
  /** Machines of the members of etcd: the heads themselves when it is stacked. */
  etcd: readonly PlannedMachine[];
  /** Machines that only carry etcd. */
  etcdOnly: readonly PlannedMachine[];
  /** What kubelets and kubectl talk to; missing with one head. */
  balancer: PlannedMachine | undefined;
}

/** True when the control plane is more than one machine. */
export const isReplicated = ({ controlPlanes = 1, etcdMembers = 'stacked' }: Pick<ClusterOptions, 'controlPlanes' | 'etcdMembers'>): boolean => controlPlanes > 1 || etcdMembers !== 'stacked';

export function checkReplicas({ controlPlanes = 1, etcdMembers = 'stacked', cloud }: Pick<ClusterOptions, 'controlPlanes' | 'etcdMembers' | 'cloud'>): void {
  if (!Number.isInteger(controlPlanes) || controlPlanes < 1 || controlPlanes > 9) throw new RangeError(`controlPlanes는 컨트롤 플레인 머신의 수(1에서 9)다: ${controlPlanes}`);
  if (etcdMembers !== 'stacked' && !(Number.isInteger(etcdMembers) && etcdMembers >= 1 && etcdMembers <= 9)) throw new RangeError(`etcdMembers는 'stacked'거나 etcd만 도는 머신의 수(1에서 9)다: ${String(etcdMembers)}`);
  if (cloud && isReplicated({ controlPlanes, etcdMembers })) throw new RangeError('cloud와 controlPlanes는 함께 쓸 수 없다: 클라우드의 컨트롤 플레인은 한 대다.');
}

/** Undefined: one machine is the whole control plane. `planned` are its heads and the workers. */
export function replicatedPlan(options: ClusterOptions, planned: readonly PlannedMachine[], families: readonly Family[]): ReplicatedPlan | undefined {
  checkReplicas(options);
  if (!isReplicated(options)) return undefined;
  const heads = planned.filter(({ controlPlane }) => controlPlane);
  const { etcdMembers = 'stacked' } = options;
  const more = (name: string, i: number) => plannedMachine({ name }, { i: planned.length + i, families });
  const etcdOnly = etcdMembers === 'stacked' ? [] : Array.from({ length: etcdMembers }, (_, i) => more(`etcd-${i + 1}`, i));
  return { heads, etcd: etcdOnly.length > 0 ? etcdOnly : heads, etcdOnly, balancer: heads.length > 1 ? more('lb', etcdOnly.length) : undefined };
}
