// How a container's process talks: what it listens on, who is connected, whom it asks.
import type { Caller, Component, ContainerState, Dial, DnsAnswer, DnsQuestion, Echo, IngressGate, IngressOptions, Peer, Protocol, RunningComponent, Stream } from '../machine/index.ts';
import { ContainerInside } from './container-inside.ts';
import type { Listener } from './program.ts';
import { addressTypes, dialByName, lookUp, parseResolverConfig, type Resolution, resolveName } from './resolver.ts';

export abstract class ContainerNetwork extends ContainerInside {
  abstract readonly state: ContainerState;
  abstract log(line: string): void;
  abstract after(milliseconds: number, run: () => void): void;
  abstract exit(code: number): void;
  #listeners: { port: number; listener: Listener }[] | undefined;
  /** Who is connected to it. */
  #peers: Set<Peer> | undefined;
  #component: RunningComponent | undefined;

  listen(port: number, listener: Listener, taken = () => this.#endWithoutPort(port)): void {
    if (this.pod.isTaken(port)) taken();
    else (this.#listeners ??= []).push({ port, listener });
  }

  #endWithoutPort(port: number): void {
    this.log(`listen tcp :${port}: bind: address already in use`);
    this.after(1, () => this.exit(1));
  }

  /** Its own ports. */
  get ports(): readonly number[] {
    return this.#listeners?.map(({ port }) => port) ?? [];
  }

  listening(): readonly number[] {
    return [...new Set(this.pod.containers.flatMap(({ ports }) => ports))].sort((a, b) => a - b);
  }

  listener(port: number): Listener | undefined {
    if (this.state !== 'running' || !this.#listeners) return undefined;
    for (const entry of this.#listeners) if (entry.port === port) return entry.listener;
    return undefined;
  }

  /** Takes a TCP connection; it ends with the process. */
  connect(listener: Listener, peer: Peer): Stream {
    const peers = (this.#peers ??= new Set());
    peers.add(peer);
    const end = () => {
      if (peers.delete(peer)) peer.end();
    };
    const stream = listener.accept!({ from: peer.from, write: (bytes) => peers.has(peer) && peer.write(bytes), end });
    return { data: (bytes) => this.state === 'running' && stream.data(bytes), end: () => this.state === 'running' && stream.end() };
  }

  /** The process has ended, and with it what it listened on and was connected to. */
  protected hangUp(): void {
    this.#listeners = undefined;
    for (const peer of this.#peers ?? []) peer.end();
    this.#peers = undefined;
    this.#component?.stop();
    this.#component = undefined;
  }

  dial(host: string, port: number, protocol?: Protocol, family?: 4 | 6): Dial {
    return dialByName(host, port, { family, resolve: (name) => this.resolve(name, family), dial: (ip) => this.pod.network.dial(this.caller(), ip, port, protocol), random: this.random });
  }

  ping(ip: string, id: number): Echo {
    return this.pod.network.ping?.(this.caller(), ip, id) ?? { error: 'unreachable' };
  }

  resolve(name: string, family?: 4 | 6): Resolution {
    return resolveName(name, this.files, (question, server) => this.pod.network.query(question, server, this.caller()), addressTypes(this.ips, family));
  }

  query(question: DnsQuestion, server?: string): Resolution {
    const config = parseResolverConfig(this.files.read('/etc/resolv.conf') ?? '');
    return lookUp(question, server === undefined ? config : { ...config, servers: [server] }, (asked, at) => this.pod.network.query(asked, at, this.caller()));
  }

  serveIngresses(options: IngressOptions): IngressGate | undefined {
    return this.pod.network.serveIngresses?.(this.caller(), options);
  }

  runComponent(component: Component): boolean {
    const { namespace, name, network, machine } = this.pod;
    this.#component = network.runComponent?.({ namespace, name, node: machine.name }, component);
    return this.#component !== undefined;
  }

  clusterNames(question: DnsQuestion): DnsAnswer | undefined {
    return this.pod.network.clusterNames?.(question);
  }

  caller(): Caller {
    return { node: this.pod.machine.name, ip: this.ip, namespace: this.pod.namespace };
  }
}
