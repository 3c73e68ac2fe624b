// An etcd v3 in memory: one revision per transaction, ranges over sorted keys, watches as cursors into the log.
import { byKey, Directories, type Directory, directoryOf, nameOf } from './directories.ts';
import { KeyValue } from './key-value.ts';
import { type Lease, Leases } from './leases.ts';
import type { Snapshot } from './snapshot.ts';

/** One change. For DELETE `kv` has no value, only the key and the revision of the deletion. */
export interface LogEntry {
  readonly type: 'PUT' | 'DELETE';
  readonly kv: KeyValue;
  readonly prev?: KeyValue;
}

export interface RangeOptions {
  /** Exclusive end of the range; `prefixEnd(key)` for a prefix; missing for a single key. */
  end?: string;
  limit?: number;
  /** Read as of this revision; throws CompactedError or FutureRevisionError when it cannot. */
  revision?: number;
}

export interface RangeResult {
  kvs: KeyValue[];
  /** Keys in the range, also those that `limit` left out. */
  count: number;
  more: boolean;
}

export interface Compare {
  key: string;
  target: 'modRevision' | 'createRevision' | 'version';
  equals: number;
}
export type Operation = { put: string; value: unknown; lease?: number } | { delete: string; end?: string };

/** The revision asked for was compacted: `etcdserver: mvcc: required revision has been compacted`. */
export class CompactedError extends Error {
  constructor(readonly compactRevision: number) {
    super('etcdserver: mvcc: required revision has been compacted');
  }
}
/** The revision asked for has not happened: `etcdserver: mvcc: required revision is a future revision`. */
export class FutureRevisionError extends Error {
  constructor() {
    super('etcdserver: mvcc: required revision is a future revision');
  }
}

/** The first key after all keys that begin with `prefix`. */
export function prefixEnd(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}

export class Store {
  /** The revision of the last transaction; 1 when nothing was written, as in a new etcd. */
  revision = 1;
  compactRevision = 0;
  #live = new Directories();
  #log: LogEntry[] = [];
  /** Entries dropped from the front of the log by compaction. */
  #dropped = 0;
  #leases = new Leases();

  get(key: string): KeyValue | undefined {
    return this.getIn(directoryOf(key), nameOf(key));
  }

  /** True when no key is alive. */
  get empty(): boolean {
    return this.#live.between('', '\uffff').length === 0;
  }

  /** The same for who has the key in two parts: `/registry/pods/default/` and `web`. */
  getIn(directory: string, name: string): KeyValue | undefined {
    return this.#live.find(directory)?.get(name);
  }

  /** How often something in the directory changed. */
  changesIn(directory: string): number {
    return this.#live.find(directory)?.changes ?? 0;
  }

  /** The same for all directories whose names begin with `prefix`. */
  changesUnder(prefix: string): number {
    return this.#live.changesUnder(prefix);
  }

  /** Keys of a new store, all in one directory: asked for when somebody first looks. Their history is not kept. */
  preload(directory: string, keys: () => readonly { name: string; value: unknown; revision: number }[]): void {
    this.#live.preload(directory, () => keys().map(({ name, value, revision }) => new KeyValue(directory, name, value, revision, revision, 1, 0)));
  }

  /** The revision after keys were preloaded; what came before it is compacted. */
  skipTo(revision: number): void {
    this.revision = this.compactRevision = revision;
  }

