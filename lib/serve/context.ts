// What everything that answers requests has at hand.
import type { Cluster } from '../cluster/index.ts';
import type { Keeper } from './keep/keeper.ts';
import type { Limits } from './limits.ts';
import type { Time } from './time.ts';

export interface Context {
  cluster: Cluster;
  time: Time;
  limits: Limits;
  /** Where what is committed is kept before a client hears of it; undefined: only in memory. */
  keeper?: Keeper;
  /** Answers paths under /kubook: what our own commands ask of each other. */
  own?(url: URL): Promise<unknown>;
  /** Told what went wrong inside; the client gets a 500. */
  onError(error: unknown): void;
}
