// A connection from host to host until it arrives or is lost.
import type { Caller, DialError } from '../machine/index.ts';
import type { Led } from './balancers.ts';
import type { HostNetwork } from './host-network.ts';
import { isIcmp, type Packet, splitPort } from './netfilter/packet.ts';
import { forward, type Origin, pass, type Passage, policed } from './path.ts';
import type { Attachment, Encapsulation, Loss, PodNetwork, Way } from './plugins/pod-network.ts';
import type { PolicyVerdict } from './policy/decide.ts';
import type { End, Policies } from './policy/policies.ts';

export interface Stage {
  /** A machine, or what stands between the cloud's network and the world. */
  host: Pick<HostNetwork, 'name' | 'ip'> & Partial<Pick<HostNetwork, 'conntrack' | 'now'>>;
  origin: Origin;
  /** How it came here from another node. */
  unwrapped?: Encapsulation;
  /** Missing on the receiving pod's node when the packet came from another one: no rule there is about it. */
  passage?: Passage;
  /** As it came to the host, and as it left. */
  sent: Packet;
  left: Packet;
  /** Where the host sends it. */
  way?: Way;
  /** What policies said, in the order in which they were asked. */
  verdicts: PolicyVerdict[];
}

export interface Journey {
  stages: Stage[];
  /** Where it arrived, or how far it came. */
  ip: string;
  port: number;
  /** Who the receiver sees. */
  from: string;
  error?: DialError;
  /** Why it was lost between the hosts. */
  loss?: Loss;
  /** The host that it arrived at; missing when it did not. */
  arrived?: string;
  /** The pod that it arrived at. */
  pod?: Attachment;
}

/** What the way depends on beside the hosts. */
export interface World {
  host(name: string): HostNetwork | undefined;
  /** Why a connection from a host to an address comes to nothing; undefined when somebody answers. */
  refusal(node: string, ip: string, port: number): DialError | undefined;
  readonly pods: PodNetwork;
  /** Missing where the plug-in enforces none. */
  readonly policies?: Policies;
  /** A cloud's load balancers and gateway: where a packet to an address of theirs goes. */
  lead?(packet: Packet): Led | undefined;
}

export interface Destination {
  ip: string;
  port: number;
  protocol?: Packet['protocol'];
  /** The sender's port. */
  sport: number;
}

/** More than this many hosts, and the packet goes round in circles. */
const timeToLive = 8;

