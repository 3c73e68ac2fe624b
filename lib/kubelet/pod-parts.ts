// What the steps of a pod's life work with: one for each run of a kubelet.
import type { Pod, Version } from '../api/index.ts';
import type { Client } from '../client/index.ts';
import type { Machine, Network, Runtime } from '../machine/index.ts';
import type { Clock, Random } from '../sim/index.ts';
import { BackOff } from './back-off.ts';
import type { EnvironmentSources } from './environment.ts';
import type { ImageManager, RecordEvent } from './images.ts';
import type { Prober } from './probes.ts';
import type { PendingResize } from './resize.ts';
import type { MirrorPods } from './static-pods/mirrors.ts';
import type { Disks } from './volumes/disks.ts';
import type { Worker } from './worker.ts';

export interface PodPartsOptions {
  client: Client;
  clock: Clock;
  random: Random;
  version: Version;
  machine: Machine;
  runtime: Runtime;
  network: Network;
  images: ImageManager;
  prober: Prober;
  event: RecordEvent;
  podEvent(worker: Worker, type: 'Normal' | 'Warning', reason: string, message: string): void;
  sources: Omit<EnvironmentSources, 'podIPs'>;
  /** Ends a pod that takes more than it may. */
  evict(worker: Worker, message: string): void;
  /** Gives a pod that runs what it asks for now, or says why not. */
  allocate(pod: Pod): Pick<PendingResize, 'reason' | 'message'> | undefined;
  mirrors: MirrorPods;
  disks: Disks;
  /** Looks at the pod again at this time at the latest. */
  wakeAt(worker: Worker, at: number): void;
}

export interface PodParts extends PodPartsOptions {
  backOff: BackOff;
  sources: EnvironmentSources;
}

/** Spelt out, so that the parts of all nodes have one shape. */
export function podParts({ client, clock, random, version, machine, runtime, network, images, prober, event, podEvent, sources, evict, allocate, mirrors, disks, wakeAt }: PodPartsOptions): PodParts {
  const podIPs = (uid: string) => runtime.pods.get(uid)?.ips ?? [];
  return { client, clock, random, version, machine, runtime, network, images, prober, event, podEvent, evict, allocate, mirrors, disks, wakeAt, backOff: new BackOff(), sources: { ...sources, podIPs } };
}
