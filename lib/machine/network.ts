// What a machine's programs may ask of the network. `lib/network` answers it; probes and `wget` use it.
import type { FileView } from './files/index.ts';
import type { CpuUser } from './processor.ts';

export interface HttpRequest {
  method: string;
  path: string;
  host: string;
  port: number;
  /** Address of the caller. */
  from: string;
  headers?: Record<string, string>;
  body?: string;
  /** One of many alike, whose CPU time is counted together (a loop that asks all the time). */
  steady?: boolean;
}

export interface HttpResponse {
  status: number;
  body: string;
  headers?: Record<string, string>;
  /** Milliseconds until the answer is there. */
  delay?: number;
  /** Milliseconds of CPU time that it cost, beside `delay`; until somebody has waited for that, who spends it is not said. */
  cpu?: number;
  /** Whose CPU time it was. */
  by?: CpuUser;
  /** Of an answer that goes on: what has come since the last time, undefined once it has ended. */
  stream?: () => string | undefined;
  /** What the server showed first, over TLS. */
  certificate?: ServerCertificate;
}

export interface ServerCertificate {
  subject: string;
  /** Host names and addresses that it is valid for. */
  names?: readonly string[];
  /** The cluster's own authority has signed it. */
  trusted?: boolean;
}

/** The other end of a TCP connection, as a program sees it. */
export interface Peer {
  /** Its address. */
  readonly from: string;
  write(bytes: Uint8Array): void;
  /** Nothing more will be written. */
  end(): void;
}

/** A program's end of a TCP connection: what it does with what comes. */
export interface Stream {
  data(bytes: Uint8Array): void;
  /** The other side will write nothing more; it may still read. */
  end(): void;
}

/** What answers on a port: requests, and with `accept`, where it speaks something other than HTTP, a connection as it is. */
export interface Answering {
  (request: HttpRequest): HttpResponse;
  accept?: ((peer: Peer) => Stream) | undefined;
  /** Of a name server. */
  dns?: ((question: DnsQuestion) => DnsAnswer) | undefined;
  /** Whose CPU time an answer costs. */
  process?: { readonly cpu: CpuUser };
  /** What it shows first to whoever speaks TLS; `none`: it has none yet, and gives up. */
  certificate?: ServerCertificate | 'none' | undefined;
}

/** `10.244.1.2:80`, `[fd00::1]:80`. */
export const hostPort = (host: string, port: number | string): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);

/** What a pod says of itself that serves Ingresses. */
export interface IngressOptions {
  /** `k8s.io/ingress-nginx`: what an IngressClass names. */
  controllerClass: string;
  /** `nginx`: what the annotation kubernetes.io/ingress.class names. */
  ingressClass: string;
  /** `namespace/name` of the Service whose addresses go into the status; missing: those of the nodes of its pods. */
  publishService?: string;
}

export interface IngressAnswer {
  response: HttpResponse;
  /** Where the request went on to: the backend, and the addresses that were tried. */
  upstream?: { name: string; addresses: readonly string[] };
}

/** A pod's share of an Ingress controller. */
export interface IngressGate {
  answer(request: HttpRequest): IngressAnswer;
  close(): void;
}

/** Something that has an address: a pod's sandbox, a host. */
export interface Endpoint {
  /** False while its host has no power: nothing answers, not even with a refusal. Missing: true. */
  readonly up?: boolean;
  /** What its firewall does with a new connection to a port; missing: lets it in. */
  refuses?(port: number, from: string): 'drop' | 'reject' | undefined;
  /** What answers on a port, undefined when nothing listens (connection refused). `local`: to the host's own loopback address. */
  listener(port: number, local?: boolean): Answering | undefined;
}

/** Who calls: the host, and the pod's namespace and address when a pod does. */
export interface Caller {
  node: string;
  ip: string;
  namespace?: string;
}

/** `closed`: somebody took the connection and ended it without an answer. */
export type Protocol = 'tcp' | 'udp' | 'sctp';

export type DialError = 'refused' | 'timeout' | 'unreachable' | 'no-such-host' | 'closed';
/** A connection as far as it got; `ip` is where it ended up (behind a Service: the pod), `from` who the receiver sees where that is not the caller. */
export type Dial = { ip: string; port: number; from?: string; listener: Answering; error?: undefined } | { ip: string; port: number; error: DialError };

/**
 * What came back of an ICMP echo request: the reply with the hops that it had left, and over how many cables it came; `refused`:
 * somebody said that it is not let through.
 */
export type Echo = { ttl: number; cables: number; error?: undefined } | { error: DialError; by?: string };

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
  rcode: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED';
  records: DnsRecord[];
  additional?: DnsRecord[];
}

/** A program that speaks to the API server as the service account of its pod. */
export interface Component {
  name: string;
  argv: readonly string[];
  /** A line of its log, and where in its source it was written. */
  log(at: string, line: string, severity?: 'I' | 'W' | 'E' | 'F'): void;
  /** Ends the process in which it runs. */
  exit?(code: number): void;
  /** What it sees of files. */
  files?: FileView;
}

export interface RunningComponent {
  stop(): void;
}

export interface Network {
  /** Where the cluster's name server answers; missing where there is no cluster. */
  readonly dnsAddress?: string;
  /** Why pods cannot get an address on this node yet; undefined when they can. */
  problem(node: string): string | undefined;
  /** Gives a pod an address. Throws with the plug-in's words when it cannot. */
  attach(node: string, endpoint: Endpoint & { readonly uid?: string; readonly namespace?: string; readonly name?: string }): string;
  detach(node: string, ip: string): void;
  /** All addresses of the pod that has this one; missing where there is never more than one. */
  addresses?(node: string, ip: string): readonly string[];
  /** `host` is an address or a name as `caller` would write it. */
  dial(caller: Caller, host: string, port: number, protocol?: Protocol): Dial;
  /**
   * The endpoints that kube-proxy on the caller's node spreads connections to an address evenly over; undefined where it is not
   * the address of a Service, or callers stay with one endpoint.
   */
  spread?(caller: Caller, ip: string, port: number): readonly { ip: string; port: number }[] | undefined;
  /** An ICMP echo request to an address; `id` tells the pings of one sender apart. Missing: nothing goes out. */
  ping?(caller: Caller, ip: string, id: number): Echo;
  /** Starts a program that works on the whole cluster, for a pod in which it runs; undefined where it has nothing to do. Throws an Error where its flags are wrong. */
  runComponent?(pod: { namespace: string; name: string; node: string }, component: Component): RunningComponent | undefined;
  /** Answers requests by the cluster's Ingresses, for a pod that serves them. */
  serveIngresses?(caller: Caller, options: IngressOptions): IngressGate;
  /** What CoreDNS' plugin kubernetes knows of a name; undefined: it is none of the cluster's. */
  clusterNames?(question: DnsQuestion): DnsAnswer | undefined;
  /** What the name server at this address answers `caller`; undefined: nobody does. */
  query(question: DnsQuestion, server: string, caller?: Caller): DnsAnswer | undefined;
}
