import type { KeyValue } from './key-value.ts';
import type { LogEntry } from './store.ts';

/** A store at one revision. Nothing in it is copied: stored values are frozen, and so is this. */
export interface Snapshot {
  readonly revision: number;
  readonly compactRevision: number;
  /** In the order of their keys. */
  readonly kvs: readonly KeyValue[];
  /** What happened since the last compaction, oldest first. */
  readonly history: readonly LogEntry[];
  /** A restored lease begins its time anew, as when etcd restarts. */
  readonly leases: readonly { readonly id: number; readonly ttl: number }[];
}
