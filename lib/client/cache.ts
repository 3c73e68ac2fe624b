// An informer's store: one kind, indexed, kept by events.
import type { KubeObject } from '../api/index.ts';
import { keyText } from './keys.ts';
import type { Cache, CacheEvent, Group, Key } from './types.ts';

type Counters = Record<string, (object: any) => number>;

/** One object's place in the cache. The object is replaced by each event, the place stays. */
interface Entry {
  object: KubeObject;
  /** By number of index: the values under which the object is found, and what it adds to their counters. */
  values: (readonly string[])[];
  counts: (readonly number[])[];
}

class Members implements Group<KubeObject> {
  readonly entries = new Set<Entry>();
  readonly sums: number[];
  #index: Index;

  constructor(index: Index) {
    this.#index = index;
    this.sums = index.counters.map(() => 0);
  }

  get size(): number {
    return this.entries.size;
  }
  count(counter: string): number {
    return this.sums[this.#index.counters.findIndex(({ name }) => name === counter)] ?? 0;
  }
  *[Symbol.iterator](): IterableIterator<KubeObject> {
    for (const entry of this.entries) yield entry.object;
  }
}

const nothing: Group<never> = { size: 0, count: () => 0, [Symbol.iterator]: () => [][Symbol.iterator]() };

interface Index {
  number: number;
  values: (object: any) => readonly string[];
  counters: { name: string; of: (object: any) => number }[];
  groups: Map<string, Members>;
}

const none: readonly string[] = [];
const controllerOf = (object: KubeObject): readonly string[] => {
  const owners = object.metadata.ownerReferences;
  if (owners === undefined) return none;
  for (const owner of owners) if (owner.controller) return [owner.uid!];
  return none;
};

export class IndexedCache implements Cache<KubeObject> {
  #namespaces = new Map<string, Map<string, Entry>>();
  #size = 0;
  #indexes: Index[] = [];
  #byName = new Map<string, Index>();
  #handlers: ((event: CacheEvent) => void)[] = [];
  synced = false;

  get size(): number {
    return this.#size;
  }
  *[Symbol.iterator](): IterableIterator<KubeObject> {
    for (const names of this.#namespaces.values()) for (const entry of names.values()) yield entry.object;
  }
  get({ namespace = '', name }: Key): KubeObject | undefined {
    return this.#namespaces.get(namespace)?.get(name)?.object;
  }
  inNamespace(namespace: string): Group<KubeObject> {
    return this.#builtIn('namespace', (object) => [object.metadata.namespace ?? '']).get(namespace) ?? nothing;
  }
  ownedBy(uid: string): Group<KubeObject> {
    return this.#builtIn('controller', controllerOf).get(uid) ?? nothing;
  }
  by(index: string, value: string): Group<KubeObject> {
    const found = this.#byName.get(index);
    if (!found) throw new RangeError(`no index ${index}`);
    return found.groups.get(value) ?? nothing;
  }
  index(name: string, values: (object: any) => readonly string[], counters: Counters = {}): void {
    const known = this.#byName.get(name);
    const counting = Object.entries(counters).map(([counter, of]) => ({ name: counter, of }));
    const index: Index = { number: known?.number ?? this.#indexes.length, values, counters: counting, groups: new Map() };
    this.#byName.set(name, index);
    this.#indexes[index.number] = index;
    for (const names of this.#namespaces.values()) for (const entry of names.values()) enter(index, entry);
  }
  on(handler: (event: CacheEvent<any>) => void): void {
    this.#handlers.push(handler);
  }

  #builtIn(name: string, values: (object: KubeObject) => readonly string[]): Map<string, Members> {
    if (!this.#byName.has(name)) this.index(name, values);
    return this.#byName.get(name)!.groups;
  }

  /** Takes one change in and tells the handlers. */
  apply(type: CacheEvent['type'], object: KubeObject): void {
    const { namespace = '', name } = object.metadata;
    let names = this.#namespaces.get(namespace);
    if (!names) this.#namespaces.set(namespace, (names = new Map()));
    const entry = names.get(name);
    const old = entry?.object;
    if (type === 'DELETED' ? !old : old === object) return;
    if (entry && type !== 'DELETED' && entry.object.metadata.uid === object.metadata.uid) {
      entry.object = object;
      for (let i = 0; i < this.#indexes.length; i++) move(this.#indexes[i]!, entry);
    } else {
      if (entry) this.#remove(names, entry);
      if (type === 'DELETED') return this.#tell({ type, object });
      this.#add(names, object);
    }
    this.#tell(old ? { type: 'MODIFIED', object, old } : { type: 'ADDED', object });
  }

  #add(names: Map<string, Entry>, object: KubeObject): void {
    const entry: Entry = { object, values: [], counts: [] };
    names.set(object.metadata.name, entry);
    this.#size++;
    for (const index of this.#indexes) enter(index, entry);
  }

  #remove(names: Map<string, Entry>, entry: Entry): void {
    names.delete(entry.object.metadata.name);
    this.#size--;
    for (const index of this.#indexes) leave(index, entry);
  }

  /** Replaces everything after a new list: what is missing in it has been deleted meanwhile. */
  replace(objects: readonly KubeObject[]): void {
    if (this.#size > 0) {
      const kept = new Set(objects.map((object) => keyText(object.metadata)));
      for (const old of [...this]) if (!kept.has(keyText(old.metadata))) this.apply('DELETED', old);
    }
    for (const object of objects) this.apply('MODIFIED', object);
    this.synced = true;
  }

  #tell(event: CacheEvent): void {
    for (let i = 0; i < this.#handlers.length; i++) this.#handlers[i]!(event);
  }
}

function enter(index: Index, entry: Entry): void {
  place(index, entry, index.values(entry.object), countsOf(index, entry.object));
}

function place(index: Index, entry: Entry, values: readonly string[], counts: readonly number[]): void {
  entry.values[index.number] = values;
  entry.counts[index.number] = counts;
  for (const value of values) {
    let group = index.groups.get(value);
    if (!group) index.groups.set(value, (group = new Members(index)));
    group.entries.add(entry);
    for (let i = 0; i < counts.length; i++) group.sums[i]! += counts[i]!;
  }
}

function leave(index: Index, entry: Entry): void {
  const counts = entry.counts[index.number]!;
  for (const value of entry.values[index.number]!) {
    const group = index.groups.get(value);
    if (!group?.entries.delete(entry)) continue;
    for (let i = 0; i < counts.length; i++) group.sums[i]! -= counts[i]!;
    if (group.size === 0) index.groups.delete(value);
  }
}

/** After the object of an entry was replaced. Nearly always it stays where it was. */
function move(index: Index, entry: Entry): void {
  const values = index.values(entry.object);
  const before = entry.values[index.number]!;
  if (values !== before && !sameValues(values, before)) {
    leave(index, entry);
    return enter(index, entry);
  }
  if (index.counters.length === 0) return;
  const counts = countsOf(index, entry.object);
  const old = entry.counts[index.number]!;
  entry.counts[index.number] = counts;
  for (let i = 0; i < counts.length; i++) {
    const change = counts[i]! - old[i]!;
    if (change !== 0) for (const value of values) index.groups.get(value)!.sums[i]! += change;
  }
}

function sameValues(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const noCounts: readonly number[] = [];
function countsOf({ counters }: Index, object: KubeObject): readonly number[] {
  return counters.length === 0 ? noCounts : counters.map(({ of }) => of(object));
}
