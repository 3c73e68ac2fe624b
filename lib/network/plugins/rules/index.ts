import { calicoPlanner } from './calico.ts';
import { flannelPlan } from './flannel.ts';
import { kubeRouterPlanner } from './kube-router.ts';
import type { Plan, Planner } from './plan.ts';

export { install, type Plan, type PlanInput, type Planner } from './plan.ts';

const last = (rule: string): Plan => ({ rules: [{ table: 'nat', chain: 'POSTROUTING', rule, place: 'last' }], chains: [], sets: [] });
const docker = last('-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE');
/** `--non-masquerade-cidr` of the kubelet is 10.0.0.0/8. */
const kubenet = last('! -d 10.0.0.0/8 -m comment --comment "kubenet: SNAT for outbound traffic from cluster" -m addrtype ! --dst-type LOCAL -j MASQUERADE');

/** A planner for one node. */
export const planners: Readonly<Record<'flannel' | 'calico' | 'kube-router' | 'kubenet' | 'docker', () => Planner>> = {
  flannel: () => flannelPlan,
  calico: calicoPlanner,
  'kube-router': kubeRouterPlanner,
  kubenet: () => () => kubenet,
  docker: () => () => docker,
};
