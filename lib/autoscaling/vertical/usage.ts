// Remembers what all containers of the cluster used, by the labels of their pods (pkg/recommender/model/cluster.go).
import { bytes, isPodTerminal, parseQuantity, type Pod, type Selector } from '../../api/index.ts';
import { ContainerAggregate, ContainerHistory } from './aggregate.ts';
import type { PodUsage } from './types.ts';

interface Aggregated {
  namespace: string;
  labels: Record<string, string>;
  container: string;
  aggregate: ContainerAggregate;
}

/** Without a sample for so long, nothing is left of it. */
const window = 8 * 24 * 3_600_000;

export class UsageHistory {
  /** Pods with the same labels share it, also those that are gone. */
  readonly #aggregates = new Map<string, Aggregated>();
  readonly #containers = new Map<string, ContainerHistory>();

  /** The containers that exist, with or without samples. */
  see(pods: Iterable<Pod>): void {
    const alive = new Set<string>();
    for (const pod of pods) {
      if (isPodTerminal(pod)) continue;
      for (const { name } of pod.spec.containers) {
        alive.add(`${pod.metadata.uid} ${name}`);
        this.#container(pod, name);
      }
    }
    for (const key of this.#containers.keys()) if (!alive.has(key)) this.#containers.delete(key);
  }

  add(pod: Pod, usage: PodUsage): void {
    for (const { name, usage: used } of usage.containers) {
      if (!pod.spec.containers.some((container) => container.name === name)) continue;
      const history = this.#container(pod, name);
      // Millicores, rounded up, as they are kept.
      if (used['cpu'] !== undefined) history.addCpu(parseQuantity(used['cpu']).milliValue() / 1000, usage.timestamp);
      if (used['memory'] !== undefined) history.addMemory(bytes(used['memory']), usage.timestamp);
    }
  }

  outOfMemory(pod: Pod, container: string, time: number): void {
    const requested = pod.spec.containers.find(({ name }) => name === container)?.resources?.requests?.['memory'];
    this.#container(pod, container).outOfMemory(requested === undefined ? 0 : bytes(requested), time);
  }

  /** Of the pods that a selector means, by the names of their containers. */
  of(namespace: string, selector: Selector): Map<string, ContainerAggregate> {
    const found = new Map<string, ContainerAggregate>();
    for (const one of this.#aggregates.values()) {
      if (one.namespace !== namespace || !selector.matches(one.labels)) continue;
      const whole = found.get(one.container) ?? new ContainerAggregate();
      whole.merge(one.aggregate);
      found.set(one.container, whole);
    }
    return found;
  }

  forget(now: number): void {
    const used = new Set<unknown>([...this.#containers.values()].map(({ aggregate }) => aggregate));
    for (const [key, { aggregate }] of this.#aggregates) if (!used.has(aggregate) && now - aggregate.last >= window) this.#aggregates.delete(key);
  }

  #container({ metadata }: Pod, name: string): ContainerHistory {
    const key = `${metadata.uid} ${name}`;
    let history = this.#containers.get(key);
    if (!history) this.#containers.set(key, (history = new ContainerHistory(this.#aggregate(metadata, name))));
    return history;
  }

  #aggregate({ namespace = '', labels = {} }: Pod['metadata'], container: string): ContainerAggregate {
    const key = JSON.stringify([namespace, container, Object.entries(labels).sort()]);
    let found = this.#aggregates.get(key);
    if (!found) this.#aggregates.set(key, (found = { namespace, labels, container, aggregate: new ContainerAggregate() }));
    return found.aggregate;
  }
}
