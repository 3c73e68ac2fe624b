// The cluster as the scheduler sees it: nodes with sums, pods with shapes, counts by topology.
import { equal, type Node, type Pod, type Version } from '../api/index.ts';
import { type CounterOptions, type Domains, domainsOf, nodeDomains, NodeSet, PodCounter } from './counts.ts';
import { Images } from './images.ts';
import { NodeInfo } from './node-info.ts';
import { NodeOrder } from './node-order.ts';
import { controllerOf, newShape, type PodInfo, podKey, type PodShape, sameShape, shapeKey } from './pod-info.ts';

const maxCounters = 1000;
const maxChanges = 10_000;
const maxIdleShapes = 1000;

export class Snapshot {
  readonly version: Version;
  readonly images = new Images();
  /** Changes when nodes come, go or change labels or taints: what was derived from the list of nodes is then dropped. */
  structure = 0;
  /** Changes when counters are dropped: those that were got before count no longer. */
  era = 0;
  /** Changes when a service, a workload or a namespace selects other pods. */
  selectors = 0;
  /** Shapes of placed pods that have terms of pod affinity or anti-affinity. */
  readonly withAffinity = new Set<PodShape>();
  /** The nodes that changed, oldest first; those before `forgottenChanges` are no longer listed. */
  readonly changes: NodeInfo[] = [];
  forgottenChanges = 0;
  #byName = new Map<string, NodeInfo>();
  #placed = new Map<string, NodeInfo>();
  #shapes = new Map<string, PodShape>();
  /** The newest pod of each controller. */
  #last = new Map<string, PodInfo>();
  #order = new NodeOrder<NodeInfo>();
  #nodes: NodeInfo[] | undefined;
  #domains = new Map<string, Domains>();
  #sets = new Map<string, NodeSet>();
  #counters = new Map<string, PodCounter>();

  constructor(version: Version) {
    this.version = version;
  }

  /** All nodes, in the order in which they are looked at. */
  get nodes(): readonly NodeInfo[] {
    if (!this.#nodes) {
      this.#nodes = this.#order.list();
      this.#nodes.forEach((node, i) => (node.index = i));
    }
    return this.#nodes;
  }

  node(name: string): NodeInfo | undefined {
    const info = this.#byName.get(name);
    return info?.node && info;
  }

  setNode(node: Node): void {
    const info = this.#infoOf(node.metadata.name);
    const old = info.node as Node | undefined;
    info.setNode(node);
    this.#changed(info);
    this.images.set(info, node.status?.images);
    if (!old) this.#order.add(info);
    else if (equal(old.metadata.labels, node.metadata.labels) && equal(old.spec.taints, node.spec.taints)) return;
    else this.#order.update(info);
    this.#restructure();
  }

  removeNode(name: string): void {
    const info = this.#byName.get(name);
    if (!info?.node) return;
    this.#order.remove(info);
    this.images.set(info, undefined);
    info.node = undefined as unknown as Node;
    info.index = -1;
    if (info.pods.size === 0) this.#byName.delete(name);
    this.#restructure();
  }

