// The node's own objects: registers the Node, renews its Lease, reports its conditions.
import { isAlreadyExists, isConflict, isNotFound, type KubeObject, type Lease, type Node, StatusError } from '../api/index.ts';
import { type Client, ConnectionError } from '../client/index.ts';
import type { Machine, Runtime } from '../machine/index.ts';
import { type Clock, microTimestamp, type Random, timestamp, type Timer } from '../sim/index.ts';
import type { Configuration } from './configuration.ts';
import { allocatableOf, capacityOf, nodeImages, nodeInfo, nodeLabels } from './node-info.ts';
import { NodeResources } from './node-resources.ts';
import { announceDrivers, type NodeDriver } from './volumes/csi-node.ts';
import { type NodeHealth, nodeVerdicts } from './node-verdicts.ts';

export interface NodeAgentOptions extends NodeHealth {
  client: Client;
  clock: Clock;
  random: Random;
  machine: Machine;
  runtime: Runtime;
  nodeName: string;
  maxPods: number;
  labels: Record<string, string>;
  taints: NonNullable<Node['spec']['taints']>;
  /** A cloud-controller-manager completes the Node: `--cloud-provider=external`. */
  externalCloud?: boolean | undefined;
  configuration: Configuration;
  csiDrivers: readonly NodeDriver[];
  /** Disks that pods of this node use, by name; undefined as long as the pods are not known. */
  volumesInUse(): readonly string[] | undefined;
  /** Called after each heartbeat that got through. */
  heartbeat(): void;
}

/** Keeps pods away until a cloud-controller-manager knows the node. */
const uninitialized = { key: 'node.cloudprovider.kubernetes.io/uninitialized', value: 'true', effect: 'NoSchedule' } as const;

const leasePeriod = 10_000;
const reportPeriod = 300_000;

/** Undefined takes the field away. */
const inUseOrNothing = (names: readonly string[]) => (names.length > 0 ? [...names] : undefined);

type Condition = NonNullable<Node['status']['conditions']>[number];

export class NodeAgent {
  readonly resources: NodeResources;
  /** As last written or read. */
  node: Node | undefined;
  #options: NodeAgentOptions;
  #lease: Lease | undefined;
  #registered = false;
  #announced = false;
  #timer: Timer | undefined;
  #reportedAt = -Infinity;
  #nodeRef: KubeObject;
  #images: { changed: number; list: ReturnType<typeof nodeImages> } = { changed: -1, list: [] };

  constructor(options: NodeAgentOptions) {
    this.#options = options;
    this.resources = new NodeResources(capacityOf(options.machine, options.maxPods), allocatableOf(options.machine, options.maxPods, options.configuration));
    // As in Kubernetes: events about a node carry its name where a uid should be.
    this.#nodeRef = { apiVersion: 'v1', kind: 'Node', metadata: { name: options.nodeName, uid: options.nodeName } as Node['metadata'] };
  }

  start(): void {
    const { random, clock } = this.#options;
    this.#event('Starting', 'Starting kubelet.');
    this.#tick();
    this.#timer = clock.after(random.int(leasePeriod), this.#beat);
  }

  stop(): void {
    this.#options.clock.cancel(this.#timer);
  }

  /** Memory or network changed: look now rather than at the next heartbeat. */
  look(): void {
    if (this.node) this.#guarded(() => this.#report(false));
  }

  /** The node with the labels that it has now. Differs from Kubernetes: there a watch keeps it up to date. */
  freshNode(): Node | undefined {
    this.#guarded(() => (this.node = this.#options.client.find('Node', { name: this.#options.nodeName }) ?? this.node));
    return this.node;
  }

