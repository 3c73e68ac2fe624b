// Sends transactions to a real etcd: as the one kubook that writes, with the leases they need.
import { type EtcdClient, type RawKv, type TxnAnswer } from './etcd-client.ts';
import { alreadyDone, bodyOf, endedLease, type Sent } from './etcd-keys.ts';
import { EtcdLeases } from './etcd-leases.ts';
import { claim, ownerOf } from './etcd-load.ts';
import type { Kept } from './transactions.ts';

/** Another kubook writes to this etcd now. */
export class TakenOver extends Error {}

export class EtcdWriter {
  readonly leases: EtcdLeases;
  #client: EtcdClient;
  /** The revision at which we became the owner. */
  #owned: number;

  constructor(client: EtcdClient, { owned, kvs }: { owned: number; kvs: readonly Kept[] }) {
    this.#client = client;
    this.#owned = owned;
    this.leases = new EtcdLeases(client, kvs);
  }

  /** False when etcd's revision is not ours: somebody else has written. `again`: it may have been done without our hearing of it. */
  async send(transaction: Sent, again: boolean): Promise<boolean> {
    const lease = endedLease(transaction);
    if (lease !== undefined) return Number((await this.#client.call<TxnAnswer>('/v3/lease/revoke', { ID: String(lease) })).header.revision) === transaction.revision;
    await this.leases.grant(transaction.changes);
    const { header, succeeded, responses = [] } = await this.#client.call<TxnAnswer>('/v3/kv/txn', bodyOf(transaction, this.#owned));
    const revision = Number(header.revision);
    if (succeeded) return revision === transaction.revision;
    const [owner, ...found] = responses.map(({ response_range }): RawKv | undefined => response_range?.kvs?.[0]);
    if (Number(owner?.mod_revision ?? 0) > this.#owned) throw new TakenOver();
    return again && revision === transaction.revision && alreadyDone(transaction, found);
  }

  /** After an older backup was put in etcd's place we have to become the owner again. */
  async stayOwner(): Promise<void> {
    const owner = await ownerOf(this.#client);
    if (owner > this.#owned) throw new TakenOver();
    if (owner < this.#owned) this.#owned = await claim(this.#client);
  }
}