  /** Everything that `etcdctl snapshot save` saves: the keys, their history since the last compaction, the leases. */
  snapshot(): Snapshot {
    const kvs = this.#live.between('', '\uffff');
    return Object.freeze({ revision: this.revision, compactRevision: this.compactRevision, kvs, history: [...this.#log], leases: this.leases.map(({ id, ttl }) => ({ id, ttl })) });
  }

  /**
   * Becomes what the snapshot holds, its revision too: `etcdutl snapshot restore` without `--bump-revision`. Watches that were
   * open see a CompactedError.
   */
  restore({ revision, compactRevision, kvs, history, leases }: Snapshot): void {
    this.#live = new Directories();
    this.#leases = new Leases(leases);
    for (const kv of kvs) {
      this.#live.of(kv.directory).put(kv, undefined);
      this.#leases.attach(kv);
    }
    this.#dropped += this.#log.length + 1;
    this.#log = [...history];
    this.revision = revision;
    this.compactRevision = compactRevision;
  }

  range(key: string, { end, limit = 0, revision = 0 }: RangeOptions = {}): RangeResult {
    if (revision > this.revision) throw new FutureRevisionError();
    if (revision && revision < this.compactRevision) throw new CompactedError(this.compactRevision);
    const past = revision && revision < this.revision ? this.#undoneSince(revision) : undefined;
    const kvs: KeyValue[] = [];
    let count = 0;
    const visit = (kv: KeyValue | undefined) => {
      if (!kv) return;
      count++;
      if (!limit || kvs.length < limit) kvs.push(kv);
    };
    if (end === undefined) visit(past?.has(key) ? past.get(key) : this.get(key));
    else if (!past) this.#live.between(key, end).forEach(visit);
    else this.#rangeThen(past, key, end).forEach(visit);
    return { kvs, count, more: count > kvs.length };
  }

  put(key: string, value: unknown, lease = 0): KeyValue {
    return this.putIn(directoryOf(key), nameOf(key), value, lease);
  }

  putIn(directory: string, name: string, value: unknown, lease = 0): KeyValue {
    const kv = this.#put(this.#live.of(directory), name, value, lease, this.revision + 1);
    this.revision++;
    return kv;
  }

  delete(key: string, end?: string): number {
    return this.txn({ success: [{ delete: key, end }] }).deleted;
  }

  /** Runs `success` when every comparison holds, else `failure`; all of it is one revision. */
  txn({ compare = [], success = [], failure = [] }: { compare?: Compare[]; success?: Operation[]; failure?: Operation[] }): { succeeded: boolean; revision: number; deleted: number } {
    const succeeded = compare.every((c) => (this.get(c.key)?.[c.target] ?? 0) === c.equals);
    const next = this.revision + 1;
    let deleted = 0;
    let wrote = false;
    for (const operation of succeeded ? success : failure) {
      if ('put' in operation) {
        this.#put(this.#live.of(directoryOf(operation.put)), nameOf(operation.put), operation.value, operation.lease ?? 0, next);
        wrote = true;
        continue;
      }
      for (const key of operation.end === undefined ? [operation.delete] : this.range(operation.delete, { end: operation.end }).kvs.map((kv) => kv.key)) {
        if (this.#remove(key, next)) deleted++;
      }
    }
    if (wrote || deleted > 0) this.revision = next;
    return { succeeded, revision: this.revision, deleted };
  }

  /** What happened after `revision` to keys with `prefix`. */
  since(revision: number, prefix: string): LogEntry[] {
    if (revision < this.compactRevision) throw new CompactedError(this.compactRevision);
    return this.#log.slice(this.#firstAfter(revision)).filter((entry) => entry.kv.key.startsWith(prefix));
  }

  /** A cursor that begins after `revision` (default: now) and sees the keys with `prefix`. */
  watch({ prefix = '', after = this.revision }: { prefix?: string; after?: number } = {}): { read(): LogEntry[] } {
    if (after < this.compactRevision) throw new CompactedError(this.compactRevision);
    let position = this.#dropped + this.#firstAfter(after);
    return {
      read: () => {
        if (position < this.#dropped) throw new CompactedError(this.compactRevision);
        const entries = position - this.#dropped === this.#log.length ? [] : this.#log.slice(position - this.#dropped);
        position = this.#dropped + this.#log.length;
        return prefix ? entries.filter((e) => e.kv.key.startsWith(prefix)) : entries;
      },
    };
  }

  /** Forgets what happened up to and including `revision`; the present state stays. */
  compact(revision: number): void {
    if (revision <= this.compactRevision) throw new CompactedError(this.compactRevision);
    if (revision > this.revision) throw new FutureRevisionError();
    const drop = this.#firstAfter(revision);
    this.#log.splice(0, drop);
    this.#dropped += drop;
    this.compactRevision = revision;
  }

  /** A lease without a clock of its own: who grants it for `ttl` seconds also revokes it when they are over. */
  grantLease(ttl = 0): number {
    return this.#leases.grant(ttl);
  }

  /** Deletes the keys attached to the lease, in one revision. */
  revokeLease(id: number): void {
    const keys = this.#keysOf(this.#leases.end(id));
    this.txn({ success: keys.map((key) => ({ delete: key })) });
  }

  /** The leases that are alive, with their keys. */
  get leases(): Lease[] {
    return this.#leases.all().map(({ id, ttl, kvs }) => ({ id, ttl, keys: this.#keysOf(kvs) }));
  }

  /** Those that are still what was put with the lease. */
  #keysOf(kvs: readonly KeyValue[]): string[] {
    return kvs.filter((kv) => this.getIn(kv.directory, kv.name) === kv).map(({ key }) => key).sort();
  }

  #put(directory: Directory, name: string, value: unknown, lease: number, revision: number): KeyValue {
    const prev = directory.get(name);
    const kv = new KeyValue(directory.name, name, value, prev ? prev.createRevision : revision, revision, prev ? prev.version + 1 : 1, lease);
    directory.put(kv, prev);
    if (lease !== 0) this.#leases.attach(kv);
    this.#log.push({ type: 'PUT', kv, prev });
    return kv;
  }

  #remove(key: string, revision: number): boolean {
    const directory = this.#live.find(directoryOf(key));
    const prev = directory?.get(nameOf(key));
    if (!directory || !prev) return false;
    directory.delete(prev.name);
    this.#log.push({ type: 'DELETE', kv: new KeyValue(prev.directory, prev.name, undefined, 0, revision, 0, 0), prev });
    return true;
  }

  /** What keys written after `revision` held at it: the log read backwards. */
  #undoneSince(revision: number): Map<string, KeyValue | undefined> {
    const past = new Map<string, KeyValue | undefined>();
    for (let i = this.#log.length - 1; i >= 0 && this.#log[i]!.kv.modRevision > revision; i--) {
      const entry = this.#log[i]!;
      past.set(entry.kv.key, entry.prev);
    }
    return past;
  }

  #rangeThen(past: Map<string, KeyValue | undefined>, start: string, end: string): (KeyValue | undefined)[] {
    const kvs = this.#live.between(start, end).filter(({ key }) => !past.has(key));
    for (const kv of past.values()) if (kv && kv.key >= start && kv.key < end) kvs.push(kv);
    return kvs.sort(byKey);
  }

  #firstAfter(revision: number): number {
    let [low, high] = [0, this.#log.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#log[middle]!.kv.modRevision > revision) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