export function travel(world: World, caller: Caller, { ip, port, protocol = 'tcp', sport }: Destination): Journey {
  const { pods } = world;
  const spoken = isIcmp(protocol) ? 'icmp' : protocol;
  let host = world.host(caller.node);
  let origin: Origin = host?.isLocal(caller.ip) ? 'host' : 'pod';
  const sender = origin === 'pod' ? pods.at(caller.node, caller.ip) : undefined;
  const src = origin === 'host' && host && caller.ip === host.ip && host.isNode ? pods.sourceOf(host.name, ip) : caller.ip;
  let current: Packet = { protocol, src, sport, dst: ip, dport: port, mark: 0, state: 'NEW', inInterface: '', outInterface: '', bridged: false, dnat: false };
  const stages: Stage[] = [];
  const end = (more: Partial<Journey>): Journey => ({ stages, ip: current.dst, port: current.dport, from: current.src, ...more });
  let unwrapped: Encapsulation | undefined;
  for (let left = timeToLive; host && left > 0; left--) {
    const sent: Packet = { ...current, bridged: origin === 'pod' && pods.profile.bridge !== undefined, inInterface: incoming(origin, world, sender), outInterface: '', mark: 0 };
    const pod: Attachment | undefined = origin === 'outside' ? pods.at(host.name, current.dst) : undefined;
    const stage: Stage = { host, origin, sent, left: sent, verdicts: [], ...(unwrapped && { unwrapped }) };
    stages.push(stage);
    const front = origin === 'outside' && !unwrapped && host.isLocal(current.dst) ? pods.hosts.get(host.name)?.machine.front?.(current.dport, current.src) : undefined;
    if (front && front !== 'accept') return end({ error: front === 'drop' ? 'timeout' : 'refused' });
    // What a pod sends to its own address does not leave it.
    if (sender && stages.length === 1 && current.dst === sender.ip && world.policies?.active) return end({ arrived: host.name, pod: sender });
    if (pod) {
      stage.way = { kind: 'pod', pod, interface: pods.vethOf(pod) };
      if (world.policies?.active && policed(host)) {
        stage.passage = forward(host, sent);
        if (stage.passage.hops.length > 0) stage.left = stage.passage.packet;
        return explained(world, stage, pod) ?? end({ arrived: host.name, pod });
      }
      return deliver(world, stage, pod, current.src) ?? end({ arrived: host.name, pod });
    }
    const passage = pass(host, sent, origin);
    Object.assign(stage, { passage, left: (current = passage.packet) });
    const rules = host.policed && world.policies?.active === true;
    if (rules) explained(world, stage, passage.outcome === 'local' || origin === 'host' ? undefined : pods.at(host.name, current.dst));
    if (passage.outcome === 'DROP') return end({ error: 'timeout' });
    if (passage.outcome === 'REJECT') return end({ error: 'refused' });
    if (passage.outcome === 'local') {
      const on = handOver(world, host, passage);
      if (on === undefined) return end({ ip: host.ip, arrived: host.name });
      if (on === 'closed') return end({ error: 'closed' });
      [current, origin, unwrapped] = [on, 'host', undefined];
      continue;
    }
    const way: Way = (stage.way = pods.way(host.name, current.dst));
    const target = pods.pod(host.name, current.dst);
    const refused: Journey | undefined = sender && stages.length === 1 && !rules ? ask(world, stage, 'egress', { from: { ip: sent.src, pod: sender }, to: { ip: current.dst, pod: target } }) : undefined;
    if (refused) return refused;
    const led = world.lead?.(current);
    if (led && 'error' in led) return end({ error: led.error });
    if (led) {
      stage.way = { kind: 'node', node: led.through, interface: 'eth0' };
      stages.push(throughEdge(led, current));
      [current, host, origin, unwrapped] = [led.packet, world.host(led.machine), 'outside', undefined];
      continue;
    }
    if (!host.isNode) return end({ error: 'timeout' });
    if (way.kind === 'lost') return end({ error: 'timeout', loss: way.why });
    // Policies are asked before the sender's address is changed on the way out.
    if (way.kind === 'pod' && unanswered(world, stage)) return end({ error: 'timeout' });
    if (way.kind === 'pod') return (rules ? undefined : deliver(world, stage, way.pod, sent.src)) ?? end({ arrived: host.name, pod: way.pod });
    if (!target && !world.host(way.node)?.isLocal(current.dst)) return end({ error: 'timeout', loss: 'no-pod' });
    [host, origin, unwrapped] = [world.host(way.node), 'outside', way.encapsulation];
  }
  return end({ error: 'timeout' });

  /** Undefined when the policies let it through. */
  function ask({ policies }: World, stage: Stage, direction: 'ingress' | 'egress', ends: { from: End; to: End }): Journey | undefined {
    const verdict = policies?.active ? policies.judge(direction, { ...ends, protocol: spoken, port: current.dport }) : undefined;
    if (verdict) stage.verdicts.push(verdict);
    return verdict?.allowed === false ? end({ error: policies!.support.verdict === 'REJECT' ? 'refused' : 'timeout' }) : undefined;
  }

  /** Rules have decided; which policies they were made of is told beside them. Undefined when the packet goes on. */
  function explained({ policies }: World, stage: Stage, target: Attachment | undefined): Journey | undefined {
    const { outcome, packet } = stage.passage!;
    const from = { ip: stage.sent.src, ...(stage.sent.src === sender?.ip && { pod: sender }) };
    const to = { ip: packet.dst, pod: target ?? pods.pod(stage.host.name, packet.dst) };
    const directions = [...(sender && stages.length === 1 ? ['egress' as const] : []), ...(target ? ['ingress' as const] : [])];
    const said = directions.flatMap((direction) => policies!.judge(direction, { from, to, protocol: spoken, port: packet.dport }) ?? []);
    const chain = stage.passage!.hops.at(-1)?.verdict?.step?.chain ?? '';
    const denied = outcome === 'DROP' || outcome === 'REJECT' ? said.findIndex(({ allowed }) => !allowed) : -1;
    if (denied >= 0 && ofPolicies.test(chain)) stage.verdicts.push(...said.slice(0, denied + 1));
    else if (outcome !== 'DROP' && outcome !== 'REJECT') stage.verdicts.push(...said.filter(({ allowed }) => allowed));
    return outcome === 'DROP' || outcome === 'REJECT' ? end({ error: outcome === 'DROP' ? 'timeout' : 'refused' }) : undefined;
  }

  /** A node may always reach the pods that run on it. */
  function deliver(at: World, stage: Stage, pod: Attachment, src: string): Journey | undefined {
    if (stage.origin === 'host' || src === stage.host.ip) return undefined;
    // Whose address was changed on the way is not known as a pod any more.
    return ask(at, stage, 'ingress', { from: { ip: src, ...(src === sender?.ip && { pod: sender }) }, to: { ip: pod.ip, pod } });
  }
}

