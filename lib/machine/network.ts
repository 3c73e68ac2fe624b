// What a machine's programs may ask of the network. `lib/network` answers it; probes and `wget` use it.

export interface HttpRequest {
  method: string;
  path: string;
  host: string;
  port: number;
  /** Address of the caller. */
  from: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface HttpResponse {
  status: number;
  body: string;
  headers?: Record<string, string>;
  /** Milliseconds until the answer is there. */
  delay?: number;
}

/** Something that has an address: a pod's sandbox, a host. */
export interface Endpoint {
  /** False while its host has no power: nothing answers, not even with a refusal. Missing: true. */
  readonly up?: boolean;
  /** What answers on a port, undefined when nothing listens (connection refused). */
  listener(port: number): ((request: HttpRequest) => HttpResponse) | undefined;
}

/** Who calls: the host, and the pod's namespace and address when a pod does. */
export interface Caller {
  node: string;
  ip: string;
  namespace?: string;
}

export type DialError = 'refused' | 'timeout' | 'unreachable' | 'no-such-host';
/** A connection as far as it got; `ip` is where it ended up (behind a Service: the pod), `from` who the receiver sees where that is not the caller. */
export type Dial = { ip: string; port: number; from?: string; listener: (request: HttpRequest) => HttpResponse; error?: undefined } | { ip: string; port: number; error: DialError };

export interface DnsQuestion {
  /** Absolute. */
  name: string;
  type: 'A' | 'AAAA' | 'CNAME' | 'SRV' | 'PTR' | 'TXT';
}

export interface DnsRecord {
  name: string;
  type: DnsQuestion['type'];
  /** Seconds. */
  ttl: number;
  data: string;
}

export interface DnsAnswer {
  /** NOERROR without records: the name is there, but has nothing of that type. */
  rcode: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL';
  records: DnsRecord[];
  additional?: DnsRecord[];
}

export interface Network {
  /** Why pods cannot get an address on this node yet; undefined when they can. */
  problem(node: string): string | undefined;
  /** Gives a pod an address. Throws with the plug-in's words when it cannot. */
  attach(node: string, endpoint: Endpoint & { readonly uid?: string; readonly namespace?: string; readonly name?: string }): string;
  detach(node: string, ip: string): void;
  /** `host` is an address or a name as `caller` would write it. */
  dial(caller: Caller, host: string, port: number): Dial;
  /** What the name server at this address answers `caller`; undefined: nobody does. */
  query(question: DnsQuestion, server: string, caller?: Caller): DnsAnswer | undefined;
}
