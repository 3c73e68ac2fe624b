// Leases: keys that go together when the time of their lease is over.
import type { KeyValue } from './key-value.ts';

export interface Lease {
  id: number;
  /** Seconds that it was granted for. */
  ttl: number;
  /** The keys attached to it, sorted. */
  keys: string[];
}

/** `kvs` is what was put with the lease; what was overwritten since is told apart by who holds the keys. */
interface Entry {
  id: number;
  ttl: number;
  kvs: KeyValue[];
}

export class Leases {
  #alive = new Map<number, Entry>();
  #last = 0;

  constructor(known: readonly { id: number; ttl: number }[] = []) {
    for (const { id, ttl } of known) this.#add(id, ttl);
  }

  grant(ttl: number): number {
    return this.#add(this.#last + 1, ttl);
  }

  attach(kv: KeyValue): void {
    if (kv.lease !== 0) this.#alive.get(kv.lease)?.kvs.push(kv);
  }

  /** Forgets the lease; what was put with it. */
  end(id: number): readonly KeyValue[] {
    const kvs = this.#alive.get(id)?.kvs ?? [];
    this.#alive.delete(id);
    return kvs;
  }

  all(): Entry[] {
    return [...this.#alive.values()];
  }

  #add(id: number, ttl: number): number {
    this.#alive.set(id, { id, ttl, kvs: [] });
    this.#last = Math.max(this.#last, id);
    return id;
  }
}
