import { calicoPlanner } from './calico.ts';
import { flannelPlan } from './flannel.ts';
import { kubeRouterPlanner } from './kube-router.ts';
import type { Plan, Planner } from './plan.ts';

export { install, type Plan, type PlanInput, type Planner } from './plan.ts';

const docker: Plan = { rules: [{ table: 'nat', chain: 'POSTROUTING', rule: '-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE', place: 'last' }], chains: [], sets: [] };

/** A planner for one node. */
export const planners: Readonly<Record<'flannel' | 'calico' | 'kube-router' | 'docker', () => Planner>> = {
  flannel: () => flannelPlan,
  calico: calicoPlanner,
  'kube-router': kubeRouterPlanner,
  docker: () => () => docker,
};
