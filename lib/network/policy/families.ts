// What a NetworkPolicy says of one address family: rules in the tables of one cannot name addresses of the other.
import type { NetworkPolicy, PolicyPeer } from './types.ts';

/**
 * Without the blocks of the other family. A rule that is about them alone goes: with no peers left it would be about everybody. The
 * same object where nothing is to be left out.
 */
export function ofFamily(policy: NetworkPolicy, family: 'IPv4' | 'IPv6'): NetworkPolicy {
  const foreign = ({ ipBlock }: PolicyPeer) => ipBlock !== undefined && ipBlock.cidr.includes(':') !== (family === 'IPv6');
  const { ingress = [], egress = [] } = policy.spec;
  if (![...ingress.map(({ from }) => from), ...egress.map(({ to }) => to)].some((peers) => peers?.some(foreign))) return policy;
  const kept = <S extends 'from' | 'to', R extends { [P in S]?: PolicyPeer[] }>(rules: readonly R[], side: S): R[] =>
    rules.flatMap((rule) => {
      const peers = rule[side]?.filter((peer) => !foreign(peer));
      return rule[side]?.length && !peers?.length ? [] : [{ ...rule, ...(peers && { [side]: peers }) }];
    });
  return { ...policy, spec: { ...policy.spec, ...(policy.spec.ingress && { ingress: kept(ingress, 'from') }), ...(policy.spec.egress && { egress: kept(egress, 'to') }) } };
}
