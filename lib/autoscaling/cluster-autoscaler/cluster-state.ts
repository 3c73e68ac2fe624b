// What has become of the machines of each group: which joined, which are awaited, which will not come (cluster-autoscaler/clusterstate).
import { type Node, nodeReady } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import type { Flags } from './flags.ts';
import { isTainted, toBeDeleted } from './taints.ts';
import type { NodeGroup } from './types.ts';

export interface GroupCounts {
  ready: Node[];
  unready: Node[];
  /** They joined a short while ago and are not ready yet. */
  notStarted: Node[];
  beingDeleted: Node[];
  /** Provider IDs of machines that have not joined: in time, and too late. */
  unregistered: string[];
  longUnregistered: string[];
}

/** So long a node may take from its registration until it is ready. */
const maxNodeStartup = 15 * 60_000;
const networkless = (node: Node) => node.status?.conditions?.some(({ type, status }) => type === 'NetworkUnavailable' && status === 'True') === true;
export const isReady = (node: Node): boolean => nodeReady(node) && !networkless(node) && !isTainted(node, 'node.kubernetes.io/not-ready');

export class ClusterState {
  groups: readonly NodeGroup[] = [];
  readonly counts = new Map<string, GroupCounts>();
  readonly #client: Client;
  readonly #flags: Flags;
  readonly #groupOf = new Map<string, NodeGroup>();
  /** Group → until when its new machines are awaited. */
  readonly #requests = new Map<string, { increase: number; deadline: number }>();
  readonly #backOffs = new Map<string, { until: number; duration: number; failed: number }>();

  constructor(client: Client, flags: Flags) {
    this.#client = client;
    this.#flags = flags;
  }

  update(groups: readonly NodeGroup[]): void {
    this.groups = groups;
    this.counts.clear();
    this.#groupOf.clear();
    const nodes = new Map([...this.#client.cache('Node')].map((node) => [node.spec.providerID ?? '', node]));
    for (const group of groups) this.counts.set(group.id, this.#count(group, nodes));
  }

  groupOf(node: Node): NodeGroup | undefined {
    return this.#groupOf.get(node.metadata.name);
  }

  /** How many machines are still to come, those included that have joined and are not ready yet. */
  upcoming({ id, targetSize }: NodeGroup): number {
    const { ready, unready, beingDeleted, longUnregistered } = this.counts.get(id)!;
    return Math.max(0, targetSize - ready.length - unready.length - beingDeleted.length - longUnregistered.length);
  }

  total(part: keyof GroupCounts): number {
    return [...this.counts.values()].reduce((sum, counts) => sum + counts[part].length, 0);
  }

  /** More nodes are broken than may be: nothing is done until a person has looked. */
  get healthy(): boolean {
    const unready = this.total('unready');
    const all = unready + this.total('ready') + this.total('notStarted');
    return unready <= this.#flags['ok-total-unready-count'] || (100 * unready) / all <= this.#flags['max-total-unready-percentage'];
  }

  requested(group: string, increase: number): void {
    const before = this.#requests.get(group)?.increase ?? 0;
    this.#requests.set(group, { increase: before + increase, deadline: this.#client.clock.now + this.#flags['max-node-provision-time'] });
  }

  inProgress = (group: string): boolean => this.#requests.has(group);

  /** Groups whose machines did not come in time; the others that are complete are no longer awaited. */
  overdue(): string[] {
    const late: string[] = [];
    for (const group of this.groups) {
      const request = this.#requests.get(group.id);
      if (!request) continue;
      if (this.upcoming(group) === 0 && this.counts.get(group.id)!.longUnregistered.length === 0) this.#requests.delete(group.id);
      else if (request.deadline < this.#client.clock.now) {
        this.#requests.delete(group.id);
        late.push(group.id);
      }
    }
    return late;
  }

  /** The group is left alone for a while, for longer each time. */
  failed(group: string): void {
    const { now } = this.#client.clock;
    const before = this.#backOffs.get(group);
    const again = before && now - before.failed < this.#flags['node-group-backoff-reset-timeout'];
    const duration = again ? Math.min(2 * before.duration, this.#flags['max-node-group-backoff-duration']) : this.#flags['initial-node-group-backoff-duration'];
    this.#requests.delete(group);
    this.#backOffs.set(group, { until: now + duration, duration, failed: now });
  }

  backedOff(group: string): boolean {
    return (this.#backOffs.get(group)?.until ?? 0) > this.#client.clock.now;
  }

  #count(group: NodeGroup, nodes: ReadonlyMap<string, Node>): GroupCounts {
    const { now } = this.#client.clock;
    const counts: GroupCounts = { ready: [], unready: [], notStarted: [], beingDeleted: [], unregistered: [], longUnregistered: [] };
    for (const { providerID, ordered } of group.instances) {
      const node = nodes.get(providerID);
      if (!node) {
        counts[ordered + this.#flags['max-node-provision-time'] < now ? 'longUnregistered' : 'unregistered'].push(providerID);
        continue;
      }
      this.#groupOf.set(node.metadata.name, group);
      if (isTainted(node, toBeDeleted)) counts.beingDeleted.push(node);
      else if (isReady(node)) counts.ready.push(node);
      else counts[Date.parse(node.metadata.creationTimestamp!) + maxNodeStartup > now ? 'notStarted' : 'unready'].push(node);
    }
    return counts;
  }
}