  #beat = (): void => {
    this.#timer = this.#options.clock.after(leasePeriod, this.#beat);
    this.#tick();
  };

  #tick(): void {
    this.#guarded(() => {
      if (!this.#registered) this.#register();
      if (!this.#announced) this.#announce();
      this.#report(true);
      if (this.node) this.#renew();
      this.#options.heartbeat();
    });
  }

  /** While the server cannot be reached or refuses, the next heartbeat tries again. */
  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof ConnectionError || error instanceof StatusError)) throw error;
    }
  }

  #register(): void {
    const { client, nodeName, machine, labels, externalCloud } = this.#options;
    const taints = externalCloud ? [...this.#options.taints, uninitialized] : this.#options.taints;
    const metadata = { name: nodeName, labels: { ...nodeLabels(machine, nodeName), ...labels }, annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' } };
    try {
      const spec = taints.length > 0 ? { taints } : {};
      this.node = client.create<Node>({ apiVersion: 'v1', kind: 'Node', metadata, spec, status: this.#status(undefined, 'starting') });
      for (const event of ['NodeHasSufficientMemory', 'NodeHasNoDiskPressure', 'NodeHasSufficientPID']) this.#statusEvent(event);
      this.#event('NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods');
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      this.node = this.#withDefaults(client.get('Node', { name: nodeName }), metadata);
      this.#rebooted(this.node);
    }
    this.#registered = true;
  }

  #announce(): void {
    announceDrivers(this.#options.client, this.node!, this.#options.csiDrivers);
    this.#announced = true;
  }

  /** A Node that somebody else has made gets the labels of this machine; what is its own stays. */
  #withDefaults(node: Node, { labels, annotations }: { labels: Record<string, string>; annotations: Record<string, string> }): Node {
    const missing = (wanted: Record<string, string>, present: Record<string, string> = {}) => Object.fromEntries(Object.entries(wanted).filter(([key, value]) => present[key] !== value));
    const defaults = nodeLabels(this.#options.machine, this.#options.nodeName);
    const change = { labels: missing(Object.fromEntries(Object.keys(defaults).map((key) => [key, labels[key]!])), node.metadata.labels), annotations: missing(annotations, node.metadata.annotations) };
    if (Object.keys(change.labels).length === 0 && Object.keys(change.annotations).length === 0) return node;
    return this.#options.client.patch('Node', node.metadata, { metadata: change }) as Node;
  }

  #rebooted(node: Node): void {
    const { machine, nodeName, client } = this.#options;
    const before = node.status.nodeInfo?.bootID;
    if (before && before !== machine.bootId) client.event(this.#nodeRef, 'Warning', 'Rebooted', `Node ${nodeName} has been rebooted, boot id: ${machine.bootId}`);
  }

  #renew(): void {
    const { client, clock, nodeName } = this.#options;
    const renewTime = microTimestamp(clock.now);
    if (this.#lease) {
      try {
        this.#lease = client.update<Lease>({ ...this.#lease, spec: { ...this.#lease.spec, renewTime } });
        return;
      } catch (error) {
        if (!isConflict(error) && !isNotFound(error)) throw error;
        this.#lease = undefined;
      }
    }
    const key = { namespace: 'kube-node-lease', name: nodeName };
    const spec = { holderIdentity: nodeName, leaseDurationSeconds: 40, renewTime };
    try {
      const owner = { apiVersion: 'v1', kind: 'Node', name: nodeName, uid: this.node!.metadata.uid };
      this.#lease = client.create<Lease>({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { ...key, ownerReferences: [owner] }, spec });
    } catch (error) {
      if (isNotFound(error)) return; // the namespace does not exist yet
      if (!isAlreadyExists(error)) throw error;
      this.#lease = client.update<Lease>({ ...client.get('Lease', key), spec });
    }
  }

  /** Writes the status when something in it changed, and every five minutes. `fresh`: ask the server how the node looks. */
  #report(fresh: boolean): void {
    const { client, clock, nodeName } = this.#options;
    if (fresh) {
      try {
        this.node = client.get('Node', { name: nodeName });
      } catch (error) {
        if (!isNotFound(error)) throw error;
        this.node = undefined; // somebody deleted it: a kubelet registers only when it starts
        return;
      }
    }
    const node = this.node!;
    const due = clock.now - this.#reportedAt >= reportPeriod;
    if (!due && !this.#differs(node.status)) return;
    const status = this.#status(node.status);
    for (const verdict of nodeVerdicts(this.#options)) {
      const before = node.status.conditions?.find((c) => c.type === verdict.type);
      if (before && before.status !== verdict.status) this.#statusEvent(verdict.event);
    }
    this.node = client.updateStatus(node, status);
    this.#reportedAt = clock.now;
  }

  #differs(status: Node['status']): boolean {
    const { runtime, machine } = this.#options;
    if (runtime.imagesChanged !== this.#images.changed || status.nodeInfo?.bootID !== machine.bootId) return true;
    for (const { type, status: wanted, reason } of nodeVerdicts(this.#options)) {
      const condition = status.conditions?.find((c) => c.type === type);
      if (condition?.status !== wanted || condition.reason !== reason) return true;
    }
    return !this.resources.isRight(status) || this.#volumesDiffer(status);
  }

  #volumesDiffer({ volumesInUse: before = [] }: Node['status']): boolean {
    const now = this.#options.volumesInUse();
    return now !== undefined && now !== before && (now.length !== before.length || now.some((name, i) => name !== before[i]));
  }

  #status(before: Node['status'] | undefined, starting?: 'starting'): Node['status'] {
    const { machine, runtime, clock, client } = this.#options;
    const now = timestamp(clock.now);
    const verdicts = nodeVerdicts(this.#options, starting);
    const others = (before?.conditions ?? []).filter((c) => !verdicts.some((v) => v.type === c.type));
    const conditions = verdicts.map(({ type, status, reason, message }): Condition => {
      const old = before?.conditions?.find((c) => c.type === type);
      return { type, status, lastHeartbeatTime: now, lastTransitionTime: old?.status === status ? old.lastTransitionTime : now, reason, message };
    });
    if (this.#images.changed !== runtime.imagesChanged) this.#images = { changed: runtime.imagesChanged, list: nodeImages(runtime) };
    return {
      ...this.resources.after(before),
      conditions: [...others, ...conditions],
      ...this.#addresses(before),
      ...(before && this.#volumesDiffer(before) && { volumesInUse: inUseOrNothing(this.#options.volumesInUse()!) }),
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: nodeInfo(machine, runtime, client.version),
      ...(this.#images.list.length > 0 && { images: this.#images.list }),
    };
  }

  /** Those that a cloud has given are left as they are. */
  #addresses(before: Node['status'] | undefined): Pick<Node['status'], 'addresses'> {
    const { machine, nodeName, externalCloud, client } = this.#options;
    if (externalCloud && before?.addresses?.length) return { addresses: before.addresses };
    if (externalCloud && client.version.has('addresses-from-cloud')) return {};
    return {
      addresses: [
        ...machine.ips.map((address) => ({ type: 'InternalIP', address })),
        { type: 'Hostname', address: nodeName },
      ],
    };
  }

  #statusEvent(reason: string): void {
    this.#event(reason, `Node ${this.#options.nodeName} status is now: ${reason}`);
  }

  #event(reason: string, message: string): void {
    this.event('Normal', reason, message);
  }

  /** An event about the node. */
  event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#options.client.event(this.#nodeRef, type, reason, message);
  }
}
