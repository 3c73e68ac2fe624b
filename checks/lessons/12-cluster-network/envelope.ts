import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';

type Kind = 'vxlan' | 'udp' | 'ipip';
interface Inner {
  src: string;
  dst: string;
  /** Length of the IP packet. */
  bytes: number;
}
interface Outer extends Inner {
  protocol: 'udp' | 'ipip';
  dport?: number;
  vni?: number;
  inner: Inner;
}
interface Tunnel {
  kind: Kind;
  from: string;
  to: string;
  vni?: number;
}
interface Answer {
  mtu(kind: Kind, link: number): unknown;
  wrap(packet: Inner, tunnel: Tunnel): unknown;
  unwrap(packet: Outer, me: { ip: string; vni: number }): unknown;
}

/** Bytes of the headers in front of the inner packet: outer IP 20, UDP 8, VXLAN 8, the inner Ethernet frame 14. */
const overhead: Record<Kind, number> = { vxlan: 20 + 8 + 8 + 14, udp: 20 + 8, ipip: 20 };
const ports: Record<Kind, number | undefined> = { vxlan: 8472, udp: 8285, ipip: undefined };

export const envelope: FunctionExercise = {
  id: 'net-1',
  title: '캡슐 벗기기',
  kind: 'function',
  checks: [
    {
      name: 'MTU를 셈한다',
      points: 2,
      hint: '겉에 붙는 머리는 바깥 IP 20, UDP 8, VXLAN 8바이트다. VXLAN은 이더넷 프레임(14바이트)째로 싸고, UDP와 IP-in-IP는 IP 패킷만 싼다.',
      inputs: (random) => (['vxlan', 'udp', 'ipip'] as const).flatMap((kind) => [1500, 9000, 1400 + random.int(100)].map((link) => [kind, link])),
      drive: (answer: Answer, kind: Kind, link: number) => answer.mtu(kind, link),
      expected: (kind: Kind, link: number) => link - overhead[kind],
    },
    {
      name: '노드의 주소로 싼다',
      points: 2,
      hint: '겉봉의 보내는 이와 받는 이는 노드다. 안의 패킷은 한 글자도 바뀌지 않는다. 포트는 vxlan 8472, udp 8285이고, ipip에는 포트가 없다(열쇠도 두지 않는다).',
      inputs: (random) => Array.from({ length: 20 }, () => [packetOf(random), tunnelOf(random)]),
      drive: (answer: Answer, packet: Inner, tunnel: Tunnel) => answer.wrap(packet, tunnel),
      expected: wrap,
    },
    {
      name: '싼 것을 풀면 처음 것이다',
      points: 1,
      hint: 'unwrap(wrap(packet))은 packet과 같아야 한다.',
      inputs: (random) => Array.from({ length: 20 }, () => [packetOf(random), tunnelOf(random)]),
      drive: (answer: Answer, packet: Inner, tunnel: Tunnel) => answer.unwrap(answer.wrap(packet, tunnel) as Outer, { ip: tunnel.to, vni: tunnel.vni ?? 1 }),
      expected: (packet: Inner) => packet,
    },
    {
      name: '내게 온 것이 아니면 풀지 않는다',
      points: 2,
      hint: '겉봉의 받는 이가 내 주소이고, 포트가 그 방식의 것이고, VXLAN이면 VNI까지 같아야 한다. 아니면 null이다.',
      inputs: strangers,
      drive: (answer: Answer, packet: Outer, me: { ip: string; vni: number }) => answer.unwrap(packet, me),
      expected: unwrap,
    },
  ],
};

function wrap(packet: Inner, { kind, from, to, vni }: Tunnel): Outer {
  const dport = ports[kind];
  return { src: from, dst: to, bytes: packet.bytes + overhead[kind], protocol: kind === 'ipip' ? 'ipip' : 'udp', ...(dport && { dport }), ...(kind === 'vxlan' && { vni: vni! }), inner: packet };
}

function unwrap(packet: Outer, me: { ip: string; vni: number }): Inner | null {
  const mine = packet.dst === me.ip && (packet.protocol === 'ipip' || packet.dport === 8285 || (packet.dport === 8472 && packet.vni === me.vni));
  return mine ? packet.inner : null;
}

const address = (random: Random, net: string) => `${net}.${1 + random.int(3)}.${2 + random.int(250)}`;
const packetOf = (random: Random): Inner => ({ src: address(random, '10.244'), dst: address(random, '10.244'), bytes: 40 + random.int(1400) });

function tunnelOf(random: Random): Tunnel {
  const kind = random.pick(['vxlan', 'udp', 'ipip'] as const);
  return { kind, from: address(random, '10.0'), to: address(random, '10.0'), ...(kind === 'vxlan' && { vni: 1 + random.int(5) }) };
}

/** Each with one thing wrong, or none. */
function strangers(random: Random): unknown[][] {
  return Array.from({ length: 40 }, () => {
    const tunnel = tunnelOf(random);
    const packet = wrap(packetOf(random), tunnel);
    const me = { ip: tunnel.to, vni: tunnel.vni ?? 1 };
    return random.pick([
      () => [packet, me],
      () => [packet, { ...me, ip: address(random, '10.9') }],
      () => [{ ...packet, ...(packet.dport && { dport: 53 }) }, me],
      () => [packet, { ...me, vni: me.vni + 1 }],
    ])();
  });
}
