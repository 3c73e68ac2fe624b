// The regular look at all nodes: who is silent, whose pods must be called not ready, which zones are down.
import { type Node, type Pod, podCondition } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { timestamp } from '../../sim/index.ts';
import { ignoreNotFound } from '../shared/not-found.ts';
import { hasTaint, swapTaints, type TaintId } from '../shared/taints.ts';
import { type NodeHealth, observe, readyCondition, unknownConditions } from './health.ts';
import { evictionRate, newZone, type Zone, zoneOf, type ZoneOptions, zoneState } from './zones.ts';

export interface MonitorOptions extends ZoneOptions {
  nodeMonitorGracePeriod: number;
  nodeStartupGracePeriod: number;
}

const notReady: TaintId = { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' };
const unreachable: TaintId = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' };
export const byNode = 'pods of a node';

export class NodeMonitor {
  #client: Client;
  #options: MonitorOptions;
  #known = new Map<string, Node>();
  #health = new Map<string, NodeHealth>();
  #zones = new Map<string, Zone>();
  /** Nodes whose pods could not all be marked. */
  #retry = new Set<string>();

  constructor(client: Client, options: MonitorOptions) {
    this.#client = client;
    this.#options = options;
  }

  get nodes(): number {
    return this.#known.size;
  }

  /** The Ready status of a node as it was last looked at. */
  readyOf(node: string): string | undefined {
    return this.#health.get(node)?.ready;
  }

  look(): void {
    this.#register();
    const counts = new Map<string, { ready: number; notReady: number }>();
    for (const node of this.#known.values()) {
      const ready = this.#lookAt(node);
      if (node.metadata.labels?.['node.kubernetes.io/exclude-disruption'] !== undefined) continue;
      let count = counts.get(zoneOf(node));
      if (!count) counts.set(zoneOf(node), (count = { ready: 0, notReady: 0 }));
      if (ready) count.ready++;
      else count.notReady++;
    }
    this.#handleDisruption(counts);
  }

  /** Gives out NoExecute taints as fast as the zones allow. */
  taint(): void {
    for (const { queue } of this.#zones.values()) queue.try(this.#client.clock.now, (name) => this.#taintNode(name));
  }

  /** When the next NoExecute taint may be given out, undefined when none waits. */
  nextTaint(): number | undefined {
    const due = [...this.#zones.values()].map(({ queue }) => queue.next(this.#client.clock.now)).filter((time) => time !== undefined);
    return due.length > 0 ? Math.min(...due) : undefined;
  }

  markPodsNotReady(pods: Iterable<Pod>): void {
    for (const pod of pods) {
      if (podCondition(pod, 'Ready')?.status !== 'True') continue;
      const lastTransitionTime = timestamp(this.#client.clock.now);
      const conditions = pod.status.conditions!.map((condition) => (condition.type === 'Ready' ? { ...condition, status: 'False', lastTransitionTime } : condition));
      ignoreNotFound(() => {
        this.#client.updateStatus(pod, { conditions });
        this.#client.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
      });
    }
  }

  #register(): void {
    const client = this.#client;
    for (const node of client.cache('Node')) {
      const { name } = node.metadata;
      const zone = zoneOf(node);
      if (!this.#zones.has(zone)) this.#zones.set(zone, newZone(this.#options));
      if (!this.#known.has(name)) this.#event(node, 'RegisteredNode', `Registered Node ${name} in Controller`);
      this.#known.set(name, node);
    }
    for (const [name, node] of this.#known) {
      if (client.find('Node', { name })) continue;
      this.#event(node, 'RemovingNode', `Removing Node ${name} from Controller`);
      this.#known.delete(name);
      this.#health.delete(name);
      this.#retry.delete(name);
      this.#zones.get(zoneOf(node))?.queue.remove(name);
    }
  }

  #event(node: Node, reason: string, what: string): void {
    this.#client.event(node, 'Normal', reason, `Node ${node.metadata.name} event: ${what}`);
  }

  /** Returns whether the node is ready, after having called it Unknown if it is silent. */
  #lookAt(node: Node): boolean {
    const { clock } = this.#client;
    const { name } = node.metadata;
    const lease = this.#client.find('Lease', { namespace: 'kube-node-lease', name });
    const health = observe(this.#health.get(name), node, lease, clock.now);
    this.#health.set(name, health);
    const before = health.ready ?? 'Unknown';
    const ever = health.ready !== undefined;
    const grace = ever ? this.#options.nodeMonitorGracePeriod : this.#options.nodeStartupGracePeriod;
    // Strictly more in Kubernetes, whose next look begins a period after the last one ended: it is always a little late.
    const silent = clock.now - health.probe >= grace;
    const after = silent ? 'Unknown' : before;
    if (silent && (before !== 'Unknown' || !ever)) {
      this.#client.updateStatus(node, { conditions: unknownConditions(node, clock.now) });
      health.ready = 'Unknown';
      health.heartbeat ??= node.metadata.creationTimestamp;
    }
    // What follows goes by what the node said before this look: the taint comes at the next one.
    if (ever || silent) this.#follow(node, before, after);
    return after === 'True';
  }

  #follow(node: Node, before: string, after: string): void {
    const { name } = node.metadata;
    this.#syncNoExecute(node, before);
    const turned = after !== 'True' && before === 'True';
    if (turned) this.#client.event(node, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
    if (!turned && !(this.#retry.has(name) && before !== 'True')) return void this.#retry.delete(name);
    try {
      this.markPodsNotReady([...this.#client.cache('Pod').by(byNode, name)]);
      this.#retry.delete(name);
    } catch {
      this.#retry.add(name);
    }
  }

  #syncNoExecute(node: Node, ready: string): void {
    const { name } = node.metadata;
    const { queue } = this.#zones.get(zoneOf(node))!;
    if (ready === 'True') return this.#untaint(node);
    const [taint, opposite] = ready === 'False' ? [notReady, unreachable] : [unreachable, notReady];
    if (hasTaint(node, opposite)) return swapTaints(this.#client, name, [taint], [opposite]);
    if (!hasTaint(node, taint)) queue.forget(name);
    queue.add(name);
  }

  #untaint(node: Node): void {
    for (const taint of [unreachable, notReady]) if (hasTaint(node, taint)) swapTaints(this.#client, node.metadata.name, [], [taint]);
    this.#zones.get(zoneOf(node))!.queue.remove(node.metadata.name);
  }

  #taintNode(name: string): boolean {
    const node = this.#client.find('Node', { name });
    const ready = node && readyCondition(node)?.status;
    if (!node || !ready || ready === 'True') return true;
    const [taint, opposite] = ready === 'False' ? [notReady, unreachable] : [unreachable, notReady];
    swapTaints(this.#client, name, hasTaint(node, taint) ? [] : [taint], hasTaint(node, opposite) ? [opposite] : []);
    return true;
  }

  #handleDisruption(counts: ReadonlyMap<string, { ready: number; notReady: number }>): void {
    const { now } = this.#client.clock;
    const states = new Map([...counts].map(([zone, { ready, notReady: down }]) => [zone, zoneState(ready, down, this.#options)] as const));
    for (const zone of [...this.#zones.keys()]) if (!counts.has(zone)) this.#zones.delete(zone);
    const allDown = [...states.values()].every((state) => state === 'FullDisruption');
    const allWereDown = [...this.#zones.values()].every(({ state }) => state === 'FullDisruption');
    if (allDown && allWereDown) return;
    // When nobody answers, the fault is here: no pod is evicted.
    if (allDown) for (const node of this.#known.values()) this.#untaint(node);
    if (!allDown && allWereDown) for (const health of this.#health.values()) health.probe = now;
    for (const [name, zone] of this.#zones) {
      const state = states.get(name)!;
      const { ready, notReady: down } = counts.get(name)!;
      if (allDown) zone.queue.setRate(0, now);
      else if (allWereDown || state !== zone.state) zone.queue.setRate(evictionRate(state, ready + down, this.#options), now);
      zone.state = state;
    }
  }
}
