// etcd as an administrator sees it beside the API: keys, their history, backup and restore.
import { type KeyValue, type Lease, type LogEntry, prefixEnd, type RangeResult, type Snapshot, type Store } from '../etcd/index.ts';
import type { ApiServer } from '../apiserver/index.ts';

export interface EtcdRange {
  /** `/registry/pods/`; everything when missing. */
  prefix?: string;
  /** The first key wanted, at or after `prefix`: where the next chunk begins. */
  from?: string;
  limit?: number;
  /** Read as of this revision. Throws CompactedError or FutureRevisionError when etcd cannot. */
  revision?: number;
}

/** Differs from Kubernetes: values are API objects; kube-apiserver stores them as protobuf. */
export interface Etcd {
  /** The revision of the last transaction. */
  readonly revision: number;
  /** What happened up to here can no longer be read. */
  readonly compactRevision: number;
  /** `/registry/pods/default/web` */
  get(key: string): KeyValue | undefined;
  range(options?: EtcdRange): RangeResult;
  /** Changes of keys with `prefix`, from `revision` on (as `etcdctl watch --rev`); without it those that come. */
  watch(options?: { prefix?: string; revision?: number }): { read(): LogEntry[] };
  readonly leases: readonly Lease[];
  /** `etcdctl snapshot save` */
  snapshot(): Snapshot;
}

const end = '\uffff';

export function etcdOf(store: Store): Etcd {
  return {
    get revision() {
      return store.revision;
    },
    get compactRevision() {
      return store.compactRevision;
    },
    get: (key) => store.get(key),
    range: ({ prefix = '', from = prefix, limit, revision } = {}) => store.range(from, { end: prefix === '' ? end : prefixEnd(prefix), limit, revision }),
    watch: ({ prefix, revision } = {}) => store.watch({ prefix, after: revision === undefined ? undefined : revision - 1 }),
    get leases() {
      return store.leases;
    },
    snapshot: () => store.snapshot(),
  };
}

/** What is stopped while etcd is restored, and started again on it. */
interface Stoppable {
  readonly running: boolean;
  start(): void;
  stop(): void;
}

/**
 * `etcdutl snapshot restore`, and a new start of everything that keeps copies of what etcd holds: the API server, the control
 * plane, the kubelets. The machines and their containers go on; a kubelet kills those of pods that the API no longer knows.
 */
export function restore(snapshot: Snapshot, { server, components }: { server: ApiServer; components: Iterable<Stoppable> }): void {
  const stopped = [...components].filter(({ running }) => running);
  for (const component of stopped) component.stop();
  server.storage.store.restore(snapshot);
  server.restart();
  for (const component of stopped) component.start();
}
