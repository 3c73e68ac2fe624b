// An informer's store: one kind, indexed, kept by events.
import type { KubeObject } from '../api/index.ts';
import type { Cache, CacheEvent, Group, Key } from './types.ts';

type Counters = Record<string, (object: any) => number>;

class Members implements Group<KubeObject> {
  readonly objects = new Map<string, KubeObject>();
  readonly counts: Record<string, number> = {};

  get size(): number {
    return this.objects.size;
  }
  count(counter: string): number {
    return this.counts[counter] ?? 0;
  }
  [Symbol.iterator](): IterableIterator<KubeObject> {
    return this.objects.values();
  }
}

const nothing: Group<never> = { size: 0, count: () => 0, [Symbol.iterator]: () => [][Symbol.iterator]() };

interface Index {
  values: (object: any) => readonly string[];
  counters: [string, (object: any) => number][];
  groups: Map<string, Members>;
}

/** `default/web`, or `worker-1` for what lies in no namespace. */
export function keyText({ namespace, name }: Key): string {
  return namespace ? `${namespace}/${name}` : name;
}

const none: readonly string[] = [];
const controllerOf = (object: KubeObject): readonly string[] => {
  const owners = object.metadata.ownerReferences;
  if (owners === undefined) return none;
  for (const owner of owners) if (owner.controller) return [owner.uid!];
  return none;
};

export class IndexedCache implements Cache<KubeObject> {
  /** By uid: strings that are there already, where a joined namespace and name would be made for each look. */
  #objects = new Map<string, KubeObject>();
  #names = new Map<string, Map<string, KubeObject>>();
  #indexes = new Map<string, Index>();
  #handlers: ((event: CacheEvent) => void)[] = [];

  get size(): number {
    return this.#objects.size;
  }
  [Symbol.iterator](): IterableIterator<KubeObject> {
    return this.#objects.values();
  }
  get({ namespace = '', name }: Key): KubeObject | undefined {
    return this.#names.get(namespace)?.get(name);
  }
  inNamespace(namespace: string): Group<KubeObject> {
    return this.#builtIn('namespace', (object) => [object.metadata.namespace ?? '']).get(namespace) ?? nothing;
  }
  ownedBy(uid: string): Group<KubeObject> {
    return this.#builtIn('controller', controllerOf).get(uid) ?? nothing;
  }
  by(index: string, value: string): Group<KubeObject> {
    const found = this.#indexes.get(index);
    if (!found) throw new RangeError(`no index ${index}`);
    return found.groups.get(value) ?? nothing;
  }
  index(name: string, values: (object: any) => readonly string[], counters: Counters = {}): void {
    const index: Index = { values, counters: Object.entries(counters), groups: new Map() };
    this.#indexes.set(name, index);
    for (const object of this) enter(index, object);
  }
  on(handler: (event: CacheEvent<any>) => void): void {
    this.#handlers.push(handler);
  }

  #builtIn(name: string, values: (object: KubeObject) => readonly string[]): Map<string, Members> {
    if (!this.#indexes.has(name)) this.index(name, values);
    return this.#indexes.get(name)!.groups;
  }

  /** Takes one change in and tells the handlers. */
  apply(type: CacheEvent['type'], object: KubeObject): void {
    const { namespace = '', name, uid } = object.metadata;
    let names = this.#names.get(namespace);
    if (!names) this.#names.set(namespace, (names = new Map()));
    const old = names.get(name);
    if (type === 'DELETED') {
      if (!old) return;
      names.delete(name);
      this.#objects.delete(old.metadata.uid);
      for (const index of this.#indexes.values()) leave(index, old);
      this.#tell({ type, object });
      return;
    }
    if (old === object) return;
    names.set(name, object);
    if (old && old.metadata.uid !== uid) this.#objects.delete(old.metadata.uid);
    this.#objects.set(uid, object);
    for (const index of this.#indexes.values()) move(index, old, object);
    this.#tell(old ? { type: 'MODIFIED', object, old } : { type: 'ADDED', object });
  }

  /** Replaces everything after a new list: what is missing in it has been deleted meanwhile. */
  replace(objects: readonly KubeObject[]): void {
    const kept = new Set(objects.map((object) => keyText(object.metadata)));
    for (const old of [...this]) if (!kept.has(keyText(old.metadata))) this.apply('DELETED', old);
    for (const object of objects) this.apply('MODIFIED', object);
  }

  #tell(event: CacheEvent): void {
    for (const handler of this.#handlers) handler(event);
  }
}

function enter(index: Index, object: KubeObject): void {
  for (const value of index.values(object)) {
    let group = index.groups.get(value);
    if (!group) index.groups.set(value, (group = new Members()));
    group.objects.set(object.metadata.uid, object);
    for (const [name, count] of index.counters) group.counts[name] = (group.counts[name] ?? 0) + count(object);
  }
}

function leave(index: Index, object: KubeObject): void {
  for (const value of index.values(object)) {
    const group = index.groups.get(value);
    if (!group?.objects.delete(object.metadata.uid)) continue;
    for (const [name, count] of index.counters) group.counts[name] = group.counts[name]! - count(object);
    if (group.size === 0) index.groups.delete(value);
  }
}

function move(index: Index, old: KubeObject | undefined, object: KubeObject): void {
  if (!old) return enter(index, object);
  const [before, after] = [index.values(old), index.values(object)];
  if (before.length === 0 && after.length === 0) return;
  if (old.metadata.uid !== object.metadata.uid || before.length !== 1 || after.length !== 1 || before[0] !== after[0]) {
    leave(index, old);
    return enter(index, object);
  }
  const group = index.groups.get(after[0]!)!;
  group.objects.set(object.metadata.uid, object);
  for (const [name, count] of index.counters) group.counts[name] = group.counts[name]! + count(object) - count(old);
}
