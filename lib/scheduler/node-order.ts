// The order in which nodes are looked at: one of each zone in turn, so that a search that ends early saw all zones.
import type { Node } from '../api/index.ts';

/** Region and zone, by the current or the old label. */
function zoneOf({ metadata: { labels } }: Node): string {
  const zone = labels?.['failure-domain.beta.kubernetes.io/zone'] ?? labels?.['topology.kubernetes.io/zone'] ?? '';
  const region = labels?.['failure-domain.beta.kubernetes.io/region'] ?? labels?.['topology.kubernetes.io/region'] ?? '';
  return zone || region ? `${region}:\u0000:${zone}` : '';
}

export class NodeOrder<T extends { node: Node }> {
  #zones = new Map<string, T[]>();
  #zoneOf = new Map<T, string>();

  add(entry: T): void {
    const zone = zoneOf(entry.node);
    this.#zoneOf.set(entry, zone);
    const others = this.#zones.get(zone);
    if (others) others.push(entry);
    else this.#zones.set(zone, [entry]);
  }

  remove(entry: T): void {
    const zone = this.#zoneOf.get(entry);
    if (zone === undefined) return;
    this.#zoneOf.delete(entry);
    const rest = this.#zones.get(zone)!.filter((other) => other !== entry);
    if (rest.length > 0) this.#zones.set(zone, rest);
    else this.#zones.delete(zone);
  }

  /** After the node object changed. */
  update(entry: T): void {
    if (zoneOf(entry.node) === this.#zoneOf.get(entry)) return;
    this.remove(entry);
    this.add(entry);
  }

  list(): T[] {
    const zones = [...this.#zones.values()];
    if (zones.length === 1) return [...zones[0]!];
    const out: T[] = [];
    for (let i = 0; out.length < this.#zoneOf.size; i++) for (const zone of zones) if (i < zone.length) out.push(zone[i]!);
    return out;
  }
}
