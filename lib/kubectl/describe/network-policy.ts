// NetworkPolicies in `kubectl describe`.
import { formatLabelSelector, type KubeObject } from '../../api/index.ts';
import { annotations, multiline, type Writer } from './writer.ts';

interface Side {
  /** Before the peers of a rule: `From`, `To`. */
  word: string;
  none: string;
  any: string;
}

const ingress: Side = { word: 'From', none: 'ingress', any: 'source' };
const egress: Side = { word: 'To', none: 'egress', any: 'destination' };

export function describeNetworkPolicy(w: Writer, { metadata, spec }: KubeObject): void {
  const { podSelector = {}, policyTypes = [] } = spec;
  w.field(0, 'Name', metadata.name).field(0, 'Namespace', metadata.namespace);
  w.field(0, 'Created on', `${metadata.creationTimestamp?.replace('T', ' ').replace('Z', '')} +0000 UTC`);
  multiline(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  const selector = formatLabelSelector(podSelector);
  w.line(0, 'Spec:').line(1, `PodSelector:     ${selector === '<none>' ? '<none> (Allowing the specific traffic to all pods in this namespace)' : selector}`);
  for (const [type, side, rules] of [['Ingress', ingress, spec.ingress], ['Egress', egress, spec.egress]] as const) {
    const name = type.toLowerCase();
    if (!policyTypes.includes(type)) w.line(1, `Not affecting ${name} traffic`);
    else rulesOf(w.line(1, `Allowing ${name} traffic:`), rules ?? [], side);
  }
  w.line(1, `Policy Types: ${policyTypes.join(', ')}`);
}

function rulesOf(w: Writer, rules: readonly Record<string, any>[], { word, none, any }: Side): void {
  if (rules.length === 0) w.line(2, `<none> (Selected pods are isolated for ${none} connectivity)`);
  rules.forEach((rule, i) => {
    const { ports = [] } = rule;
    const peers: Record<string, any>[] = rule[word.toLowerCase()] ?? [];
    if (i > 0) w.line(2, '----------');
    if (ports.length === 0) w.line(2, 'To Port: <any> (traffic allowed to all ports)');
    for (const { port, endPort, protocol = 'TCP' } of ports) w.line(2, endPort === undefined ? `To Port: ${port ?? '<nil>'}/${protocol}` : `To Port Range: ${port}-${endPort}/${protocol}`);
    if (peers.length === 0) w.line(2, `${word}: <any> (traffic not restricted by ${any})`);
    for (const peer of peers) peerOf(w.line(2, `${word}:`), peer);
  });
}

function peerOf(w: Writer, { namespaceSelector, podSelector, ipBlock }: Record<string, any>): void {
  if (namespaceSelector) w.line(3, `NamespaceSelector: ${formatLabelSelector(namespaceSelector)}`);
  if (podSelector) w.line(3, `PodSelector: ${formatLabelSelector(podSelector)}`);
  if (ipBlock) w.line(3, 'IPBlock:').line(4, `CIDR: ${ipBlock.cidr}`).line(4, `Except: ${(ipBlock.except ?? []).join(', ')}`);
}
