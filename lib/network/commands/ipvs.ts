// ipvsadm and ipset, for looking at what kube-proxy made in ipvs mode.
import type { HostNetwork } from '../host-network.ts';
import { addressPort } from '../netfilter/packet.ts';
import type { CommandResult } from './iptables.ts';

const columns = 'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n';

/** The host in each family that it has, its rules brought up to date. */
function familiesOf(host: HostNetwork): HostNetwork[] {
  const both = (['IPv4', 'IPv6'] as const).flatMap((family) => host.in(family) ?? []);
  for (const one of both) one.sync();
  return both;
}

/** `ipvsadm -Ln`. The counts are of connections that are over but not yet forgotten. */
export function ipvsadm(host: HostNetwork, args: readonly string[]): CommandResult {
  if (!args.some((arg) => /^-\w*[Ll]/.test(arg) || arg === '--list')) return { err: '# 도움말: 여기에서는 보기만 할 수 있다: ipvsadm -Ln\n', code: 2 };
  const both = familiesOf(host);
  const connections = both.flatMap(({ conntrack, now }) => conntrack.list(now));
  const servers = both.flatMap(({ proxy }) => proxy.ipvs?.virtualServers ?? []).sort((a, b) => (`${a.protocol} ${a.address}` < `${b.protocol} ${b.address}` ? -1 : 1));
  const rows = servers.map(({ protocol, address, port, scheduler, persistent, timeout, realServers }) => {
    const head = `${protocol.padEnd(4)} ${addressPort(address, port)} ${scheduler}${persistent ? ` persistent ${timeout}` : ''}\n`;
    const behind = realServers.map((server) => {
      const inactive = connections.filter((one) => one.dst === address && one.dport === port && one.to.ip === server.address && one.to.port === server.port).length;
      return `  -> ${addressPort(server.address, server.port).padEnd(28)} Masq    ${String(server.weight).padEnd(6)} ${'0'.padEnd(10)} ${String(inactive).padEnd(10)}\n`;
    });
    return head + behind.join('');
  });
  return { out: columns + rows.join('') };
}

/** `ipset list [NAME]`, `ipset -L`. */
export function ipset(host: HostNetwork, args: readonly string[]): CommandResult {
  const names = args.includes('-n') || args.includes('-name');
  const wanted = args.slice(1).find((arg) => !arg.startsWith('-'));
  if (!['list', '-L', '--list'].includes(args[0] ?? '')) return { err: '# 도움말: 여기에서는 보기만 할 수 있다: ipset list KUBE-CLUSTER-IP\n', code: 2 };
  const sets = (['IPv4', 'IPv6'] as const).flatMap((family) => host.tablesIn(family).sets).filter(({ name }) => wanted === undefined || name === wanted);
  if (wanted !== undefined && sets.length === 0) return { err: 'ipset v7.17: The set with the given name does not exist\n', code: 1 };
  if (names) return { out: sets.map(({ name }) => `${name}\n`).join('') };
  return { out: sets.map(({ name, type, entries }) => `Name: ${name}\nType: ${type}\n${type === 'bitmap:port' ? 'Header: range 0-65535\n' : `Header: family ${/^(KUBE-6-|cali6|inet6:)/.test(name) ? 'inet6' : 'inet'} hashsize 1024 maxelem 65536\n`}Number of entries: ${entries.size}\nMembers:\n${[...entries].map((entry) => `${entry}\n`).join('')}`).join('\n') };
}
