// A rule as the kernel keeps it: what it looks at, and what then happens.
import type { Range } from '../kube-proxy/addresses.ts';

export interface Inverted<T> {
  value: T;
  not: boolean;
}

export type CtState = 'INVALID' | 'NEW' | 'RELATED' | 'ESTABLISHED' | 'UNTRACKED' | 'SNAT' | 'DNAT';

/** One `-m …`, in the order in which they were written. */
export type Match =
  | { kind: 'comment'; text: string }
  | { kind: 'tcp' | 'udp' | 'sctp'; dport?: Inverted<number>; sport?: Inverted<number>; /** The last of a range of ports. */ dportTo?: number }
  | { kind: 'icmp' | 'icmp6'; type: Inverted<string> }
  /** Up to 15 ports and ends of ranges. */
  | { kind: 'multiport'; dports: Inverted<readonly (readonly [first: number, last: number])[]> }
  | { kind: 'addrtype'; src?: Inverted<string>; dst?: Inverted<string>; /** Addresses of the interface that the packet leaves by. */ limitOut?: true }
  | { kind: 'conntrack'; states: Inverted<readonly CtState[]> }
  /** The older way to ask for the same. */
  | { kind: 'state'; state: Inverted<readonly CtState[]> }
  | { kind: 'mark'; value: number; mask: number; not: boolean }
  | { kind: 'statistic'; probability: number }
  | { kind: 'recent'; action: 'set' | 'rcheck'; name: string; seconds?: number; reap?: boolean }
  | { kind: 'set'; name: string; directions: readonly ('src' | 'dst')[]; not: boolean }
  | { kind: 'physdev'; isIn?: Inverted<true>; isBridged?: Inverted<true> }
  /** What the kernel's load balancer made of another packet. */
  | { kind: 'ipvs'; vaddr: string; vproto: number; vport: number }
  /** How often; here always. */
  | { kind: 'limit'; rate: string; burst?: number }
  | { kind: 'nfacct'; name: string };

export type Target =
  | { kind: 'none' }
  | { kind: 'ACCEPT' | 'DROP' | 'RETURN' }
  | { kind: 'jump'; chain: string }
  /** As a jump, but what returns goes on behind the jump that led here. */
  | { kind: 'goto'; chain: string }
  /** Somebody may look at it. */
  | { kind: 'NFLOG'; group: number }
  | { kind: 'REJECT'; with: string }
  | { kind: 'MASQUERADE'; randomFully: boolean }
  | { kind: 'DNAT'; to: string }
  /** To a port of the host itself. */
  | { kind: 'REDIRECT'; port: number }
  | { kind: 'MARK'; value: number; mask: number };

/** A range as it is printed, and the address when it is one alone. */
export interface PrintedRange extends Range {
  readonly text: string;
  readonly single: string | undefined;
}

export interface Rule {
  readonly source?: Inverted<PrintedRange>;
  readonly destination?: Inverted<PrintedRange>;
  readonly inInterface?: Inverted<string>;
  readonly outInterface?: Inverted<string>;
  readonly protocol?: Inverted<string>;
  readonly matches: readonly Match[];
  readonly target: Target;
}
