// What one look at a stateful set works with: the set, its pods in order, and what it may write.
import type { StatefulSet } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import type { PodWrites } from './pod-writes.ts';
import type { Replicas } from './replicas.ts';
import type { Revisions } from './revisions.ts';

export interface Step {
  client: Client;
  set: StatefulSet;
  replicas: Replicas;
  revisions: Revisions;
  /** Of the two revisions. */
  names: { current: string; update: string };
  pods: PodWrites;
  /** One pod after the other, as `OrderedReady` wants it. */
  ordered: boolean;
}
