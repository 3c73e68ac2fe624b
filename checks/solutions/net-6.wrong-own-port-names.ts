// fails: 포트를 읽는다
import { exercise } from 'kubook';

// Asks the selected pod what a named port is, also where packets leave.

const toNumber = (ip: string) => ip.split('.').reduce((sum, part) => (sum << 8) + Number(part), 0) >>> 0;
function inCidr(ip: string, cidr: string) {
  const [base, length] = cidr.split('/');
  const mask = length === '0' ? 0 : (~0 << (32 - Number(length))) >>> 0;
  return ((toNumber(ip) & mask) >>> 0) === ((toNumber(base) & mask) >>> 0);
}
const has = (labels: any, selector: any) => {
  for (const key in selector?.matchLabels ?? {}) if (labels?.[key] !== selector.matchLabels[key]) return false;
  return true;
};
function samePeer(peer: any, other: any, namespace: string) {
  if (peer.ipBlock) {
    if (!inCidr(other.ip, peer.ipBlock.cidr)) return false;
    for (const hole of peer.ipBlock.except || []) if (inCidr(other.ip, hole)) return false;
    return true;
  }
  const pod = other.pod;
  if (!pod) return false;
  if (peer.namespaceSelector) {
    if (!has(pod.namespaceLabels, peer.namespaceSelector)) return false;
  } else if (pod.namespace !== namespace) return false;
  if (peer.podSelector) return has(pod.labels, peer.podSelector);
  return true;
}
function samePort(one: any, protocol: string, port: number, target: any) {
  if ((one.protocol || 'TCP') !== protocol) return false;
  if (one.port == null) return true;
  if (one.endPort) return one.port <= port && port <= one.endPort;
  if (typeof one.port === 'string') {
    const named = target.pod?.ports.find((p: any) => p.name === one.port && (p.protocol ?? 'TCP') === protocol);
    return named?.containerPort === port;
  }
  return one.port === port;
}
await exercise('net-6', ({ direction, from, to, protocol, port, policies }: any) => {
  const subject = direction === 'ingress' ? to : from;
  const other = direction === 'ingress' ? from : to;
  let isolated = false;
  for (const policy of policies) {
    const { podSelector, policyTypes, ingress, egress } = policy.spec;
    if (!policyTypes.includes(direction === 'ingress' ? 'Ingress' : 'Egress')) continue;
    if (!has(subject.pod.labels, podSelector)) continue;
    isolated = true;
    for (const rule of (direction === 'ingress' ? ingress : egress) ?? []) {
      const peers = direction === 'ingress' ? rule.from : rule.to;
      const peerOk = !peers || peers.some((peer: any) => samePeer(peer, other, policy.metadata.namespace));
      const portOk = !rule.ports || rule.ports.some((one: any) => samePort(one, protocol, port, subject));
      if (peerOk && portOk) return true;
    }
  }
  return !isolated;
});
