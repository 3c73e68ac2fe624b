// Felix on one node: what it writes into the tables, from the pods there and the policies about them.
import { selectorFromLabelSelector } from '../../../api/index.ts';
import type { NetworkPolicy } from '../../policy/types.ts';
import { policyTypes, type PolicyWorld, type WorldPod } from '../../policy/world.ts';
import type { Chains } from './calico-dispatch.ts';
import { addEndpoints, type CalicoEndpoint } from './calico-endpoints.ts';
import { addPolicy, calicoName } from './calico-policies.ts';
import { type CalicoRule, render } from './calico-render.ts';
import { calicoStatic } from './calico-static.ts';
import type { Plan, PlanInput, PlannedChain, Planner } from './plan.ts';
import type { IpSet } from '../../kube-proxy/index.ts';

export function calicoPlanner(): Planner {
  let before = new Map<string, { text: string; chain: PlannedChain }>();
  return (input) => {
    const fixed = calicoStatic(input, input.world !== undefined);
    if (!input.world) return fixed;
    const { chains, sets } = policed(input, input.world);
    const now: typeof before = new Map();
    for (const [name, rules] of chains) now.set(name, rendered(name, rules, before.get(name)));
    before = now;
    return { ...fixed, chains: [...fixed.chains, ...[...now.values()].map(({ chain }) => chain)], sets: [...fixed.sets, ...sets] } satisfies Plan;
  };
}

/** Hashing is dear: what says the same as before is taken over. */
function rendered(name: string, rules: readonly CalicoRule[], before: { text: string; chain: PlannedChain } | undefined) {
  const text = rules.map(({ match = '', action = '', comments = [] }) => [match, action, ...comments].join('\t')).join('\n');
  return before?.text === text ? before : { text, chain: { table: 'filter' as const, name, lines: render(name, rules) } };
}

function policed({ pods, node, ipvs = false }: PlanInput, world: PolicyWorld): { chains: Chains; sets: Iterable<IpSet> } {
  const chains: Chains = new Map();
  const sets = new Map<string, IpSet>();
  const byIp = new Map(world.pods.filter((pod) => pod.node === node).map((pod) => [pod.ip, pod]));
  const endpoints = [...pods.podsOn(node)].map((attachment) => endpointOf(pods.vethOf(attachment), byIp.get(attachment.ip), world));
  addEndpoints(chains, endpoints, ipvs);
  for (const direction of ['ingress', 'egress'] as const) {
    const used = new Set(endpoints.flatMap(({ policies }) => policies[direction]));
    for (const policy of world.policies) if (used.has(calicoName(policy))) addPolicy(chains, policy, { world, direction, sets, six: pods.family === 'IPv6' });
  }
  return { chains, sets: sets.values() };
}

function endpointOf(name: string, pod: WorldPod | undefined, { policies }: PolicyWorld): CalicoEndpoint {
  const mine = pod ? policies.filter((policy) => selects(policy, pod)) : [];
  const of = (direction: 'ingress' | 'egress') => mine.filter((policy) => policyTypes(policy).includes(direction)).map(calicoName);
  return { interface: name, namespace: pod?.namespace ?? 'default', serviceAccount: pod?.serviceAccount ?? 'default', policies: { ingress: of('ingress'), egress: of('egress') } };
}

export const selects = ({ metadata, spec }: NetworkPolicy, pod: WorldPod): boolean => metadata.namespace === pod.namespace && selectorFromLabelSelector(spec.podSelector ?? {}).matches(pod.labels);
