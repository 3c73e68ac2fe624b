// Keys by what stands before their last slash: a write looks only at its own directory, and an order is made when asked for.
import type { KeyValue } from './key-value.ts';

/** `/registry/pods/default/` of `/registry/pods/default/web`. */
export const directoryOf = (key: string): string => key.slice(0, key.lastIndexOf('/') + 1);
export const nameOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1);
export const byKey = (a: KeyValue | undefined, b: KeyValue | undefined): number => (a!.key < b!.key ? -1 : 1);

export class Directory {
  readonly name: string;
  /** How often something was put or deleted. */
  changes = 0;
  #live = new Map<string, KeyValue>();
  #sorted: string[] = [];
  #added: string[] = [];
  #gone = new Set<string>();

  constructor(name: string) {
    this.name = name;
  }

  get(name: string): KeyValue | undefined {
    return this.#live.get(name);
  }

  /** `prev` is what the key held. */
  put(kv: KeyValue, prev: KeyValue | undefined): void {
    this.changes++;
    this.#live.set(kv.name, kv);
    if (prev === undefined && !this.#gone.delete(kv.name)) this.#added.push(kv.name);
  }

  delete(name: string): void {
    this.changes++;
    this.#live.delete(name);
    this.#gone.add(name);
  }

  /** Adds those with start <= key < end to `out`, in order. */
  between(start: string, end: string, out: KeyValue[]): void {
    this.#sort();
    const names = this.#sorted;
    let [low, high] = [0, names.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.name + names[middle]! < start) low = middle + 1;
      else high = middle;
    }
    for (let i = low; i < names.length && this.name + names[i]! < end; i++) out.push(this.#live.get(names[i]!)!);
  }

  #sort(): void {
    if (this.#added.length === 0 && this.#gone.size === 0) return;
    const fresh = this.#added.filter((name) => !this.#gone.has(name)).sort();
    const old = this.#gone.size > 0 ? this.#sorted.filter((name) => !this.#gone.has(name)) : this.#sorted;
    const merged: string[] = [];
    for (let i = 0, j = 0; i < old.length || j < fresh.length; ) {
      if (j >= fresh.length || (i < old.length && old[i]! < fresh[j]!)) merged.push(old[i++]!);
      else merged.push(fresh[j++]!);
    }
    this.#sorted = merged;
    this.#added = [];
    this.#gone.clear();
  }
}

export class Directories {
  #byName = new Map<string, Directory>();
  #names: string[] | undefined;
  /** Preloaded directories that nobody has looked at yet. */
  #unread = new Map<string, () => readonly KeyValue[]>();

  find(name: string): Directory | undefined {
    return this.#byName.get(name) ?? this.#read(name);
  }

  of(name: string): Directory {
    let directory = this.#byName.get(name) ?? this.#read(name);
    if (!directory) {
      this.#byName.set(name, (directory = new Directory(name)));
      this.#names = undefined;
    }
    return directory;
  }

  /** A directory whose keys are asked for when somebody first looks. */
  preload(name: string, keys: () => readonly KeyValue[]): void {
    this.#unread.set(name, keys);
  }

  #read(name: string): Directory | undefined {
    if (this.#unread.size === 0) return undefined;
    const keys = this.#unread.get(name);
    if (!keys) return undefined;
    this.#unread.delete(name);
    const directory = this.of(name);
    for (const kv of keys()) directory.put(kv, undefined);
    // What was there before counts as no change.
    directory.changes = 0;
    return directory;
  }

  /** How often something changed in the directories whose names begin so. */
  changesUnder(prefix: string): number {
    let changes = 0;
    for (const [name, directory] of this.#byName) if (name.startsWith(prefix)) changes += directory.changes;
    return changes;
  }

  /** All with start <= key < end, in the order of their keys. */
  between(start: string, end: string): KeyValue[] {
    for (const name of this.#unread.keys()) if (name < end && (name >= start || start.startsWith(name))) this.#read(name);
    const out: KeyValue[] = [];
    let nested = false;
    let before: string | undefined;
    this.#names ??= [...this.#byName.keys()].sort();
    for (const name of this.#names) {
      if (name >= end) break;
      // All keys of a directory that sorts before `start` do so too, unless `start` lies in it.
      if (name < start && !start.startsWith(name)) continue;
      const count = out.length;
      // The keys of a directory inside another one stand between those of the other.
      if (before !== undefined && name.startsWith(before)) nested = true;
      this.#byName.get(name)!.between(start, end, out);
      if (out.length > count) before = name;
    }
    return nested ? out.sort(byKey) : out;
  }
}
