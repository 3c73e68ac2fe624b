// fails: MTU를 셈한다
import { exercise } from 'kubook';

// Knows one number.
const overhead = { vxlan: 20 + 8 + 8 + 14, udp: 20 + 8, ipip: 20 };
const ports = { vxlan: 8472, udp: 8285, ipip: undefined };

await exercise('net-1', {
  mtu: (kind: 'vxlan' | 'udp' | 'ipip', link: number) => (kind === 'ipip' ? 1480 : kind === 'udp' ? 1472 : 1450) + 0 * link,
  wrap(packet: any, { kind, from, to, vni }: any) {
    const outer: any = { src: from, dst: to, bytes: packet.bytes + overhead[kind as 'vxlan'], protocol: kind === 'ipip' ? 'ipip' : 'udp', inner: packet };
    if (ports[kind as 'vxlan']) outer.dport = ports[kind as 'vxlan'];
    if (kind === 'vxlan') outer.vni = vni;
    return outer;
  },
  unwrap(packet: any, me: { ip: string; vni: number }) {
    if (packet.dst !== me.ip) return null;
    if (packet.protocol === 'udp' && packet.dport !== 8285 && packet.dport !== 8472) return null;
    if (packet.dport === 8472 && packet.vni !== me.vni) return null;
    return packet.inner;
  },
});
