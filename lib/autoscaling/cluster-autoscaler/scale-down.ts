// Which nodes nobody needs (cluster-autoscaler/core/scaledown/planner, eligibility, unneeded).
import { cpuMilli, bytes, type Node, type Pod, podRequests } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { type ClusterState, isReady } from './cluster-state.ts';
import { isDaemonSetPod, podsToMove } from './drainability.ts';
import type { Flags } from './flags.ts';
import { placeFor } from './pending.ts';
import { isTainted, toBeDeleted } from './taints.ts';
import type { Simulation } from './types.ts';

export const scaleDownDisabled = 'cluster-autoscaler.kubernetes.io/scale-down-disabled';

export interface Utilization {
  cpu: number;
  memory: number;
  /** The greater of both. */
  resource: 'cpu' | 'memory';
  greatest: number;
}

/** A node that can go: at once when it is empty, after its pods have moved otherwise. */
export interface Removal {
  node: Node;
  pods: readonly Pod[];
  utilization: Utilization;
}

export interface PlannerParts {
  client: Client;
  flags: Flags;
  state: ClusterState;
}

export class Planner {
  /** Name → since when it is unneeded. */
  readonly unneeded = new Map<string, { since: number; removal: Removal }>();
  /** Name → until when it is not looked at again: its pods have no other place, or must not move. */
  readonly #unremovable = new Map<string, number>();
  readonly #parts: PlannerParts;

  constructor(parts: PlannerParts) {
    this.#parts = parts;
  }

  /** Thinks the nodes away one by one: what moved from one is there when the next is tried. */
  update(simulation: Simulation): void {
    const { client, flags } = this.#parts;
    const { now } = client.clock;
    const gone = new Set<string>();
    const found: Removal[] = [];
    for (const node of this.#candidates(simulation)) {
      const { name } = node.metadata;
      const removal = this.#removal(node, { simulation, gone });
      if (removal) found.push(removal);
      else this.#unremovable.set(name, now + flags['unremovable-node-recheck-timeout']);
    }
    const since = (name: string) => this.unneeded.get(name)?.since ?? now;
    const entries = found.map((removal) => [removal.node.metadata.name, { since: since(removal.node.metadata.name), removal }] as const);
    this.unneeded.clear();
    for (const [name, entry] of entries) this.unneeded.set(name, entry);
  }

  /** Those that may go now; the groups keep their smallest sizes. `leaving`: how many of a group are on their way out already. */
  removable(leaving: (group: string) => number): Removal[] {
    const { client, flags, state } = this.#parts;
    const taken = new Map<string, number>();
    return [...this.unneeded.values()].flatMap(({ since, removal }) => {
      const group = state.groupOf(removal.node)!;
      const wait = isReady(removal.node) ? flags['scale-down-unneeded-time'] : flags['scale-down-unready-time'];
      const left = group.targetSize - leaving(group.id) - (taken.get(group.id) ?? 0);
      if (client.clock.now - since < wait || left <= group.minSize) return [];
      taken.set(group.id, (taken.get(group.id) ?? 0) + 1);
      return [removal];
    });
  }

  /** Nodes that ask for little, those that were unneeded before first. */
  #candidates(simulation: Simulation): Node[] {
    const { client, flags, state } = this.#parts;
    const eligible = simulation.nodes.filter((node) => {
      const { name, annotations } = node.metadata;
      if (!state.groupOf(node) || isTainted(node, toBeDeleted) || annotations?.[scaleDownDisabled] === 'true') return false;
      if ((this.#unremovable.get(name) ?? 0) > client.clock.now || (!flags['scale-down-unready-enabled'] && !isReady(node))) return false;
      return this.#utilization(node, simulation.podsOn(name)).greatest < flags['scale-down-utilization-threshold'];
    });
    return [...eligible.filter(({ metadata }) => this.unneeded.has(metadata.name)), ...eligible.filter(({ metadata }) => !this.unneeded.has(metadata.name))];
  }

  #removal(node: Node, { simulation, gone }: { simulation: Simulation; gone: Set<string> }): Removal | undefined {
    const { name } = node.metadata;
    const all = simulation.podsOn(name);
    const utilization = this.#utilization(node, all);
    const pods = podsToMove(all, this.#parts);
    if (!Array.isArray(pods)) return undefined;
    gone.add(name);
    for (const pod of pods) simulation.unplace(pod);
    const moved: Pod[] = [];
    for (const pod of pods) {
      const homeless = { ...pod, spec: { ...pod.spec, nodeName: undefined } } as Pod;
      const place = placeFor(homeless, simulation, (other) => !gone.has(other));
      if (!place) {
        for (const one of moved) simulation.unplace(one);
        for (const one of pods) simulation.place(one, name);
        gone.delete(name);
        return undefined;
      }
      simulation.place(homeless, place);
      moved.push(homeless);
    }
    return { node, pods, utilization };
  }

  #utilization({ status }: Node, pods: readonly Pod[]): Utilization {
    const { client, flags } = this.#parts;
    const ignored = (pod: Pod) => flags['ignore-daemonsets-utilization'] && isDaemonSetPod(pod);
    const requests = pods.map((pod) => ({ ignored: ignored(pod), amounts: podRequests(pod, client.version) }));
    const share = (name: 'cpu' | 'memory', allocatable: number) => {
      const sum = (which: boolean) => requests.reduce((total, one) => total + (one.ignored === which ? (one.amounts[name]?.milliValue() ?? 0) : 0), 0);
      return sum(false) / (allocatable - sum(true));
    };
    const [cpu, memory] = [share('cpu', cpuMilli(status.allocatable?.['cpu'])), share('memory', 1000 * bytes(status.allocatable?.['memory']))];
    return cpu > memory ? { cpu, memory, resource: 'cpu', greatest: cpu } : { cpu, memory, resource: 'memory', greatest: memory };
  }
}
