// Committed revisions as values that can be written down and done again.
import { freeze, type KubeObject } from '../../api/index.ts';
import { KeyValue, type LogEntry, type Operation, type Snapshot, Store } from '../../etcd/index.ts';

export interface Change {
  key: string;
  /** Undefined: deleted. */
  value?: unknown;
  /** That it is put with, or was deleted with. */
  lease?: { id: number; ttl: number };
}

/** One revision: all of its changes, or none of them. */
export interface Transaction {
  revision: number;
  /** Milliseconds of the cluster's clock. */
  time: number;
  changes: Change[];
  /** For each change, the revision at which its key was changed before; 0 when it did not exist. */
  before?: number[];
}

/** What a store holds, as it is kept: its present, without history. */
export interface State {
  revision: number;
  time: number;
  kvs: Kept[];
}

export interface Kept {
  key: string;
  value: unknown;
  createRevision: number;
  modRevision: number;
  version: number;
  lease?: { id: number; ttl: number };
}

/** An object as it is kept: with who owns its fields, without its resourceVersion, which is the revision. */
export type Encode = (value: unknown) => unknown;

export function encoder(withManagedFields: (object: KubeObject) => KubeObject): Encode {
  return (value) => {
    if (!(value as KubeObject)?.metadata) return value;
    const object = withManagedFields(value as KubeObject);
    const { resourceVersion: _, ...metadata } = object.metadata;
    return { ...object, metadata };
  };
}

export function decode(value: unknown, revision: number): unknown {
  const object = value as KubeObject;
  if (object?.metadata) object.metadata.resourceVersion = String(revision);
  return freeze(object);
}

/** The log's entries by revision. */
export function transactionsOf(entries: readonly LogEntry[], { time, encode, ttlOf, withBefore = false }: { time: number; encode: Encode; ttlOf(lease: number): number; withBefore?: boolean }): Transaction[] {
  const out: Transaction[] = [];
  for (const { type, kv, prev } of entries) {
    let last = out.at(-1);
    if (last?.revision !== kv.modRevision) out.push((last = { revision: kv.modRevision, time, changes: [], ...(withBefore && { before: [] }) }));
    last.before?.push(prev?.modRevision ?? 0);
    if (type === 'DELETE') last.changes.push({ key: kv.key, ...(withBefore && prev && leaseOf(prev, ttlOf)) });
    else last.changes.push({ key: kv.key, value: encode(kv.value), ...leaseOf(kv, ttlOf) });
  }
  return out;
}

export const keptOf = (kv: KeyValue, encode: Encode, ttlOf: (lease: number) => number): Kept => ({
  key: kv.key,
  value: encode(kv.value),
  createRevision: kv.createRevision,
  modRevision: kv.modRevision,
  version: kv.version,
  ...leaseOf(kv, ttlOf),
});

const leaseOf = ({ lease }: KeyValue, ttlOf: (lease: number) => number) => (lease === 0 ? {} : { lease: { id: lease, ttl: ttlOf(lease) } });

/** Revisions that do not follow on each other. */
export class GapError extends Error {}

/** Does kept transactions again. */
export class Replay {
  #store = new Store();
  #leases = new Map<number, number>();
  time: number;

  constructor({ revision, time, kvs }: State) {
    for (const { lease } of kvs) if (lease) this.#leases.set(lease.id, lease.ttl);
    this.#store.restore(snapshotOf({ revision, time, kvs }, this.#leases));
    this.time = time;
  }

  get revision(): number {
    return this.#store.revision;
  }

  take({ revision, time, changes }: Transaction): void {
    if (revision !== this.revision + 1) throw new GapError(`${this.revision} → ${revision}`);
    for (const { lease } of changes) if (lease) this.#leases.set(lease.id, lease.ttl);
    const success = changes.map(({ key, value, lease }): Operation => (value === undefined ? { delete: key } : { put: key, value: decode(value, revision), lease: lease?.id ?? 0 }));
    this.#store.txn({ success });
    if (this.revision !== revision) throw new GapError(`${revision}`);
    this.time = Math.max(this.time, time);
  }

  /** The present: what came before cannot be read any more, as after a compaction. */
  get snapshot(): Snapshot {
    const { revision, kvs } = this.#store.snapshot();
    const alive = new Set(kvs.map(({ lease }) => lease));
    const leases = [...this.#leases].filter(([id]) => alive.has(id)).map(([id, ttl]) => ({ id, ttl }));
    return { revision, compactRevision: revision, kvs, history: [], leases };
  }
}

function snapshotOf({ revision, kvs }: State, leases: ReadonlyMap<number, number>): Snapshot {
  return {
    revision,
    compactRevision: revision,
    kvs: kvs.map(({ key, value, createRevision, modRevision, version, lease }) => KeyValue.at(key, decode(value, modRevision), { createRevision, modRevision, version, lease: lease?.id ?? 0 })),
    history: [],
    leases: [...leases].map(([id, ttl]) => ({ id, ttl })),
  };
}