  /** The pod with its shape, which it shares with its like. */
  info(pod: Pod): PodInfo {
    // Pods of one controller come one after the other and are usually alike.
    const owner = controllerOf(pod)?.uid ?? '';
    const last = this.#last.get(owner);
    if (last && sameShape(last.pod, pod) && this.#shapes.get(last.shape.key) === last.shape) return { pod, shape: last.shape };
    const info = { pod, shape: this.#shapeOf(pod) };
    if (this.#last.size > maxIdleShapes) this.#last.clear();
    this.#last.set(owner, info);
    return info;
  }

  #shapeOf(pod: Pod): PodShape {
    const key = shapeKey(pod);
    let shape = this.#shapes.get(key);
    if (!shape) {
      if (this.#shapes.size > 2 * this.#placed.size + maxIdleShapes) this.#forgetIdleShapes();
      this.#shapes.set(key, (shape = newShape(pod, key, this.version)));
      for (const counter of this.#counters.values()) if (counter.matches(shape)) shape.counters.push(counter);
    }
    return shape;
  }

  /** Where the pod is counted. */
  placedOn(pod: Pod): NodeInfo | undefined {
    return this.#placed.get(podKey(pod));
  }

  place(pod: PodInfo, nodeName: string): void {
    // A shape that nobody had for a while was forgotten: the pod joins the present one of the same key.
    const info = this.#shapes.get(pod.shape.key) === pod.shape ? pod : this.info(pod.pod);
    const node = this.#infoOf(nodeName);
    node.add(info);
    this.#placed.set(podKey(info.pod), node);
    this.#count(info.shape, node, 1);
  }

  /** Takes in the newest version of an assigned pod, wherever it was before. */
  setPod(pod: Pod): void {
    const node = this.placedOn(pod);
    const old = node?.pods.get(podKey(pod));
    if (!node || !old) return this.place(this.info(pod), pod.spec.nodeName!);
    const info = sameShape(old.pod, pod) ? { pod, shape: old.shape } : this.info(pod);
    if (info.shape === old.shape && node.name === pod.spec.nodeName) {
      node.pods.set(podKey(pod), info);
      return;
    }
    this.removePod(pod);
    this.place(info, pod.spec.nodeName!);
  }

  removePod(pod: Pod): boolean {
    const node = this.placedOn(pod);
    const info = node?.pods.get(podKey(pod));
    if (!node || !info) return false;
    node.remove(info);
    this.#placed.delete(podKey(pod));
    this.#count(info.shape, node, -1);
    if (!node.node && node.pods.size === 0) this.#byName.delete(node.name);
    return true;
  }

  /** Counts a pod on a node, or no longer, while a trial lasts; the node's own list stays as it is. */
  shift({ shape }: PodInfo, node: NodeInfo, by: 1 | -1): void {
    this.#countShape(shape, node, by);
  }

  domains(key: string): Domains {
    let found = this.#domains.get(key);
    if (!found) this.#domains.set(key, (found = key === '' ? nodeDomains(this.nodes) : domainsOf(this.nodes, key)));
    return found;
  }

  /** The nodes that pass `test`; `key` names the test. */
  nodeSet(key: string, test: (node: NodeInfo) => boolean): NodeSet {
    let found = this.#sets.get(key);
    if (!found) this.#sets.set(key, (found = new NodeSet(key, this.nodes, test)));
    return found;
  }

  /** A count of placed pods, made once and kept by events; `key` names what is counted where. */
  counter(key: string, options: () => CounterOptions): PodCounter {
    let found = this.#counters.get(key);
    if (found) return found;
    if (this.#counters.size >= maxCounters) this.#forgetCounters();
    found = new PodCounter(options());
    this.#counters.set(key, found);
    for (const shape of this.#shapes.values()) {
      if (!found.matches(shape)) continue;
      shape.counters.push(found);
      for (const [node, count] of shape.nodes) if (node.index >= 0) found.add(node, count);
    }
    return found;
  }

  #infoOf(name: string): NodeInfo {
    let info = this.#byName.get(name);
    if (!info) this.#byName.set(name, (info = new NodeInfo(name)));
    return info;
  }

  #count(shape: PodShape, node: NodeInfo, change: 1 | -1): void {
    this.#changed(node);
    this.#countShape(shape, node, change);
  }

  #countShape(shape: PodShape, node: NodeInfo, change: 1 | -1): void {
    const count = (shape.nodes.get(node) ?? 0) + change;
    if (count > 0) shape.nodes.set(node, count);
    else shape.nodes.delete(node);
    if (shape.affinity && count === 1 && change === 1) this.withAffinity.add(shape);
    if (shape.affinity && shape.nodes.size === 0) this.withAffinity.delete(shape);
    if (node.index >= 0 && this.#nodes) for (const counter of shape.counters) counter.add(node, change);
  }

  #changed(node: NodeInfo): void {
    if (this.changes.length >= maxChanges) {
      this.forgottenChanges += this.changes.length;
      this.changes.length = 0;
    }
    this.changes.push(node);
  }

  #restructure(): void {
    this.structure++;
    this.#nodes = undefined;
    this.#domains.clear();
    this.#sets.clear();
    this.#forgetCounters();
  }

  #forgetCounters(): void {
    this.era++;
    this.#counters.clear();
    for (const shape of this.#shapes.values()) shape.counters = [];
  }

  #forgetIdleShapes(): void {
    for (const [key, shape] of this.#shapes) if (shape.nodes.size === 0) this.#shapes.delete(key);
  }
}
