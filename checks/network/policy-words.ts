// A second evaluation of NetworkPolicy, sentence by sentence from the API reference (networking.k8s.io/v1), which shares nothing with
// the one under test: addresses as strings of bits, labels by hand, no early exits.

export interface WordsPod {
  name: string;
  namespace: string;
  ip: string;
  ip6?: string;
  labels: Record<string, string>;
  ports: { name: string; containerPort: number; protocol: string }[];
}
export interface WordsWorld {
  pods: WordsPod[];
  namespaces: Record<string, Record<string, string>>;
  policies: any[];
}
export interface WordsAttempt {
  from: { pod?: WordsPod; ip: string };
  to: { pod?: WordsPod; ip: string };
  port: number;
  protocol: string;
}

function bits(ip: string): string {
  if (!ip.includes(':')) return ip.split('.').map((part) => Number(part).toString(2).padStart(8, '0')).join('');
  const [front = [], back = []] = ip.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const groups = front.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('');
  const last = back.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('');
  return groups.padEnd(128 - last.length, '0') + last;
}

/** "cidr is a string representing the IPBlock. Valid examples are \"192.168.1.0/24\" or \"2001:db8::/64\"". */
const inBlock = (cidr: string, ip: string) => cidr.includes(':') === ip.includes(':') && bits(ip).slice(0, Number(cidr.split('/')[1])) === bits(cidr.split('/')[0]!).slice(0, Number(cidr.split('/')[1]));

/** "The result of matchLabels and matchExpressions are ANDed. An empty label selector matches all objects." */
function selected(selector: any, labels: Record<string, string>): boolean {
  const answers = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => labels[key] === value);
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    if (operator === 'Exists') answers.push(key in labels);
    if (operator === 'DoesNotExist') answers.push(!(key in labels));
    if (operator === 'In') answers.push(key in labels && values.includes(labels[key]));
    if (operator === 'NotIn') answers.push(!(key in labels && values.includes(labels[key])));
  }
  return !answers.includes(false);
}

function peerMatches(peer: any, end: { pod?: WordsPod; ip: string }, policy: any, world: WordsWorld): boolean {
  // "ipBlock defines policy on a particular IPBlock. If this field is set then neither of the other fields can be."
  if (peer.ipBlock) return inBlock(peer.ipBlock.cidr, end.ip) && (peer.ipBlock.except ?? []).filter((one: string) => inBlock(one, end.ip)).length === 0;
  if (!end.pod) return false;
  const space = end.pod.namespace;
  // "If podSelector is also set, then the peer as a whole selects the pods matching podSelector in the namespaces selected by
  // namespaceSelector. Otherwise it selects all pods in the namespaces selected by namespaceSelector."
  if (peer.namespaceSelector && peer.podSelector) return selected(peer.namespaceSelector, world.namespaces[space]!) && selected(peer.podSelector, end.pod.labels);
  if (peer.namespaceSelector) return selected(peer.namespaceSelector, world.namespaces[space]!);
  // "Otherwise it selects the pods matching podSelector in the policy's own namespace."
  return space === policy.metadata.namespace && selected(peer.podSelector, end.pod.labels);
}

function portMatches(port: any, { to, port: number, protocol }: WordsAttempt): boolean {
  // "If not specified, this field defaults to TCP."
  if ((port.protocol ?? 'TCP') !== protocol) return false;
  // "If this field is not provided, this matches all port names and numbers."
  if (port.port === undefined) return true;
  // "This can either be a numerical or named port on a pod."
  if (typeof port.port === 'string') return (to.pod?.ports ?? []).filter((one) => one.name === port.port && one.containerPort === number && one.protocol === protocol).length > 0;
  // "endPort indicates that the range of ports from port to endPort if set, inclusive, should be allowed by the policy."
  const range: number[] = [];
  for (let at = port.port; at <= (port.endPort ?? port.port); at++) range.push(at);
  return range.includes(number);
}

/** "A network policy … is isolated … the traffic is allowed if … it matches at least one rule across all of the NetworkPolicy objects". */
export function wordsAllow(attempt: WordsAttempt, world: WordsWorld): boolean {
  const sides = [
    { subject: attempt.to, other: attempt.from, type: 'Ingress', rules: 'ingress', peers: 'from' },
    { subject: attempt.from, other: attempt.to, type: 'Egress', rules: 'egress', peers: 'to' },
  ];
  // "A Pod cannot block access to itself."
  if (attempt.from.pod && attempt.from.pod === attempt.to.pod) return true;
  const answers = sides.map(({ subject, other, type, rules, peers }) => {
    if (!subject.pod) return true;
    // "If this field is not specified, it will default based on the existence of ingress or egress rules; policies that contain an
    // egress section are assumed to affect egress, and all policies (whether or not they contain an ingress section) are assumed to
    // affect ingress."
    const about = (policy: any) => (policy.spec.policyTypes ?? (policy.spec.egress?.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'])).includes(type);
    const isolating = world.policies.filter((policy) => about(policy) && policy.metadata.namespace === subject.pod!.namespace && selected(policy.spec.podSelector ?? {}, subject.pod!.labels));
    if (isolating.length === 0) return true;
    const matching = isolating.flatMap((policy) =>
      (policy.spec[rules] ?? []).filter((rule: any) => {
        const byPort = !rule.ports || rule.ports.length === 0 || rule.ports.map((port: any) => portMatches(port, attempt)).includes(true);
        const byPeer = !rule[peers] || rule[peers].length === 0 || rule[peers].map((peer: any) => peerMatches(peer, other, policy, world)).includes(true);
        return byPort && byPeer;
      }),
    );
    return matching.length > 0;
  });
  return !answers.includes(false);
}
