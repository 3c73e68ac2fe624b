// nft, for looking at what kube-proxy made in nftables mode.
// Differs from Kubernetes: the tables that iptables-nft keeps for the kubelet are not listed.
import type { HostNetwork } from '../host-network.ts';
import { listOne, listTable, NftError, type NftTable } from '../nftables/index.ts';
import type { CommandResult } from './iptables.ts';

const missing: CommandResult = { err: 'Error: No such file or directory\n', code: 1 };
const families: readonly string[] = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'];

/** `nft list ruleset`, `nft list tables`, `nft list table ip kube-proxy`, `nft list chain|map|set ip kube-proxy NAME`. */
export function nft(host: HostNetwork, args: readonly string[]): CommandResult {
  const [verb, what = '', ...rest] = args.filter((arg) => !/^-[a-z]+$/.test(arg));
  if (verb !== 'list') return { err: '# 도움말: 여기에서는 보기만 할 수 있다: nft list ruleset, nft list chain ip kube-proxy services\n', code: 1 };
  const tables = (['IPv4', 'IPv6'] as const).flatMap((family) => host.tablesIn(family).nft.tables);
  if (what === 'ruleset') return { out: tables.map((table) => listTable(table, host.now)).join('') };
  if (what === 'tables') return { out: tables.map(({ family, name }) => `table ${family} ${name}\n`).join('') };
  const [family, name = '', object = ''] = families.includes(rest[0] ?? '') ? rest : ['ip', ...rest];
  const table = tables.find((one) => one.family === family && one.name === name);
  if (!table) return missing;
  return what === 'table' ? { out: listTable(table, host.now) } : listed(table, what, { name: object, now: host.now });
}

function listed(table: NftTable, what: string, options: { name: string; now: number }): CommandResult {
  if (what !== 'chain' && what !== 'set' && what !== 'map') return { err: `Error: syntax error, unexpected ${what}\n`, code: 1 };
  try {
    return { out: listOne(table, what, options) };
  } catch (error) {
    if (error instanceof NftError) return missing;
    throw error;
  }
}
