// Pods for which others were sent away, and the node where each waits for its place.
import type { Pod } from '../api/index.ts';
import { podKey } from './pod-info.ts';

const none: readonly Pod[] = [];

export class Nominator {
  #byNode = new Map<string, Pod[]>();
  #nodeOf = new Map<string, string>();

  get size(): number {
    return this.#nodeOf.size;
  }

  on(node: string): readonly Pod[] {
    return this.#byNode.get(node) ?? none;
  }

  /** The pod waits for `node`, by default for the one that its status names. */
  add(pod: Pod, node = pod.status?.nominatedNodeName): void {
    this.delete(pod);
    if (!node) return;
    this.#nodeOf.set(podKey(pod), node);
    this.#byNode.set(node, [...this.on(node), pod]);
  }

  /** A new version of the pod. What was decided here and is not yet written there goes on to hold. */
  update(old: Pod, pod: Pod): void {
    const known = this.#nodeOf.get(podKey(pod));
    if (known === undefined && !pod.status?.nominatedNodeName) return;
    const unwritten = !old.status?.nominatedNodeName && !pod.status?.nominatedNodeName;
    this.add(pod, unwritten ? known : pod.status.nominatedNodeName);
  }

  delete(pod: Pod): void {
    const key = podKey(pod);
    const node = this.#nodeOf.get(key);
    if (node === undefined) return;
    this.#nodeOf.delete(key);
    const rest = this.on(node).filter((other) => podKey(other) !== key);
    if (rest.length > 0) this.#byNode.set(node, rest);
    else this.#byNode.delete(node);
  }
}
