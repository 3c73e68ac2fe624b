// Where committed revisions go before a client hears of them: a folder, or a real etcd.
import { type KubeObject, StatusError } from '../../api/index.ts';
import type { CloudState, Cluster } from '../../cluster/index.ts';
import type { Snapshot } from '../../etcd/index.ts';
import type { ServerKeys } from '../keys.ts';
import type { Progress } from './progress.ts';
import { encoder, keptOf, type Transaction } from './transactions.ts';

/** What a cluster is, beside what its store holds. */
export interface Identity {
  /** The Kubernetes release, `v1.33`. */
  version: string;
  nodes: number;
  seed?: string;
  /** What the cloud that its machines are rented from remembers; missing without one. */
  cloud?: CloudState;
  /** Who has a certificate or a token that they signed may come in after a restart too. */
  keys: ServerKeys;
}

/** A cluster that was kept before. */
export interface Found {
  snapshot: Snapshot;
  /** What the cluster's clock said at the last revision: it does not go back. */
  time: number;
  identity: Identity;
}

export interface Keeper {
  /** Undefined when nothing has been kept yet. */
  readonly found: Found | undefined;
  /** What a new cluster's store begins with: a revision that is not the first, when others have used it before. */
  readonly empty?: Snapshot;
  readonly progress: Progress;
  /** Keeps what the cluster holds and everything it commits from now on. */
  attach(cluster: Cluster, identity: Identity): Promise<void>;
  /** Keeps what the cluster is now. */
  know(identity: Identity): void;
  /** Takes in what was committed since it last looked. */
  take(): void;
  /** Keeps what is left, and lets go. */
  close(): Promise<void>;
}

/** Told in Korean when keeping fails and when it works again. */
export interface KeeperVoice {
  say(text: string): void;
  complain(text: string): void;
}

/** etcd's answer when it does not get a write done in time. */
export const requestTimedOut = () => new StatusError('', 500, 'etcdserver: request timed out');
/** And when its disk is full. */
export const spaceExceeded = () => new StatusError('', 500, 'etcdserver: mvcc: database space exceeded');

/** Reads a store's new log entries, for who keeps them. */
export function entriesOf(cluster: Cluster, after: number) {
  const { store } = cluster.server.storage;
  const log = store.watch({ after, holds: true });
  return {
    store,
    read: () => log.read(),
    get time() {
      return cluster.loop.clock.now;
    },
    withManagedFields: (object: KubeObject) => cluster.server.withManagedFields(object),
    ttlOf: (lease: number) => store.ttlOf(lease) ?? 0,
  };
}

/** What a new store began with, each key at its own revision; revisions at which there is none change nothing. */
export function preloaded({ store, time, withManagedFields, ttlOf }: ReturnType<typeof entriesOf>, after: number): Transaction[] {
  const until = store.compactRevision;
  const encode = encoder(withManagedFields);
  const byRevision = new Map(store.range('', { end: '\uffff', revision: until }).kvs.map((kv) => [kv.modRevision, kv]));
  return Array.from({ length: until - after }, (_, i) => {
    const kv = byRevision.get(after + 1 + i);
    return { revision: after + 1 + i, time, changes: kv ? [keptOf(kv, encode, ttlOf)] : [], before: kv ? [0] : [] };
  });
}
