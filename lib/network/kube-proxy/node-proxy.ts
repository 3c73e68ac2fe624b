// kube-proxy on one node. It brings rules up to date when a packet comes or somebody looks, which is as good as at once.
import type { Version } from '../../api/index.ts';
import type { Tables } from '../netfilter/tables.ts';
import { staleConnections } from './changes.ts';
import { createIptablesProxier, type IptablesProxier } from './iptables/proxier.ts';
import { iptablesJumps, ipvsJumps } from './iptables/jumps.ts';
import { type IpvsState, ipvsState } from './ipvs/proxier.ts';
import { ipvsChains } from './ipvs/rules.ts';
import type { ServiceStore } from './service-store.ts';
import type { EndpointsMap, ProxyConfig, ServicePort } from './types.ts';

export type ProxyMode = 'iptables' | 'ipvs';

export interface NodeProxyOptions {
  mode: ProxyMode;
  version: Version;
  config: ProxyConfig;
  store: ServiceStore;
  tables: Tables;
  /** Runs a `conntrack -D` command. */
  forget(command: string): void;
}

export class NodeProxy {
  readonly mode: ProxyMode;
  /** In ipvs mode: sets, virtual servers and addresses of kube-ipvs0. */
  ipvs: IpvsState | undefined;
  #running = true;
  #connected = true;
  readonly #options: NodeProxyOptions;
  #proxier: IptablesProxier;
  /** Up to which change of the store the rules are. */
  #revision = 0;
  /** What UDP ports there were, whose connections may have to be forgotten. */
  #udp: { ports: Map<string, ServicePort>; endpoints: EndpointsMap } = { ports: new Map(), endpoints: new Map() };

  constructor(options: NodeProxyOptions) {
    this.#options = options;
    this.mode = options.mode;
    this.#proxier = createIptablesProxier(options.version, options.config);
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

  start(): void {
    this.#running = true;
  }

  /** False while it hears nothing from the API server: its rules stay too. */
  set connected(value: boolean) {
    if (!value) this.sync();
    this.#connected = value;
  }

  /** Back to the beginning, as after a boot of the node. */
  reset(): void {
    this.#revision = 0;
    this.#proxier = createIptablesProxier(this.#options.version, this.#options.config);
    this.#udp = { ports: new Map(), endpoints: new Map() };
    this.ipvs = undefined;
  }

  sync(): void {
    if (!this.#running || !this.#connected) return;
    const { store } = this.#options;
    store.refresh();
    if (this.#revision === store.revision) return;
    const first = this.#revision === 0;
    const changed = store.changedSince(this.#revision);
    this.#revision = store.revision;
    if (this.mode === 'ipvs') this.#ipvs();
    else this.#iptables(first ? undefined : changed);
    this.#forget(changed);
  }

  #iptables(changed: readonly string[] | undefined): void {
    const { tables, version, store } = this.#options;
    if (!changed) {
      for (const table of ['nat', 'filter'] as const) tables.ensureChain(table, 'KUBE-PROXY-CANARY');
      for (const { table, from, to, rule } of iptablesJumps(version)) {
        tables.ensureChain(table, to);
        tables.ensureRule(table, from, rule);
      }
      if (!version.has('proxy-ext-chains')) tables.ensureChain('nat', 'KUBE-MARK-DROP');
    }
    tables.apply(this.#proxier.sync(store.ports, store.endpoints, changed));
  }

  #ipvs(): void {
    const { tables, config, store } = this.#options;
    const existing = new Set((['nat', 'filter'] as const).flatMap((table) => tables.chains(table).map(({ name }) => name)));
    tables.ensureChain('nat', 'KUBE-MARK-DROP');
    for (const { table, chain } of ipvsChains) tables.ensureChain(table, chain);
    for (const { table, from, rule } of ipvsJumps) tables.ensureRule(table, from, rule);
    this.ipvs = ipvsState(store.ports.values(), readyOnly(store.endpoints), config, { existing });
    tables.apply(this.ipvs.document);
  }

  /** UDP has no end of a connection: flows to what is gone are forgotten. */
  #forget(changed: readonly string[]): void {
    const { store, forget } = this.#options;
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
    for (const command of staleConnections(before, now, { nodePorts: this.mode === 'iptables' })) forget(command);
  }
}

function copy(from: { ports: ReadonlyMap<string, ServicePort>; endpoints: EndpointsMap }, to: { ports: Map<string, ServicePort>; endpoints: EndpointsMap }, key: string): void {
  const [port, endpoints] = [from.ports.get(key), from.endpoints.get(key)];
  if (port) to.ports.set(key, port);
  if (endpoints) to.endpoints.set(key, endpoints);
}

const readyOnly = (endpoints: EndpointsMap): EndpointsMap => new Map([...endpoints].map(([key, list]) => [key, list.filter(({ ready }) => ready)]));
