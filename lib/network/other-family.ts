// What a node has in the tables of an address family that its cluster does not use: since v1.21 kubelet and kube-proxy write their chains
// in both families that the kernel has, and in this one there are no Services and no pods to write about.
import type { Version } from '../api/index.ts';
import type { Random } from '../sim/index.ts';
import { addKubeletRules } from './kubelet-rules.ts';
import type { IpSet } from './kube-proxy/index.ts';
import { modes, type ProxyMode } from './kube-proxy/modes/index.ts';
import type { Family, ProxyConfig } from './kube-proxy/types.ts';
import { Tables } from './netfilter/tables.ts';
import { NftRuleset } from './nftables/index.ts';

export interface FamilyTables {
  readonly tables: Tables;
  readonly nft: NftRuleset;
  readonly sets: readonly IpSet[];
}

interface Node {
  version: Version;
  mode: ProxyMode;
  random: Random;
  /** False: no node, so that nobody writes anything. */
  isNode: boolean;
  config: ProxyConfig;
}

export function otherFamily(family: Family, { version, mode, random, isNode, config }: Node): FamilyTables {
  const [tables, nft] = [new Tables(family), new NftRuleset()];
  if (!isNode || !version.has('dual-stack')) return { tables, nft, sets: [] };
  addKubeletRules(tables, version);
  // userspace mode never knew two families.
  if (mode === 'userspace') return { tables, nft, sets: [] };
  const [loopback, all] = family === 'IPv6' ? ['::1', '::/0'] : ['127.0.0.1', '0.0.0.0/0'];
  const { hostname, randomFully = false, nfacct = false } = config;
  const proxy = modes[mode]({ version, random, now: 0, tables, nft, store: { ports: new Map(), endpoints: new Map() }, config: { hostname, randomFully, nfacct, family, nodeIP: loopback, clusterCIDR: '', nodePortAddresses: [all] } });
  proxy.sync(undefined);
  return { tables, nft, sets: Object.values(proxy.ipvs?.sets ?? {}) };
}
