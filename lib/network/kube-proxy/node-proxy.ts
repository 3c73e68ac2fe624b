// kube-proxy on one node. It brings rules up to date when a packet comes or somebody looks, which is as good as at once.
import { deletion, type FlowFilter } from '../netfilter/conntrack.ts';
import { categorize } from './categorize.ts';
import { servedFlows, staleConnections } from './changes.ts';
import type { IpvsState } from './ipvs/proxier.ts';
import { type Mode, type ModeHost, modes, type ProxyMode } from './modes/index.ts';
import type { ServiceStore } from './service-store.ts';
import type { EndpointsMap, ProxyEndpoint, ServicePort } from './types.ts';
import type { UserspaceProxy } from './userspace/proxier.ts';

export type { ProxyMode } from './modes/index.ts';

export interface NodeProxyOptions extends ModeHost {
  mode: ProxyMode;
  store: ServiceStore;
  /** Connections that conntrack is to forget. */
  forget(flows: FlowFilter): void;
}

export class NodeProxy {
  readonly mode: ProxyMode;
  #running = true;
  #connected = true;
  readonly #options: NodeProxyOptions;
  #work: Mode;
  #zone: string | undefined;
  /** Up to which change of the store the rules are. */
  #revision = 0;
  /** What UDP ports there were, whose connections may have to be forgotten. */
  #udp: { ports: Map<string, ServicePort>; endpoints: EndpointsMap } = { ports: new Map(), endpoints: new Map() };

  constructor(options: NodeProxyOptions) {
    this.#options = options;
    this.mode = options.mode;
    this.#work = modes[options.mode](options);
  }

  /** In ipvs mode: sets, virtual servers and addresses of kube-ipvs0. */
  get ipvs(): IpvsState | undefined {
    return this.#work.ipvs;
  }

  /** In userspace mode: the process that connections go through. Nobody accepts them while it is not running. */
  get userspace(): UserspaceProxy | undefined {
    return this.#running ? this.#work.userspace : undefined;
  }

  get running(): boolean {
    return this.#running;
  }

  /** The rules stay as they are from now on. */
  stop(): void {
    this.sync();
    this.#running = false;
  }

  /** There is none on this machine. */
  leave(): void {
    this.#running = false;
  }

  /** A process that begins anew: it looks at everything again. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    if (this.#work.userspace) this.reset();
  }

  /** False while it hears nothing from the API server: its rules stay too. */
  set connected(value: boolean) {
    if (!value) this.sync();
    this.#connected = value;
  }

  /** Back to the beginning, as after a boot of the node. */
  reset(): void {
    this.#revision = 0;
    this.#work = modes[this.mode](this.#options);
    this.#udp = { ports: new Map(), endpoints: new Map() };
  }

  sync(): void {
    if (!this.#running || !this.#connected) return;
    const { store, config } = this.#options;
    store.refresh();
    if (config.zone !== this.#zone) {
      // Other endpoints may be near now.
      this.reset();
      this.#zone = config.zone;
    }
    if (this.#revision === store.revision) return;
    const first = this.#revision === 0;
    const changed = store.changedSince(this.#revision);
    this.#revision = store.revision;
    this.#work.sync(first ? undefined : changed);
    this.#forget(changed);
  }

  /** The endpoints that connections to a cluster IP are spread over; undefined where none of them is as good as another. */
  spread(ip: string, port: number): readonly ProxyEndpoint[] | undefined {
    const { store, config } = this.#options;
    if (!this.#running || !this.#connected) return undefined;
    store.refresh();
    for (const [key, service] of store.ports) {
      if (service.clusterIP !== ip || service.port !== port || service.protocol !== 'TCP') continue;
      if (service.affinity !== undefined) return undefined;
      const { cluster, local } = categorize(service, store.endpoints.get(key) ?? [], config);
      return service.internalLocal ? local : cluster;
    }
    return undefined;
  }

  /** UDP has no end of a connection: flows to what is gone are forgotten. */
  #forget(changed: readonly string[]): void {
    const { store, version, forget } = this.#options;
    const before = { ports: new Map<string, ServicePort>(), endpoints: new Map() as EndpointsMap };
    const now = { ports: new Map<string, ServicePort>(), endpoints: new Map() as EndpointsMap };
    for (const key of changed) {
      if (!key.endsWith('/UDP')) continue;
      copy(this.#udp, before, key);
      copy(store, now, key);
      this.#udp.ports.delete(key);
      this.#udp.endpoints.delete(key);
      copy(store, this.#udp, key);
    }
    if (version.has('proxy-reconciles-flows')) for (const flows of servedFlows(now)) forget(flows);
    else for (const command of staleConnections(before, now, { nodePorts: this.mode !== 'ipvs', activeNodePorts: version.has('proxy-active-node-ports') })) forget(deletion(command));
  }
}

function copy(from: { ports: ReadonlyMap<string, ServicePort>; endpoints: EndpointsMap }, to: { ports: Map<string, ServicePort>; endpoints: EndpointsMap }, key: string): void {
  const [port, endpoints] = [from.ports.get(key), from.endpoints.get(key)];
  if (port) to.ports.set(key, port);
  if (endpoints) to.endpoints.set(key, endpoints);
}
