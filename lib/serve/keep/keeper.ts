// Where committed revisions go before a client hears of them: a folder, or a real etcd.
import { type KubeObject, StatusError } from '../../api/index.ts';
import type { Cluster } from '../../cluster/index.ts';
import type { Snapshot } from '../../etcd/index.ts';
import type { ServerKeys } from '../keys.ts';
import type { Progress } from './progress.ts';

/** What a cluster is, beside what its store holds. */
export interface Identity {
  /** The Kubernetes release, `v1.33`. */
  version: string;
  nodes: number;
  seed?: string;
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
  const log = store.watch({ after });
  return {
    store,
    read: () => log.read(),
    get time() {
      return cluster.loop.clock.now;
    },
    withManagedFields: (object: KubeObject) => cluster.server.withManagedFields(object),
    ttlOf: (lease: number) => store.leases.find(({ id }) => id === lease)?.ttl ?? 0,
  };
}
