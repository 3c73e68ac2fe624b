// Connections that a host has seen, so that later packets and answers go the same way.
import { isIcmp, type Packet } from './packet.ts';

export interface Connection {
  protocol: Packet['protocol'];
  /** As it was sent. */
  src: string;
  sport: number;
  dst: string;
  dport: number;
  /** Where it went. */
  to: { ip: string; port: number };
  /** Who the receiver thinks sent it. */
  from: { ip: string; port: number };
  /** Whether an answer came back by here; a TCP connection that was refused is closed at once. */
  answer: 'none' | 'refused' | 'some';
  /** Milliseconds. */
  expires: number;
}

/** Connections that are meant; what is missing holds for all. */
export interface FlowFilter {
  protocol: string;
  origDst?: string;
  dport?: number;
  dstNat?: string;
  /** All but those that went there. */
  except?: ReadonlySet<string>;
}

/** How long a connection is remembered after its last packet, in milliseconds. */
const timeouts = { tcp: 120_000, udp: 30_000, sctp: 10_000, icmp: 30_000, 'ipv6-icmp': 30_000 };
/** A connection that was reset. */
const closing = 10_000;
/** More than this many, and those that are over are thrown out. */
const sweepAt = 4096;

const keyOf = ({ protocol, src, sport, dst, dport }: Pick<Connection, 'protocol' | 'src' | 'sport' | 'dst' | 'dport'>) => `${protocol} ${src}:${sport} ${dst}:${dport}`;

export class Conntrack {
  #connections = new Map<string, Connection>();
  #sweepAt = sweepAt;

  find(packet: Packet, now: number): Connection | undefined {
    const found = this.#connections.get(keyOf(packet));
    if (!found || found.expires <= now) return undefined;
    found.expires = now + timeouts[found.protocol];
    return found;
  }

  /** `before` is the packet as it came. */
  add(before: Packet, after: Packet, now: number): void {
    const { protocol, src, sport, dst, dport } = before;
    const connection: Connection = { protocol, src, sport, dst, dport, to: { ip: after.dst, port: after.dport }, from: { ip: after.src, port: after.sport }, answer: 'none', expires: now + timeouts[protocol] };
    this.#connections.set(keyOf(before), connection);
    if (this.#connections.size <= this.#sweepAt) return;
    for (const [key, { expires }] of this.#connections) if (expires <= now) this.#connections.delete(key);
    this.#sweepAt = Math.max(sweepAt, 2 * this.#connections.size);
  }

  /** What became of a connection, as it came to the host. */
  answered(before: Packet, answer: Connection['answer'], now: number): void {
    const found = this.#connections.get(keyOf(before));
    if (!found) return;
    found.answer = answer;
    if (found.protocol === 'tcp' && answer === 'refused') found.expires = now + closing;
  }

  list(now: number): Connection[] {
    return [...this.#connections.values()].filter(({ expires }) => expires > now);
  }

  /** `conntrack -D …`. */
  delete({ protocol, origDst, dport, dstNat, except }: FlowFilter): void {
    for (const [key, connection] of this.#connections) {
      const to = connection.to.ip;
      const meant = connection.protocol === protocol && (origDst === undefined || connection.dst === origDst) && (dport === undefined || connection.dport === dport) && (dstNat === undefined || to === dstNat) && !except?.has(to);
      if (meant) this.#connections.delete(key);
    }
  }

  clear(): void {
    this.#connections.clear();
  }
}

/** The filters of a `conntrack -D` command. */
export function deletion(command: string): FlowFilter {
  const after = (option: string) => new RegExp(` ${option} (\\S+)`).exec(command)?.[1];
  const dport = after('--dport');
  return { protocol: after('-p') ?? 'udp', origDst: after('--orig-dst'), dstNat: after('--dst-nat'), ...(dport && { dport: Number(dport) }) };
}

/** In the words of TCP; of SCTP those of one that is over, too. */
function stateOf({ protocol, answer }: Connection): string {
  if (protocol === 'tcp') return { none: 'SYN_SENT ', refused: 'CLOSE ', some: 'TIME_WAIT ' }[answer];
  return protocol === 'sctp' ? { none: 'COOKIE_WAIT ', refused: 'CLOSED ', some: 'ESTABLISHED ' }[answer] : '';
}

/** As `conntrack -L` prints one. Differs from a real host: an exchange over UDP is always one packet each way, too little to be assured. */
export function connectionText(connection: Connection, now: number): string {
  const { protocol, src, sport, dst, dport, to, from, answer, expires } = connection;
  const number = { tcp: 6, udp: 17, sctp: 132, icmp: 1, 'ipv6-icmp': 58 }[protocol];
  const left = Math.ceil((expires - now) / 1000);
  const unreplied = answer === 'none' ? '[UNREPLIED] ' : '';
  if (isIcmp(protocol)) {
    const [name, asked, answered] = protocol === 'icmp' ? ['icmp', 8, 0] : ['icmpv6', 128, 129];
    const line = (ends: string, type: number, id: number) => `${ends} type=${type} code=0 id=${id}`;
    return `${name.padEnd(8)} ${number} ${left} ${line(`src=${src} dst=${dst}`, asked, sport)} ${unreplied}${line(`src=${to.ip} dst=${from.ip}`, answered, from.port)} mark=0 use=1`;
  }
  const reply = `src=${to.ip} dst=${from.ip} sport=${to.port} dport=${from.port}`;
  const assured = answer === 'some' && protocol !== 'udp' ? '[ASSURED] ' : '';
  return `${protocol.padEnd(8)} ${number} ${left} ${stateOf(connection)}src=${src} dst=${dst} sport=${sport} dport=${dport} ${unreplied}${reply} ${assured}mark=0 use=1`;
}
