// An etcd v3 in memory: one revision per transaction, ranges over sorted keys, watches as cursors into the log.
import { SortedKeys } from './sorted-keys.ts';

/** A stored key. `value` is a frozen API object (etcd itself holds bytes). Revisions are etcd's. */
export interface KeyValue {
  readonly key: string;
  readonly value: unknown;
  readonly createRevision: number;
  readonly modRevision: number;
  /** 1 after the first put, raised by each put, back to 1 when a deleted key is put again. */
  readonly version: number;
  readonly lease: number;
}

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
  #live = new Map<string, KeyValue>();
  #keys = new SortedKeys();
  #log: LogEntry[] = [];
  /** Entries dropped from the front of the log by compaction. */
  #dropped = 0;
  #leases = new Map<number, Set<string>>();
  #lastLease = 0;

  get(key: string): KeyValue | undefined {
    return this.#live.get(key);
  }

  range(key: string, { end, limit = 0, revision = 0 }: RangeOptions = {}): RangeResult {
    if (revision > this.revision) throw new FutureRevisionError();
    if (revision && revision < this.compactRevision) throw new CompactedError(this.compactRevision);
    const past = revision && revision < this.revision ? this.#undoneSince(revision) : undefined;
    const kvs: KeyValue[] = [];
    let count = 0;
    const visit = (k: string) => {
      const kv = past?.has(k) ? past.get(k) : this.#live.get(k);
      if (!kv) return;
      count++;
      if (!limit || kvs.length < limit) kvs.push(kv);
    };
    if (end === undefined) visit(key);
    else if (!past) this.#keys.between(key, end, visit);
    else this.#keysThen(past, key, end).forEach(visit);
    return { kvs, count, more: count > kvs.length };
  }

  put(key: string, value: unknown, lease = 0): KeyValue {
    const kv = this.#put(key, value, lease, this.revision + 1);
    this.revision++;
    return kv;
  }

  delete(key: string, end?: string): number {
    return this.txn({ success: [{ delete: key, end }] }).deleted;
  }

  /** Runs `success` when every comparison holds, else `failure`; all of it is one revision. */
  txn({ compare = [], success = [], failure = [] }: { compare?: Compare[]; success?: Operation[]; failure?: Operation[] }): { succeeded: boolean; revision: number; deleted: number } {
    const succeeded = compare.every((c) => (this.#live.get(c.key)?.[c.target] ?? 0) === c.equals);
    const next = this.revision + 1;
    let deleted = 0;
    let wrote = false;
    for (const operation of succeeded ? success : failure) {
      if ('put' in operation) {
        this.#put(operation.put, operation.value, operation.lease ?? 0, next);
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

  /** A lease without a clock of its own: who grants it also revokes it when its time is over. */
  grantLease(): number {
    this.#leases.set(++this.#lastLease, new Set());
    return this.#lastLease;
  }

  /** Deletes the keys attached to the lease, in one revision. */
  revokeLease(id: number): void {
    const keys = [...(this.#leases.get(id) ?? [])].sort();
    this.#leases.delete(id);
    this.txn({ success: keys.map((key) => ({ delete: key })) });
  }

  #put(key: string, value: unknown, lease: number, revision: number): KeyValue {
    const prev = this.#live.get(key);
    const kv: KeyValue = { key, value, createRevision: prev?.createRevision ?? revision, modRevision: revision, version: (prev?.version ?? 0) + 1, lease };
    if (prev?.lease && prev.lease !== lease) this.#leases.get(prev.lease)?.delete(key);
    if (lease) this.#leases.get(lease)?.add(key);
    if (!prev) this.#keys.add(key);
    this.#live.set(key, kv);
    this.#log.push({ type: 'PUT', kv, prev });
    return kv;
  }

  #remove(key: string, revision: number): boolean {
    const prev = this.#live.get(key);
    if (!prev) return false;
    this.#live.delete(key);
    this.#keys.delete(key);
    if (prev.lease) this.#leases.get(prev.lease)?.delete(key);
    this.#log.push({ type: 'DELETE', kv: { key, value: undefined, createRevision: 0, modRevision: revision, version: 0, lease: 0 }, prev });
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

  #keysThen(past: Map<string, unknown>, start: string, end: string): string[] {
    const keys = new Set([...past.keys()].filter((key) => key >= start && key < end));
    this.#keys.between(start, end, (key) => keys.add(key));
    return [...keys].sort();
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
