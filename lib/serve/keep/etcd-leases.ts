// Leases in a real etcd. Our cluster ends them by its own clock; etcd would by the wall clock, if we did not keep them alive.
import { type EtcdClient, EtcdError } from './etcd-client.ts';
import type { Change, Kept } from './transactions.ts';

export class EtcdLeases {
  #client: EtcdClient;
  #granted = new Set<number>();

  constructor(client: EtcdClient, kvs: readonly Kept[]) {
    this.#client = client;
    for (const { lease } of kvs) if (lease) this.#granted.add(lease.id);
  }

  /** Those that a transaction needs. */
  async grant(changes: readonly Change[]): Promise<void> {
    for (const { value, lease } of changes) {
      if (value === undefined || !lease || this.#granted.has(lease.id)) continue;
      await this.#client.call('/v3/lease/grant', { ID: String(lease.id), TTL: String(lease.ttl) }).catch(unlessThere);
      this.#granted.add(lease.id);
    }
  }

  /** Ends the leases of deleted keys that our store no longer has. */
  async forget(changes: readonly Change[], isAlive: (id: number) => boolean): Promise<void> {
    for (const { value, lease } of changes) {
      if (value !== undefined || !lease || isAlive(lease.id) || !this.#granted.delete(lease.id)) continue;
      await this.#client.call('/v3/lease/revoke', { ID: String(lease.id) }).catch(() => {});
    }
  }

  async keepAlive(): Promise<void> {
    for (const id of this.#granted) await this.#client.call('/v3/lease/keepalive', { ID: String(id) }).catch(() => {});
  }
}

function unlessThere(error: unknown): void {
  if (!(error instanceof EtcdError && error.message.includes('lease already exists'))) throw error;
}
