// A node with the sums over its pods.
import type { Node } from '../api/index.ts';
import { bytes } from '../api/index.ts';
import { type PodInfo, podKey } from './pod-info.ts';
import { addResource, type CpuAndMemory, emptyResource, type Resource, toResource } from './resources.ts';

export class NodeInfo {
  /** Missing while only its pods are known. */
  node: Node;
  /** Place in the snapshot's list, -1 while it is not in it. */
  index = -1;
  allocatable: Resource = emptyResource();
  allowedPods = 0;
  readonly pods = new Map<string, PodInfo>();
  readonly requested: Resource = emptyResource();
  readonly nonZeroRequested: CpuAndMemory = { milliCPU: 0, memory: 0 };

  readonly name: string;

  constructor(name: string) {
    this.name = name;
    this.node = undefined as unknown as Node;
  }

  /** The same node with a list of pods of its own. */
  copy(): NodeInfo {
    const copy = new NodeInfo(this.name);
    const { node, index, allocatable, allowedPods } = this;
    Object.assign(copy, { node, index, allocatable, allowedPods });
    for (const pod of this.pods.values()) copy.add(pod);
    return copy;
  }

  setNode(node: Node): void {
    this.node = node;
    const allocatable = node.status?.allocatable ?? node.status?.capacity;
    this.allocatable = toResource(allocatable);
    this.allowedPods = bytes(allocatable?.['pods']);
  }

  add(pod: PodInfo): void {
    this.pods.set(podKey(pod.pod), pod);
    this.#count(pod, 1);
  }

  remove(pod: PodInfo): void {
    this.pods.delete(podKey(pod.pod));
    this.#count(pod, -1);
  }

  #count({ shape }: PodInfo, sign: 1 | -1): void {
    addResource(this.requested, shape.request, sign);
    this.nonZeroRequested.milliCPU += sign * shape.nonZero.milliCPU;
    this.nonZeroRequested.memory += sign * shape.nonZero.memory;
  }
}
