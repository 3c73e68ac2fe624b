// What a plug-in that enforces policies knows: NetworkPolicies, pods and namespaces, as its caches have them.
import type { Namespace, Pod } from '../../api/index.ts';
import type { Cache, Client } from '../../client/index.ts';
import type { PolicySupport } from '../plugins/profile.ts';
import type { Attachment, PodNetwork } from '../plugins/pod-network.ts';
import { ofFamily } from './families.ts';
import { type Attempt, decide, type Direction, namesPorts, type Peer, type PolicyVerdict } from './decide.ts';
import type { NetworkPolicy } from './types.ts';
import type { PolicyWorld, WorldPod } from './world.ts';

/** A learner's own judge: may this connection pass the policies of the pod at the receiving (`ingress`) or the sending end (`egress`)? */
export type PolicyEngine = (question: Attempt & { direction: Direction; policies: readonly NetworkPolicy[] }) => boolean;

/** One end as the network sees it. */
export interface End {
  ip: string;
  pod?: Attachment;
  /** CoreDNS, which answers without a pod of its own. */
  dns?: true;
}

export interface Question {
  from: End;
  to: End;
  protocol: string;
  port: number;
}

export class Policies {
  readonly support: PolicySupport;
  engine: PolicyEngine | undefined;
  readonly #dnsAddress: () => string | undefined;
  readonly #policies: Cache<NetworkPolicy>;
  readonly #pods: Cache<Pod>;
  readonly #namespaces: Cache<Namespace>;
  #sorted = new Map<string, readonly NetworkPolicy[]>();
  #changes = 0;
  readonly #worlds = new Map<'IPv4' | 'IPv6', { of: string; world: PolicyWorld }>();

  constructor(client: Client, support: PolicySupport, dnsAddress: () => string | undefined) {
    this.support = support;
    this.#dnsAddress = dnsAddress;
    this.#policies = client.cache('NetworkPolicy') as unknown as Cache<NetworkPolicy>;
    this.#pods = client.cache('Pod');
    this.#namespaces = client.cache('Namespace');
    this.#policies.on(() => this.#sorted.clear());
    for (const cache of [this.#policies, this.#pods, this.#namespaces] as Pick<Cache<Pod>, 'on'>[]) cache.on(() => void this.#changes++);
  }

  /** False while nobody asked for anything. */
  get active(): boolean {
    return this.engine !== undefined || this.#policies.size > 0;
  }

  /** True where packets meet the policies as rules of their nodes: not when somebody else judges. */
  get byRules(): boolean {
    return this.support.rules === true && this.engine === undefined;
  }

  /** What the rules are made of, and a word that is another one when it changes. Without policies pods are all alike. */
  worldOf(pods: PodNetwork): { of: string; world: PolicyWorld } {
    const of = `${pods.changes} ${this.#policies.size > 0 ? this.#changes : 'none'}`;
    let found = this.#worlds.get(pods.family);
    if (found?.of !== of) {
      const address = this.#dnsAddress();
      const apart = address && address.includes(':') === (pods.family === 'IPv6') ? [dns(address, this.#namespaces)] : [];
      this.#worlds.set(pods.family, (found = { of, world: { pods: [...this.#podsOf(pods), ...apart], policies: this.#all().map((policy) => ofFamily(policy, pods.family)) } }));
    }
    return found;
  }

  #podsOf({ attachments }: PodNetwork): WorldPod[] {
    const found = [...attachments].map(({ sandbox, ip, node }) => ({ end: this.#peer({ ip, pod: { sandbox, ip, node } }), ip, node, object: this.#pods.get({ namespace: sandbox.namespace, name: sandbox.name ?? '' }) }));
    const out = found.flatMap(({ end, ip, node, object }) => (end.pod ? [{ ...end.pod, ip, node, serviceAccount: object?.spec.serviceAccountName ?? 'default' }] : []));
    return out.sort((a, b) => (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1));
  }

  #all(): NetworkPolicy[] {
    const known = [...this.#policies].filter((policy) => this.support.namedPorts || !namesPorts(policy));
    return known.sort((a, b) => (`${a.metadata.namespace}/${a.metadata.name}` < `${b.metadata.namespace}/${b.metadata.name}` ? -1 : 1));
  }

  judge(direction: Direction, { from, to, protocol, port }: Question): PolicyVerdict | undefined {
    const subject = direction === 'ingress' ? to : from;
    if (!subject.pod || from.pod === to.pod) return undefined;
    const attempt: Attempt = { from: this.#peer(from), to: this.#peer(to), protocol: protocol.toUpperCase() as Attempt['protocol'], port };
    const policies = this.#of(subject.pod.sandbox.namespace ?? 'default');
    if (!this.engine) return decide(direction, attempt, policies);
    const allowed = this.engine({ ...attempt, direction, policies }) === true;
    return allowed ? undefined : { direction, allowed, policies: [] };
  }

  #of(namespace: string): readonly NetworkPolicy[] {
    let found = this.#sorted.get(namespace);
    if (!found) {
      const known = [...this.#policies.inNamespace(namespace)].filter((policy) => this.support.namedPorts || !namesPorts(policy));
      found = known.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
      this.#sorted.set(namespace, found);
    }
    return found;
  }

  #peer({ ip, pod, dns }: End): Peer {
    const namespace = dns ? 'kube-system' : pod?.sandbox.namespace;
    const object = pod && this.#pods.get({ namespace, name: pod.sandbox.name ?? '' });
    if (!dns && !object) return { ip };
    const namespaceLabels = this.#namespaces.get({ name: namespace! })?.metadata.labels ?? {};
    if (dns) return { ip, pod: { namespace: 'kube-system', name: 'coredns', labels: { 'k8s-app': 'kube-dns' }, namespaceLabels, ports: dnsPorts } };
    const { metadata, spec } = object!;
    const ports = [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ ports = [] }) => ports);
    return { ip, pod: { namespace: namespace!, name: metadata.name, labels: metadata.labels ?? {}, namespaceLabels, ports } };
  }
}

const dnsPorts = [
  { name: 'dns', containerPort: 53, protocol: 'UDP' },
  { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
];

/** Its address is where rules find it. */
const dns = (ip: string, namespaces: Cache<Namespace>): WorldPod => ({ ip, node: '', serviceAccount: 'coredns', namespace: 'kube-system', name: 'coredns', labels: { 'k8s-app': 'kube-dns' }, namespaceLabels: namespaces.get({ name: 'kube-system' })?.metadata.labels ?? {}, ports: dnsPorts });

/** As a trace prints it. */
export const verdictText = ({ direction, allowed, policies, rule }: PolicyVerdict): string =>
  allowed ? `NetworkPolicy ${policies[0]} ${direction}[${rule}]` : `NetworkPolicy ${policies.join(', ') || '(직접 쓴 판정기)'}: ${direction}에 이것을 허용하는 규칙이 없다`;
