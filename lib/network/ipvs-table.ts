// The kernel's load balancer: which real server a connection to a virtual server gets.
import type { RealServer, VirtualServer } from './kube-proxy/index.ts';
import type { Packet } from './netfilter/packet.ts';

const keyOf = (address: string, port: number, protocol: string) => `${address} ${port} ${protocol}`;

/** Schedulers: `rr` takes one after the other; the weights are all 1, so that `wrr` does the same. */
export class IpvsTable {
  #servers = new Map<string, VirtualServer>();
  #source: readonly VirtualServer[] | undefined;
  /** Virtual server → the address that was last. */
  #last = new Map<string, string>();
  /** Virtual server and client → their server, until when in milliseconds. */
  #persistent = new Map<string, { server: RealServer; until: number }>();

  /** Takes over what kube-proxy wrote. */
  use(servers: readonly VirtualServer[]): void {
    if (servers === this.#source) return;
    this.#source = servers;
    this.#servers = new Map(servers.map((server) => [keyOf(server.address, server.port, server.protocol), server]));
  }

  find({ dst, dport, protocol }: Packet): VirtualServer | undefined {
    return this.#servers.get(keyOf(dst, dport, protocol.toUpperCase()));
  }

  /** The server for a new connection; undefined when there is none. */
  schedule(virtual: VirtualServer, { src }: Packet, now: number): RealServer | undefined {
    if (!virtual.persistent) return this.#next(virtual);
    const key = `${keyOf(virtual.address, virtual.port, virtual.protocol)} ${src}`;
    const known = this.#persistent.get(key);
    const still = known && known.until > now && virtual.realServers.find(({ address, port }) => address === known.server.address && port === known.server.port);
    const server = still || this.#next(virtual);
    if (server) this.#persistent.set(key, { server, until: now + virtual.timeout * 1000 });
    return server;
  }

  #next(virtual: VirtualServer): RealServer | undefined {
    const key = keyOf(virtual.address, virtual.port, virtual.protocol);
    const { realServers } = virtual;
    if (realServers.length === 0) return undefined;
    const last = this.#last.get(key);
    const at = realServers.findIndex((server) => `${server.address}:${server.port}` === last);
    const next = realServers[(at + 1) % realServers.length]!;
    this.#last.set(key, `${next.address}:${next.port}`);
    return next;
  }
}
