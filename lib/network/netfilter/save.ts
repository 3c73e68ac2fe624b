// Prints a rule as iptables-save does: addresses first, matches as they were written, the target last.
import type { Inverted, Match, Rule, Target } from './rule.ts';

/** Without `-A CHAIN`. */
export function ruleText({ source, destination, inInterface, outInterface, protocol, matches, target }: Rule, family: 'IPv4' | 'IPv6' = 'IPv4'): string {
  const words = [
    option('-s', source && { value: source.value.text, not: source.not }),
    option('-d', destination && { value: destination.value.text, not: destination.not }),
    option('-i', inInterface),
    option('-o', outInterface),
    option('-p', protocol),
    ...matches.map((match) => matchText(match, family)),
    targetText(target),
  ];
  return words.filter(Boolean).join(' ');
}

const not = (inverted: boolean) => (inverted ? '! ' : '');
const option = (name: string, field: Inverted<string | number> | undefined) => (field ? `${not(field.not)}${name} ${field.value}` : '');
export const hex = (value: number) => `0x${(value >>> 0).toString(16)}`;

function matchText(match: Match, family: string): string {
  switch (match.kind) {
    case 'comment':
      return `-m comment --comment ${quoted(match.text)}`;
    case 'tcp':
    case 'udp':
    case 'sctp':
      return ['-m', match.kind, option('--sport', match.sport), option('--dport', match.dport && { value: `${match.dport.value}${match.dportTo === undefined ? '' : `:${match.dportTo}`}`, not: match.dport.not })].filter(Boolean).join(' ');
    case 'icmp6':
      return `-m icmp6 ${option('--icmpv6-type', match.type)}`;
    case 'icmp':
      return `-m icmp ${option('--icmp-type', match.type)}`;
    case 'multiport':
      return `-m multiport ${option('--dports', { value: portsText(match.dports.value), not: match.dports.not })}`;
    case 'addrtype':
      return ['-m addrtype', option('--src-type', match.src), option('--dst-type', match.dst), match.limitOut && '--limit-iface-out'].filter(Boolean).join(' ');
    case 'conntrack':
      return `-m conntrack ${not(match.states.not)}--ctstate ${match.states.value.join(',')}`;
    case 'state':
      return `-m state ${not(match.state.not)}--state ${match.state.value.join(',')}`;
    case 'mark':
      return `-m mark ${not(match.not)}--mark ${hex(match.value)}${match.mask === 0xffffffff ? '' : `/${hex(match.mask)}`}`;
    case 'statistic':
      return `-m statistic --mode random --probability ${match.probability.toFixed(11)}`;
    case 'recent':
      return recent(match, family);
    case 'set':
      return `-m set ${not(match.not)}--match-set ${match.name} ${match.directions.join(',')}`;
    case 'physdev':
      return ['-m physdev', ...[match.isIn && `${not(match.isIn.not)}--physdev-is-in`, match.isBridged && `${not(match.isBridged.not)}--physdev-is-bridged`]].filter(Boolean).join(' ');
    case 'ipvs':
      return `-m ipvs --vproto ${match.vproto} --vaddr ${match.vaddr} --vport ${match.vport}`;
    case 'limit':
      return `-m limit --limit ${match.rate}${match.burst === undefined ? '' : ` --limit-burst ${match.burst}`}`;
    case 'nfacct':
      return `-m nfacct --nfacct-name ${match.name}`;
  }
}

export const portsText = (ranges: readonly (readonly [number, number])[]) => ranges.map(([first, last]) => (first === last ? String(first) : `${first}:${last}`)).join(',');

/** iptables quotes a comment unless it is one plain word of letters. */
const quoted = (text: string) => (/^[\w-]+$/.test(text) ? text : `"${text.replace(/["'\\]/g, '\\$&')}"`);

function recent({ action, name, seconds, reap }: Extract<Match, { kind: 'recent' }>, family: string): string {
  const mask = family === 'IPv6' ? 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' : '255.255.255.255';
  return `-m recent --${action}${seconds === undefined ? '' : ` --seconds ${seconds}`}${reap ? ' --reap' : ''} --name ${name} --mask ${mask} --rsource`;
}

function targetText(target: Target): string {
  switch (target.kind) {
    case 'none':
      return '';
    case 'jump':
      return `-j ${target.chain}`;
    case 'goto':
      return `-g ${target.chain}`;
    case 'NFLOG':
      return `-j NFLOG --nflog-group ${target.group}`;
    case 'REJECT':
      return `-j REJECT --reject-with ${target.with}`;
    case 'MASQUERADE':
      return `-j MASQUERADE${target.randomFully ? ' --random-fully' : ''}`;
    case 'DNAT':
      return `-j DNAT --to-destination ${target.to}`;
    case 'REDIRECT':
      return `-j REDIRECT --to-ports ${target.port}`;
    case 'MARK':
      return `-j MARK --set-xmark ${hex(target.value)}/${hex(target.mask)}`;
    default:
      return `-j ${target.kind}`;
  }
}
