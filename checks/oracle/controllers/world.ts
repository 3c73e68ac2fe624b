// A control plane in which a recorded scenario is played again, and what could be seen of it.
import { type KubeObject, type Manifest, type Node, type Pod, resources, StatusError, type Version } from '../../../lib/api/index.ts';
import { type ControlPlane, createControlPlane } from '../../controllers/control-plane.ts';
import type { Plugin } from '../../../lib/scheduler/index.ts';
import { fakeKubelet, heartbeat, nodeConditions, type NodeReport, type PodReport, podStatus, readyReport } from './kubelet.ts';
import { Names } from './names.ts';
import { lifeOf, type PodScript } from './script.ts';
import { isSummarised, namespaceState, summarise } from './summary.ts';

export interface Seen {
  /** How many actions had been done. */
  after: number;
  type: 'PUT' | 'DELETE';
  resource: string;
  name: string;
  obj: any;
  /** Of a pod: what it runs. */
  image?: string;
}

export interface WorldOptions {
  version: Version;
  seed: number;
  /** Options of controllers, as the recording's flags give them. */
  options: Record<string, object>;
  scriptOf(name: string): PodScript | undefined;
  /** The node and the address that a pod was given. */
  nodeOf(name: string): string | undefined;
  addressOf(name: string): string | undefined;
}

export class World {
  readonly plane: ControlPlane;
  readonly names = new Names();
  /** Nodes whose kubelet works. */
  readonly alive = new Set<string>();
  readonly namespace = 'scenario';
  readonly seen: Seen[] = [];
  readonly namespaceStates: unknown[] = [];
  readonly events = new Map<string, { type: string; reason: string; message: string; component: string; object: string; count: number; after: number }>();
  /** Actions done so far. */
  done = 0;
  #log: { read(): { type: 'PUT' | 'DELETE'; kv: { key: string; value: unknown }; prev?: { value: unknown } }[] };
  #addresses = new Map<string, string>();
  #addressOf: WorldOptions['addressOf'];
  /** The uids that each name of a pod has had. */
  #lives = new Map<string, Set<string>>();

