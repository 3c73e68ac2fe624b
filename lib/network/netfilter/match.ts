// Does a rule hold for a packet? Addresses and protocol first, then the matches as they were written: chance is asked last.
import { contains } from '../kube-proxy/addresses.ts';
import { inSet } from './ipset.ts';
import { type HostFacts, isIcmp, type Packet } from './packet.ts';
import type { Inverted, Match, PrintedRange, Rule } from './rule.ts';

export function ruleMatches(rule: Rule, packet: Packet, host: HostFacts): boolean {
  const { source, destination, protocol, inInterface, outInterface, matches } = rule;
  if (destination && inRange(destination, packet.dst) === destination.not) return false;
  if (source && inRange(source, packet.src) === source.not) return false;
  if (protocol && (protocol.value === packet.protocol) === protocol.not) return false;
  if (inInterface && named(inInterface.value, packet.inInterface) === inInterface.not) return false;
  if (outInterface && named(outInterface.value, packet.outInterface) === outInterface.not) return false;
  for (const match of matches) if (!holds(match, packet, host)) return false;
  return true;
}

/** `cali+` are all interfaces whose names begin so. */
const named = (wanted: string, name: string) => (wanted.endsWith('+') ? name.startsWith(wanted.slice(0, -1)) : wanted === name);
const inRange = ({ value }: Inverted<PrintedRange>, address: string) => (value.single === undefined ? contains(value, address) : value.single === address);

/** The one type that is sent here. */
const echoRequest = { icmp: '8', icmp6: '128' } as const;

function holds(match: Match, packet: Packet, host: HostFacts): boolean {
  switch (match.kind) {
    case 'comment':
    case 'nfacct':
      return true;
    case 'tcp':
    case 'udp':
    case 'sctp':
      return match.kind === packet.protocol && isPort(match.dport, packet.dport, match.dportTo) && isPort(match.sport, packet.sport);
    // Differs from Kubernetes: what the node sends to an address of its own is told apart where it comes in.
    case 'ipvs':
      return false;
    case 'icmp':
    case 'icmp6':
      return packet.protocol === (match.kind === 'icmp' ? 'icmp' : 'ipv6-icmp') && (match.type.value === echoRequest[match.kind]) !== match.type.not;
    case 'multiport':
      return !isIcmp(packet.protocol) && match.dports.value.some(([first, last]) => packet.dport >= first && packet.dport <= last) !== match.dports.not;
    case 'limit':
      return true;
    case 'addrtype':
      if (match.limitOut) return (packet.src === host.addressTowards?.(packet.dst)) !== match.src?.not;
      return ofType(match.src, packet.src, host) && ofType(match.dst, packet.dst, host);
    case 'conntrack':
      return (match.states.value.includes(packet.state) || (packet.dnat && match.states.value.includes('DNAT'))) !== match.states.not;
    case 'state':
      return match.state.value.includes(packet.state) !== match.state.not;
    case 'mark':
      return ((packet.mark & match.mask) >>> 0 === match.value >>> 0) !== match.not;
    case 'statistic':
      return host.random.next() < match.probability;
    case 'recent':
      return recently(match, packet, host);
    case 'set':
      return inSet(host.set(match.name), match.directions, packet) !== match.not;
    case 'physdev':
      if (match.isBridged) return (packet.bridged && !packet.dnat && packet.inInterface === packet.outInterface) !== match.isBridged.not;
      return packet.bridged !== match.isIn?.not;
  }
}

const isPort = (wanted: Inverted<number> | undefined, port: number, last = wanted?.value ?? 0) => !wanted || (port >= wanted.value && port <= last) !== wanted.not;
const ofType = (wanted: Inverted<string> | undefined, address: string, host: HostFacts) => !wanted || (wanted.value === 'LOCAL' && host.isLocal(address)) !== wanted.not;

function recently({ action, name, seconds = Infinity }: Extract<Match, { kind: 'recent' }>, { src }: Packet, { recent, now }: HostFacts): boolean {
  if (action === 'rcheck') {
    const seen = recent.get(name)?.get(src);
    return seen !== undefined && now - seen <= seconds * 1000;
  }
  let list = recent.get(name);
  if (!list) recent.set(name, (list = new Map()));
  list.set(src, now);
  return true;
}
