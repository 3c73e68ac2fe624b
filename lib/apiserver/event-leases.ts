// The leases that events are stored with, so that etcd forgets them.
import type { Store } from '../etcd/index.ts';
import type { Clock, Timer } from '../sim/index.ts';

/** How long events live, in seconds: kube-apiserver's --event-ttl. */
const eventTtl = 3600;
/** Events share a lease for so long, so one may live up to a minute longer than its hour. */
const shared = 60;

export class EventLeases {
  #store: Store;
  #clock: Clock;
  #newest = { id: 0, until: 0 };
  #ends = new Map<number, Timer>();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#watchOver();
  }

  /** For an event that is written now. */
  current(): number {
    const { now } = this.#clock;
    if (now >= this.#newest.until) {
      const ttl = eventTtl + shared;
      this.#newest = { id: this.#store.grantLease(ttl), until: now + shared * 1000 };
      this.#endLater(this.#newest.id, ttl);
    }
    return this.#newest.id;
  }

  /** The leases of the store are other ones now: each begins its time anew, as when etcd restarts. */
  restart(): void {
    for (const timer of this.#ends.values()) this.#clock.cancel(timer);
    this.#ends.clear();
    this.#newest = { id: 0, until: 0 };
    this.#watchOver();
  }

  #watchOver(): void {
    for (const { id, ttl } of this.#store.leases) this.#endLater(id, ttl);
  }

  #endLater(id: number, ttl: number): void {
    const end = () => {
      this.#ends.delete(id);
      this.#store.revokeLease(id);
    };
    this.#ends.set(id, this.#clock.after(ttl * 1000, end));
  }
}