  constructor({ version, seed, options, scriptOf, nodeOf, addressOf }: WorldOptions) {
    this.#addressOf = addressOf;
    // Of several best nodes the scheduler takes any: here it is to be the recorded one.
    const asRecorded: Plugin = { name: 'AsRecorded', score: ({ pod }, node) => (node.name === nodeOf(this.#nameOf(pod)) ? 1 : 0) };
    this.plane = createControlPlane({ version, options, scheduler: { plugins: [asRecorded], weights: { AsRecorded: 1e9 } }, seed });
    this.plane.client.create({ kind: 'Namespace', metadata: { name: this.namespace } });
    this.plane.manager.replace('fake-kubelet', (client) => fakeKubelet(client, (pod) => this.#scriptOf(pod, scriptOf(lifeOf(this.#nameOf(pod), this.#lives.get(this.#nameOf(pod))?.size ?? 1))), (pod, report) => this.reportPod(pod, report)));
    this.plane.client.cache('Lease');
    this.plane.advance('3s');
    this.#log = this.plane.server.storage.store.watch({ prefix: '/registry/' });
    this.#beat();
  }

  /** Everything so far was preparation; what is there counts as there from the beginning. */
  settleIn(): void {
    this.plane.advance('2s');
    this.#log.read();
    for (const kind of ['Secret', 'ServiceAccount', 'ConfigMap']) for (const object of this.plane.client.list(kind, { namespace: this.namespace }).items) this.#take('PUT', object);
    this.events.clear();
  }

  get now(): number {
    return this.plane.clock.now;
  }

  /** Names are given in the order in which pods were made. */
  #nameOf(pod: Pod): string {
    this.read();
    return this.names.of('pods', pod);
  }

  /** A pod on a silent node is left as it is; of several equal ones another than the recorded may be there. */
  #scriptOf(pod: Pod, script: PodScript | undefined): PodScript | undefined {
    return this.alive.has(pod.spec.nodeName!) ? script : {};
  }

  /** Lets time pass and takes in what was written. */
  until(time: number): void {
    this.plane.loop.runUntil(Math.max(time, this.now));
    this.read();
  }

  read(): void {
    for (const { type, kv, prev } of this.#log.read()) {
      const object = (type === 'PUT' ? kv.value : prev?.value) as KubeObject;
      if (object.kind === 'Event') this.#takeEvent(object);
      else if (object.kind === 'Namespace' && object.metadata.name === this.namespace) this.namespaceStates.push(type === 'PUT' ? namespaceState(object) : { gone: true });
      else this.#take(type, object);
    }
  }

  #take(type: 'PUT' | 'DELETE', object: KubeObject): void {
    const resource = resources.find(({ kind }) => kind === object.kind)!.plural;
    if (!isSummarised(resource) || (object.metadata.namespace && object.metadata.namespace !== this.namespace)) return;
    const name = this.names.of(resource, object);
    if (resource === 'pods') this.#lives.set(name, (this.#lives.get(name) ?? new Set()).add(object.metadata.uid));
    const obj = JSON.parse(this.text(JSON.stringify(summarise(resource, object))));
    this.seen.push({ after: this.done, type, resource, name, obj, ...(resource === 'pods' && { image: object.spec.containers[0].image }) });
  }

  #takeEvent({ metadata, type, reason, message, source, reportingComponent, involvedObject, count }: KubeObject): void {
    const event = { type, reason, message: this.text(message), component: source.component || reportingComponent, object: this.text(`${involvedObject.kind}/${involvedObject.name}`), count: count ?? 1, after: this.done };
    const known = this.events.get(metadata.uid);
    if (known) Object.assign(known, { count: event.count, message: event.message });
    else this.events.set(metadata.uid, event);
  }

  text(text: string): string {
    return this.names.text(text.replaceAll(this.namespace, '<ns>'));
  }

  /** The present pods, in order of creation. */
  pods(): Pod[] {
    return this.plane.client.list('Pod', { namespace: this.namespace }).items.sort((a, b) => this.#age(a) - this.#age(b));
  }

  #age(pod: Pod): number {
    return this.seen.findIndex(({ resource, name }) => resource === 'pods' && name === this.names.of('pods', pod));
  }

  create(manifest: Manifest): KubeObject {
    const namespaced = resources.find(({ kind }) => kind === manifest.kind)?.namespaced ?? true;
    return this.plane.client.create({ ...manifest, metadata: { ...manifest.metadata, ...(namespaced && { namespace: this.namespace }) } });
  }

  /** A refused request as the recording has it; undefined when it was granted. */
  attempt(request: () => unknown): StatusError | undefined {
    try {
      request();
      return undefined;
    } catch (error) {
      if (error instanceof StatusError) return error;
      throw error;
    }
  }

  reportPod(pod: Pod, report: PodReport): void {
    const { uid } = pod.metadata;
    if (!this.#addresses.has(uid)) this.#addresses.set(uid, this.#addressOf(this.#nameOf(pod)) ?? `10.244.9.${10 + this.#addresses.size}`);
    this.plane.client.updateStatus(pod, podStatus(pod, report, this.#addresses.get(uid)!, this.now));
  }

  /** All containers have ended. */
  endPod(pod: Pod, phase: string): void {
    const { conditions } = podStatus(pod, { ready: false }, '', this.now);
    this.plane.client.updateStatus(pod, { phase, conditions });
  }

  /** A node registers; without a report nothing is known of it. */
  addNode(name: string, report: NodeReport | undefined, { alive = report !== undefined, ...more }: { alive?: boolean; labels?: Record<string, string>; taints?: object[]; unschedulable?: boolean } = {}): void {
    const capacity = { cpu: '64', memory: '256Gi', pods: '3000' };
    const { client } = this.plane;
    const { labels = { 'kubernetes.io/hostname': name }, ...spec } = more;
    const conditions = report ? nodeConditions({ status: {} } as Node, report, this.now) : undefined;
    client.create({ kind: 'Node', metadata: { name, labels }, spec, status: { capacity, allocatable: capacity, ...(conditions && { conditions }) } });
    if (alive) this.setAlive(name, true);
  }

  /** A volume that any small claim may have. */
  addVolume(name: string): void {
    this.plane.client.create({ kind: 'PersistentVolume', metadata: { name }, spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: `/tmp/${name}` } } } as never);
  }

  reportNode(name: string, report: NodeReport = readyReport): void {
    const node = this.plane.client.get('Node', { name });
    this.plane.client.updateStatus(node, { conditions: nodeConditions(node, report, this.now) });
  }

  reportCondition(name: string, type: string, status: string): void {
    const node = this.plane.client.get('Node', { name });
    const others = (node.status.conditions ?? []).filter((condition) => condition.type !== type);
    this.plane.client.updateStatus(node, { conditions: [...others, { type, status, reason: 'Reported', message: '' }] });
  }

  setAlive(name: string, alive: boolean): void {
    if (alive) {
      this.alive.add(name);
      heartbeat(this.plane.client, name);
    } else this.alive.delete(name);
  }

  /** Every node that is alive says so once a second. */
  #beat(): void {
    for (const name of this.alive) heartbeat(this.plane.client, name);
    this.plane.clock.after(1000, () => this.#beat());
  }
}
