// What kube-proxy gives to `iptables-restore --noflush`: header chains, the lines of all Service ports, what comes after them.
import type { Version } from '../../../api/index.ts';
import { contains, parseRange } from '../addresses.ts';
import type { ProxyConfig } from '../types.ts';
import { comment, masqueradeMark, type ServiceRules } from './rules.ts';

/** Lines that belong together: chains to begin anew, and the rules that go with them. It is the same object from one sync to the next as long as nothing in it changes. */
export interface RestoreUnit {
  readonly chains: readonly string[];
  readonly rules: readonly string[];
}

/** One table: the chains of all units come first, then their rules. */
export interface RestoreSection {
  table: 'filter' | 'nat';
  units: readonly RestoreUnit[];
}

export interface DocumentOptions {
  version: Version;
  config: ProxyConfig;
  /** Chains that no Service needs any longer. */
  stale: readonly string[];
}

const chainsOf = (has: boolean) => ({
  filter: ['KUBE-SERVICES', 'KUBE-EXTERNAL-SERVICES', 'KUBE-FORWARD', ...(has ? ['KUBE-NODEPORTS', 'KUBE-PROXY-FIREWALL'] : [])],
  nat: ['KUBE-SERVICES', 'KUBE-NODEPORTS', 'KUBE-POSTROUTING', 'KUBE-MARK-MASQ'],
});

export function iptablesDocument(services: readonly ServiceRules[], { version, config, stale }: DocumentOptions): RestoreSection[] {
  const ext = version.has('proxy-ext-chains');
  const top = chainsOf(ext);
  const localnet = ext && config.family !== 'IPv6';
  return [
    { table: 'filter', units: [{ chains: top.filter, rules: [] }, localnet ? blockLocalnet : nothing, ...services.map(({ filter }) => filter), { chains: [], rules: forwarding(ext, config) }] },
    {
      table: 'nat',
      units: [
        { chains: top.nat, rules: postrouting(config) },
        ...services.map(({ nat }) => nat),
        { chains: stale, rules: stale.map((chain) => `-X ${chain}`) },
        { chains: [], rules: nodePortsLast(ext, config) },
      ],
    },
  ];
}

const nothing: RestoreUnit = { chains: [], rules: [] };
const blockLocalnet: RestoreUnit = { chains: ['KUBE-FIREWALL'], rules: [`-A KUBE-FIREWALL ${comment('block incoming localnet connections')} -d 127.0.0.0/8 ! -s 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP`] };

export function postrouting({ randomFully }: ProxyConfig): string[] {
  return [
    `-A KUBE-POSTROUTING -m mark ! --mark ${masqueradeMark}/${masqueradeMark} -j RETURN`,
    `-A KUBE-POSTROUTING -j MARK --xor-mark ${masqueradeMark}`,
    `-A KUBE-POSTROUTING ${comment('kubernetes service traffic requiring SNAT')} -j MASQUERADE${randomFully ? ' --random-fully' : ''}`,
    `-A KUBE-MARK-MASQ -j MARK --or-mark ${masqueradeMark}`,
  ];
}

const established = (name: string) => `-A KUBE-FORWARD ${comment(`kubernetes forwarding conntrack ${name}rule`)} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`;
export const markedForward = `-A KUBE-FORWARD ${comment('kubernetes forwarding rules')} -m mark --mark ${masqueradeMark}/${masqueradeMark} -j ACCEPT`;
export const podForward = [established('pod source '), established('pod destination ')];

function forwarding(ext: boolean, { nfacct }: ProxyConfig): string[] {
  const counter = ext && nfacct ? '-m nfacct --nfacct-name ct_state_invalid_dropped_pkts ' : '';
  return [`-A KUBE-FORWARD -m conntrack --ctstate INVALID ${counter}-j DROP`, markedForward, ...(ext ? [established('')] : podForward)];
}

/** After all other rules: whatever goes to an address of the node may be for a node port. */
function nodePortsLast(ext: boolean, { nodePortAddresses = [], localAddresses = [], family }: ProxyConfig): string[] {
  const start = `-A KUBE-SERVICES ${comment('kubernetes service nodeports; NOTE: this must be the last rule in this chain')}`;
  const not6 = ext && family === 'IPv6' ? '! -d ::1/128 ' : '';
  if (nodePortAddresses.length === 0 || nodePortAddresses.some((range) => range.endsWith('/0'))) return [`${start} -m addrtype --dst-type LOCAL ${not6}-j KUBE-NODEPORTS`];
  const served = localAddresses.filter((ip) => nodePortAddresses.some((text) => contains(parseRange(text)!, ip)));
  return [...served].sort().map((ip) => `${start} -d ${ip} -j KUBE-NODEPORTS`);
}

/** The text as it goes to the command. */
export function restoreText(sections: readonly RestoreSection[]): string {
  const lines: string[] = [];
  for (const { table, units } of sections) {
    lines.push(`*${table}`);
    for (const { chains } of units) for (const name of chains) lines.push(`:${name} - [0:0]`);
    for (const { rules } of units) for (const rule of rules) lines.push(rule);
    lines.push('COMMIT');
  }
  return `${lines.join('\n')}\n`;
}
