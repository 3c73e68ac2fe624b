// The network plug-in on one node: what its agent writes into the tables follows what it sees of pods and policies, and its CNI leads
// ports of the host to pods.
import type { Version } from '../api/index.ts';
import type { IpSet } from './kube-proxy/index.ts';
import type { Tables } from './netfilter/tables.ts';
import { networkName } from './plugins/config.ts';
import type { PodNetwork } from './plugins/pod-network.ts';
import { PortMap } from './plugins/portmap.ts';
import { install, type Plan, type Planner, planners } from './plugins/rules/index.ts';
import type { Policies } from './policy/policies.ts';

export interface PlugAgentOptions {
  node: string;
  version: Version;
  /** Range of cluster IPs. */
  serviceCIDR: string;
  /** True where kube-proxy balances with ipvs. */
  ipvs: boolean;
  pods: PodNetwork;
  /** False while nobody has installed a plug-in. */
  plugged?(): boolean;
  /** What policies there are; missing where the plug-in enforces none. */
  policies?(): Policies | undefined;
}

export class PlugAgent {
  readonly #options: PlugAgentOptions;
  #done: { profile: string; planner: Planner; of: string; plan: Plan; policed: boolean } | undefined;
  #portMap = new PortMap();
  #sets: ReadonlyMap<string, IpSet> = new Map();

  constructor(options: PlugAgentOptions) {
    this.#options = options;
  }

  /** True where packets meet the policies as rules. */
  get policed(): boolean {
    return this.#done?.policed === true;
  }

  /** The sets that its rules ask, by name. */
  get sets(): ReadonlyMap<string, IpSet> {
    return this.#sets;
  }

  /** The node has booted: its tables are empty. */
  reset(): void {
    this.#done = undefined;
    this.#portMap.reset();
  }

  sync(tables: Tables): void {
    this.#writeRules(tables);
    const { pods, node } = this.#options;
    if (pods.used) this.#portMap.sync(tables, { changes: pods.changes, pods: pods.podsOn(node), network: networkName(pods.profile), range: pods.addresses.ranges(node)[0] ?? pods.cidr });
  }

  #writeRules(tables: Tables): void {
    const { node, pods, plugged, policies, version, serviceCIDR, ipvs } = this.#options;
    const { rules, name: profile } = pods.profile;
    if (!rules || plugged?.() === false) return;
    const found = policies?.();
    const known = found?.byRules ? found.worldOf(pods) : undefined;
    const of = `${known?.of} ${pods.hosts.size} ${pods.addresses.version} ${pods.addresses.ranges(node)[0]}`;
    if (this.#done?.profile === profile && this.#done.of === of) return;
    const planner = this.#done?.profile === profile ? this.#done.planner : planners[rules]();
    const plan = planner({ node, pods, version, serviceCIDR, ipvs, ...(known && { world: known.world }) });
    install(tables, plan, this.#done?.plan);
    this.#done = { profile, planner, of, plan, policed: known !== undefined };
    this.#sets = new Map(plan.sets.map((set) => [set.name, set]));
  }
}
