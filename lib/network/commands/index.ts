// What a learner types on a machine to see its network.
import type { HostNetwork } from '../host-network.ts';
import { connectionText } from '../netfilter/conntrack.ts';
import { type CommandResult, ip6tables, ip6tablesSave, iptables, iptablesSave } from './iptables.ts';
import { arp, bridge, ip } from './ip.ts';
import { ipset, ipvsadm } from './ipvs.ts';
import { nft } from './nft.ts';

export type { CommandResult } from './iptables.ts';

/** `conntrack -L [-p udp] [-d 10.96.0.10] [-f ipv6]`. */
function conntrack(host: HostNetwork, args: readonly string[]): CommandResult {
  if (!args.some((arg) => arg === '-L' || arg === '--dump')) return { err: '# 도움말: 여기에서는 보기만 할 수 있다: conntrack -L\n', code: 2 };
  const after = (...options: string[]) => args[args.findIndex((arg) => options.includes(arg)) + 1];
  const protocol = args.includes('-p') ? after('-p') : undefined;
  const dst = args.some((arg) => ['-d', '--orig-dst', '--dst'].includes(arg)) ? after('-d', '--orig-dst', '--dst') : undefined;
  const family = args.some((arg) => arg === '-f' || arg === '--family') && /6$/.test(after('-f', '--family') ?? '') ? 'IPv6' : 'IPv4';
  const found = (host.in(family)?.conntrack.list(host.now) ?? []).filter((one) => (!protocol || one.protocol === protocol.replace('icmpv6', 'ipv6-icmp')) && (!dst || one.dst === dst));
  return { out: found.map((one) => `${connectionText(one, host.now)}\n`).join(''), err: `conntrack v1.4.7 (conntrack-tools): ${found.length} flow entries have been shown.\n` };
}

export const networkCommands: Readonly<Record<string, (host: HostNetwork, args: readonly string[]) => CommandResult>> = {
  iptables,
  'iptables-save': iptablesSave,
  ip6tables,
  'ip6tables-save': ip6tablesSave,
  ipvsadm,
  ipset,
  nft,
  conntrack,
  ip,
  bridge,
  arp,
};
