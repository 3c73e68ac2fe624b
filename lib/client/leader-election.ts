// Leader election by a Lease (client-go tools/leaderelection): of several alike one works, and the others wait for its lease to run out.
import type { Lease } from '../api/index.ts';
import { isAlreadyExists, isConflict, isNotFound, StatusError } from '../api/index.ts';
import { microTimestamp, type Random, type Timer } from '../sim/index.ts';
import { ConnectionError } from './connection-error.ts';
import type { Client, Key } from './types.ts';

export interface LeaderElectionOptions {
  client: Client;
  random: Random;
  lock: Key;
  /** `control-plane-1_6f0c…` */
  identity: string;
  /** How long the others wait after they have seen a renewal. Default 15 s. */
  leaseDuration?: number;
  /** How long the leader tries to renew before it gives up. Default 10 s. */
  renewDeadline?: number;
  /** How long it waits between two tries. Default 2 s. */
  retryPeriod?: number;
  onStartedLeading(): void;
  /** The lease is lost: the process ends. */
  onStoppedLeading(): void;
}

/** Candidates wait up to so many times the retry period longer, each its own time. */
const jitter = 1.2;

export interface Elector {
  readonly leading: boolean;
  /** The process has ended: it asks for nothing more. The lease stays, and runs out. */
  stop(): void;
}

/** Takes part in an election until it is stopped. The lease is not released at the end, as of kube-controller-manager and kube-scheduler. */
export function elect({ client, random, lock, identity, leaseDuration = 15_000, renewDeadline = 10_000, retryPeriod = 2_000, onStartedLeading, onStoppedLeading }: LeaderElectionOptions): Elector {
  const { clock } = client;
  let timer: Timer | undefined;
  let stopped = false;
  let leading = false;
  let renewedAt = 0;
  /** What was seen last, and when by the clock of whoever looks: clocks of machines need not agree. */
  let seen: { record: string; at: number; holder: string } | undefined;

  const after = (delay: number, run: () => void) => void (timer = clock.after(delay, () => stopped || run()));

  function observe(lease: Lease): void {
    const record = JSON.stringify(lease.spec);
    if (seen?.record !== record) seen = { record, at: clock.now, holder: lease.spec.holderIdentity ?? '' };
  }

  function write(): boolean {
    const now = microTimestamp(clock.now);
    const spec = { holderIdentity: identity, leaseDurationSeconds: leaseDuration / 1000, acquireTime: now, renewTime: now, leaseTransitions: 0 };
    let lease: Lease;
    try {
      lease = client.get('Lease', lock);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      observe(client.create<Lease>({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { ...lock }, spec }));
      return true;
    }
    observe(lease);
    const mine = seen!.holder === identity;
    if (!mine && seen!.holder !== '' && seen!.at + leaseDuration > clock.now) return false;
    const { acquireTime, leaseTransitions = 0 } = lease.spec;
    const next = mine ? { ...spec, acquireTime, leaseTransitions } : { ...spec, leaseTransitions: leaseTransitions + 1 };
    observe(client.update<Lease>({ ...lease, spec: next as Lease['spec'] }));
    return true;
  }

  /** False where somebody else holds it, or nobody answers. */
  function tryOnce(): boolean {
    try {
      return write();
    } catch (error) {
      if (isConflict(error) || isAlreadyExists(error) || error instanceof ConnectionError || error instanceof StatusError) return false;
      throw error;
    }
  }

  function acquire(): void {
    if (!tryOnce()) return after(retryPeriod * (1 + random.next() * jitter), acquire);
    leading = true;
    renewedAt = clock.now;
    announce();
    onStartedLeading();
    after(retryPeriod, renew);
  }

  function renew(): void {
    if (tryOnce()) renewedAt = clock.now;
    else if (seen && seen.holder !== identity) return lose();
    else if (clock.now - renewedAt >= renewDeadline) return lose();
    after(retryPeriod, renew);
  }

  function lose(): void {
    leading = false;
    stopped = true;
    onStoppedLeading();
  }

  function announce(): void {
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: client.get('Lease', lock).metadata } as Lease;
    client.event(lease, 'Normal', 'LeaderElection', `${identity} became leader`);
  }

  after(0, acquire);
  return {
    get leading() {
      return leading;
    },
    stop() {
      stopped = true;
      leading = false;
      clock.cancel(timer);
    },
  };
}
