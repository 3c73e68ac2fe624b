// The chains of each pod on a node (felix/rules/endpoints.go).
// Differs from Kubernetes: several policies with the same selector are jumped to one by one, not in a chain of their own.
import { type Chains, dispatch } from './calico-dispatch.ts';
import { addEndpointMarks } from './calico-ipvs.ts';
import { accept, type CalicoRule, chainName, clearMark, isClear, isSet, pass, setMark } from './calico-render.ts';

export interface CalicoEndpoint {
  interface: string;
  namespace: string;
  serviceAccount: string;
  /** Names of its policies, as Calico calls them: `prod/knp.default.rule`. */
  policies: Readonly<Record<'ingress' | 'egress', readonly string[]>>;
}

const drop = (comment: string, match?: string): CalicoRule => ({ ...(match && { match }), action: '--jump DROP', comments: [comment] });
const returned = (comment: string): CalicoRule => ({ match: isSet(accept), action: '--jump RETURN', comments: [comment] });

export const policyChain = (direction: 'ingress' | 'egress', name: string) => chainName(direction === 'ingress' ? 'cali-pi-' : 'cali-po-', `default/${name}`);
const profilesOf = ({ namespace, serviceAccount }: CalicoEndpoint) => [`kns.${namespace}`, `ksa.${namespace}.${serviceAccount}`];
const profileChain = (direction: 'ingress' | 'egress', name: string) => chainName(direction === 'ingress' ? 'cali-pri-' : 'cali-pro-', name);

function endpointRules(endpoint: CalicoEndpoint, direction: 'ingress' | 'egress'): CalicoRule[] {
  const policies = endpoint.policies[direction];
  const noTunnels = [
    drop('Drop VXLAN encapped packets originating in workloads', '-p 17 -m multiport --destination-ports 4789'),
    drop('Drop IPinIP encapped packets originating in workloads', '-p 4'),
  ];
  return [
    { match: '-m conntrack --ctstate RELATED,ESTABLISHED', action: '--jump ACCEPT' },
    { match: '-m conntrack --ctstate INVALID', action: '--jump DROP' },
    { action: clearMark(accept | pass) },
    ...(direction === 'egress' ? noTunnels : []),
    ...(policies.length > 0 ? [{ action: clearMark(pass), comments: ['Start of tier default'] }] : []),
    ...policies.flatMap((name) => [{ match: isClear(pass), action: `--jump ${policyChain(direction, name)}` }, returned('Return if policy accepted')]),
    ...(policies.length > 0 ? [drop('End of tier default. Drop if no policies passed packet', isClear(pass))] : []),
    ...profilesOf(endpoint).flatMap((name) => [{ action: `--jump ${profileChain(direction, name)}` }, returned('Return if profile accepted')]),
    drop('Drop if no profiles matched'),
  ];
}

/** A namespace lets everything through, an account says nothing. */
function addProfiles(chains: Chains, endpoint: CalicoEndpoint): void {
  for (const name of profilesOf(endpoint)) {
    for (const direction of ['ingress', 'egress'] as const) {
      const comments = [`Profile ${name} ${direction}`];
      chains.set(profileChain(direction, name), [name.startsWith('kns.') ? { action: setMark(accept), comments } : { comments }]);
    }
  }
}

const unknown = drop('Unknown interface');

/** `ipvs`: kube-proxy balances with it, so that packets of pods come by marks too. */
export function addEndpoints(chains: Chains, endpoints: readonly CalicoEndpoint[], ipvs: boolean): void {
  for (const endpoint of endpoints) {
    chains.set(chainName('cali-tw-', endpoint.interface), endpointRules(endpoint, 'ingress'));
    chains.set(chainName('cali-fw-', endpoint.interface), endpointRules(endpoint, 'egress'));
    addProfiles(chains, endpoint);
  }
  const names = endpoints.map((endpoint) => endpoint.interface).sort();
  for (const way of [{ chain: 'cali-from-wl-dispatch', option: '--in-interface', prefix: 'cali-fw-' }, { chain: 'cali-to-wl-dispatch', option: '--out-interface', prefix: 'cali-tw-' }] as const) {
    chains.set(way.chain, [...dispatch(chains, names, { ...way, ends: [unknown] }), unknown]);
  }
  if (ipvs) addEndpointMarks(chains, names);
}
