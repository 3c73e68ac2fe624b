// fails: 고르는 정책이 없으면 막지 않는다
import { exercise } from 'kubook';

// Denies what nobody allowed, also where nobody is isolated.
const matches = (selector: any, labels: Record<string, string>) =>
  Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);

const number = (ip: string) => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const inside = (cidr: string, ip: string) => {
  const [base, bits] = cidr.split('/');
  const count = 2 ** (32 - Number(bits));
  return Math.floor(number(base) / count) === Math.floor(number(ip) / count);
};

await exercise('net-6', ({ direction, from, to, protocol, port, policies }: any) => {
  const [subject, other] = direction === 'ingress' ? [to, from] : [from, to];
  const type = direction === 'ingress' ? 'Ingress' : 'Egress';
  const isolating = policies.filter(({ metadata, spec }: any) =>
    spec.policyTypes.includes(type) && metadata.namespace === subject.pod.namespace && matches(spec.podSelector, subject.pod.labels));

  const peerMatches = (peer: any, namespace: string) => {
    if (peer.ipBlock) return inside(peer.ipBlock.cidr, other.ip) && !(peer.ipBlock.except ?? []).some((cidr: string) => inside(cidr, other.ip));
    if (!other.pod) return false;
    const space = peer.namespaceSelector ? matches(peer.namespaceSelector, other.pod.namespaceLabels) : other.pod.namespace === namespace;
    return space && matches(peer.podSelector ?? {}, other.pod.labels);
  };
  const portMatches = (one: any) => {
    if ((one.protocol ?? 'TCP') !== protocol) return false;
    if (one.port === undefined) return true;
    if (typeof one.port === 'number') return port >= one.port && port <= (one.endPort ?? one.port);
    return (to.pod?.ports ?? []).some((its: any) => its.name === one.port && its.containerPort === port && its.protocol === protocol);
  };
  return isolating.some(({ metadata, spec }: any) =>
    (spec[direction] ?? []).some((rule: any) => {
      const peers = rule[direction === 'ingress' ? 'from' : 'to'];
      return (!peers?.length || peers.some((peer: any) => peerMatches(peer, metadata.namespace))) && (!rule.ports?.length || rule.ports.some(portMatches));
    }));
});
