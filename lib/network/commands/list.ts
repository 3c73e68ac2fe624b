// `iptables -L`: the same rules in columns, as iptables 1.8.9 prints them.
import type { Chain } from '../netfilter/chain.ts';
import type { Match, Rule, Target } from '../netfilter/rule.ts';
import { hex, portsText } from '../netfilter/save.ts';

export interface ListOptions {
  /** `-n`: addresses and protocols as numbers. */
  numeric: boolean;
  lineNumbers: boolean;
  family?: 'IPv4' | 'IPv6';
}

const numbers: Record<string, string> = { tcp: '6', udp: '17', sctp: '132', icmp: '1', 'ipv6-icmp': '58', ipencap: '4' };
const padded = (text: string, width: number, gap = ' ') => text.padEnd(width) + gap;

/** `references` is how many rules jump to the chain. */
export function listChain({ name, policy, rules }: Chain, references: number, options: ListOptions): string {
  const head = `Chain ${name} (${policy ? `policy ${policy}` : `${references} references`})\n`;
  const columns = `${options.lineNumbers ? 'num  ' : ''}target     prot opt source               destination         \n`;
  return head + columns + rules.map((rule, i) => `${(options.lineNumbers ? padded(String(i + 1), 4) : '') + row(rule, options)}\n`).join('');
}

function row({ source, destination, protocol, matches, target }: Rule, { numeric, family }: ListOptions): string {
  const six = family === 'IPv6';
  const proto = protocol ? `${protocol.not ? '!' : ''}${numeric ? (numbers[protocol.value] ?? protocol.value) : protocol.value}` : numeric ? '0' : 'all';
  const address = (range: Rule['source']) => (range?.not ? '!' : ' ') + padded(range?.value.text.replace(/\/(32|128)$/, '') ?? (!numeric ? 'anywhere' : six ? '::/0' : '0.0.0.0/0'), 19);
  const words = [...matches.map((match) => matchWords(match, six)), targetWords(target)].filter(Boolean);
  return padded(targetName(target), 9, '  ') + padded(proto, 4) + '-- ' + address(source) + address(destination) + (target.kind === 'goto' ? '[goto] ' : '') + words.map((word) => ` ${word}`).join('');
}

const targetName = (target: Target) => (target.kind === 'jump' || target.kind === 'goto' ? target.chain : target.kind === 'none' ? '' : target.kind);

function matchWords(match: Match, six: boolean): string {
  switch (match.kind) {
    case 'comment':
      return `/* ${match.text} */`;
    case 'tcp':
    case 'udp':
    case 'sctp':
      return [match.kind, match.sport && `spt:${match.sport.not ? '!' : ''}${match.sport.value}`, match.dport && `dpt${match.dportTo === undefined ? '' : 's'}:${match.dport.not ? '!' : ''}${match.dport.value}${match.dportTo === undefined ? '' : `:${match.dportTo}`}`].filter(Boolean).join(' ');
    case 'icmp6':
      return `ipv6-icmptype ${match.type.not ? '!' : ''}${match.type.value}`;
    case 'icmp':
      return `icmptype ${match.type.not ? '!' : ''}${match.type.value}`;
    case 'multiport':
      return `multiport dports ${match.dports.not ? '! ' : ''}${portsText(match.dports.value)}`;
    case 'ipvs':
      return `vproto ${match.vproto} vaddr ${match.vaddr.replace(/\/(32|128)$/, '')} vport ${match.vport}`;
    case 'limit':
      return `limit: avg ${match.rate} burst ${match.burst ?? 5}`;
    case 'addrtype':
      return ['ADDRTYPE match', match.src && `src-type ${match.src.not ? '!' : ''}${match.src.value}`, match.dst && `dst-type ${match.dst.not ? '!' : ''}${match.dst.value}`, match.limitOut && 'limit-out'].filter(Boolean).join(' ');
    case 'conntrack':
      return `${match.states.not ? '! ' : ''}ctstate ${match.states.value.join(',')}`;
    case 'state':
      return `state ${match.state.not ? '! ' : ''}${match.state.value.join(',')}`;
    case 'mark':
      return `mark match ${match.not ? '! ' : ''}${hex(match.value)}${match.mask === 0xffffffff ? '' : `/${hex(match.mask)}`}`;
    case 'statistic':
      return `statistic mode random probability ${match.probability.toFixed(11)}`;
    case 'recent':
      return `recent: ${match.action === 'set' ? 'SET' : 'CHECK'}${match.seconds === undefined ? '' : ` seconds: ${match.seconds}`}${match.reap ? ' reap' : ''} name: ${match.name} side: source mask: ${six ? 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' : '255.255.255.255'}`;
    case 'set':
      return `${match.not ? '! ' : ''}match-set ${match.name} ${match.directions.join(',')}`;
    case 'physdev':
      return `PHYSDEV match ${match.isBridged ? `${match.isBridged.not ? '! ' : ''}--physdev-is-bridged` : `${match.isIn?.not ? '! ' : ''}--physdev-is-in`}`;
    case 'nfacct':
      return `nfacct-name  ${match.name}`;
  }
}

function targetWords(target: Target): string {
  switch (target.kind) {
    case 'REJECT':
      return `reject-with ${target.with}`;
    case 'DNAT':
      return `to:${target.to}`;
    case 'REDIRECT':
      return `redir ports ${target.port}`;
    case 'MASQUERADE':
      return target.randomFully ? 'random-fully' : '';
    case 'MARK':
      return `MARK ${markText(target)}`;
    case 'NFLOG':
      return `nflog-group ${target.group}`;
    default:
      return '';
  }
}

/** Bits that are cleared, set or flipped have their own words. */
function markText({ value, mask }: { value: number; mask: number }): string {
  if (mask === 0) return `xor ${hex(value)}`;
  if (value === 0) return `and ${hex(~mask)}`;
  if (value === mask) return `or ${hex(value)}`;
  return mask === 0xffffffff ? `set ${hex(value)}` : `xset ${hex(value)}/${hex(mask)}`;
}