/**
 * The answer of a pod on the same bridge goes straight back over it: where no rule sees that, nobody gives it the address of the
 * Service again that was asked, and the caller throws it away.
 */
function unanswered({ pods }: World, { host, origin, sent, left }: Stage): boolean {
  const translated = left.dnat && left.src === sent.src;
  return origin === 'pod' && translated && pods.profile.bridge !== undefined && pods.hosts.get(host.name)?.machine.filtersBridges === false;
}

/** Chains of plug-ins that enforce policies. */
const ofPolicies = /^(cali-|KUBE-POD-FW-|KUBE-NWPLCY-)/;

/** Past a load balancer, or a gateway to the machines' private addresses. */
function throughEdge({ through, packet, machine }: Exclude<Led, { error: DialError }>, before: Packet): Stage {
  const way: Way = { kind: 'node', node: machine, interface: 'eth0' };
  const passage: Passage = { outcome: 'forward', packet, hops: [{ hook: 'forward', before, after: packet, steps: [] }] };
  return { host: { name: through, ip: '' }, origin: 'outside', sent: before, left: packet, verdicts: [], way, passage };
}

function incoming(origin: Origin, { pods }: World, sender: Attachment | undefined): string {
  if (origin !== 'pod') return origin === 'host' ? '' : 'eth0';
  return pods.profile.bridge ?? (sender ? pods.vethOf(sender) : '');
}

/**
 * In userspace mode kube-proxy itself took the connection, and opens another to an endpoint; undefined when it is not its. The
 * caller's is open by then: when no endpoint answers it is closed without a word.
 */
function handOver(world: World, host: HostNetwork, { packet, hops }: Passage): Packet | 'closed' | undefined {
  const { userspace } = host.proxy;
  const port = userspace?.portAt(packet.dport, packet.protocol);
  if (!userspace || !port) return undefined;
  const sender = (ip: string) => ({ src: host.addressTowards(ip), sport: 1024 + host.random.int(64512) });
  const attempts = userspace.connect(port, packet.src, { now: host.now, dial: (endpoint) => world.refusal(host.name, ...splitPort(endpoint)) });
  let on: Packet | 'closed' = 'closed';
  for (const { endpoint, error } of attempts) {
    const [ip, dport] = splitPort(endpoint);
    const after: Packet = { ...packet, ...sender(ip), dst: ip, dport, mark: 0, dnat: false, bridged: false };
    hops.push({ hook: 'kube-proxy', before: packet, after, steps: [], ...(error && { said: error }) });
    if (!error) on = after;
  }
  return on;
}
