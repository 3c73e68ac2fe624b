// What the kubelet knows of one pod beside what lies in the API and in the runtime. All of it can be lost and rebuilt.
import type { Container, Pod } from '../api/index.ts';
import type { ContainerRecord } from '../machine/index.ts';
import type { Timer } from '../sim/index.ts';
import type { ContainerProbes } from './probes.ts';
import type { Resize } from './resize.ts';
import type { PodVolumes } from './volumes/pod-volumes.ts';

/** Why a container waits: the reason that its status shows. */
export interface Waiting {
  reason: string;
  message?: string;
}

/** A pull that this pod waits for; containers start one after the other, so there is one at most. */
export interface Pull {
  container: string;
  image: string;
  state: 'pulling' | 'done' | 'failed';
  error?: string;
}

export interface Worker {
  readonly uid: string;
  /** As last seen from the API; of a static pod, as its file says. */
  pod: Pod;
  /** From a file of the machine. */
  readonly isStatic: boolean;
  /** When this kubelet first saw it. */
  readonly addedAt: number;
  queued: boolean;
  /** The status that was last written, or found. */
  status: Pod['status'] | undefined;
  /** A write failed: say it again as soon as the server answers. */
  unsent: boolean;
  /** Something in the runtime changed that the status does not show yet. */
  changed: boolean;
  /** Only tell how things are at the next step; do nothing. */
  quiet: boolean;
  sandboxing: boolean;
  waiting: Map<string, Waiting> | undefined;
  pull: Pull | undefined;
  /** A container's postStart hook that is not over yet. */
  hook: { until: number; container: Container; record: ContainerRecord; failed: string | undefined } | undefined;
  /** A change of its resources that is not done yet. */
  resize: Resize | undefined;
  /** Containers that were ended because the pod defines them otherwise now, and are not made anew yet. */
  redefined: Set<string> | undefined;
  /** Ended by the kubelet itself: not admitted, evicted, past its deadline. `grace` in seconds; its own when missing. */
  failed: { reason: string; message: string; rejected?: boolean; grace?: number } | undefined;
  /** Its containers were told to end. */
  stopping: boolean;
  /** Sidecars that wait while the others end: when their hook is over, and when the grace is. */
  lastInTurn: { id: string; ready: number; end: number }[] | undefined;
  /** The API object is gone. */
  gone: boolean;
  probes: Map<string, ContainerProbes> | undefined;
  /** The volumes, once they are mounted or somebody looked at them. */
  volumes: PodVolumes | undefined;
  /** When the files made of ConfigMaps and the like are looked at again. */
  refresh: Timer | undefined;
  /** When volumes with a size limit are measured again. */
  measure: Timer | undefined;
  timer: Timer | undefined;
}

export function newWorker(pod: Pod, now: number, isStatic = false): Worker {
  return {
    uid: pod.metadata.uid,
    pod,
    isStatic,
    addedAt: now,
    queued: false,
    status: undefined,
    unsent: false,
    changed: false,
    quiet: false,
    sandboxing: false,
    waiting: undefined,
    pull: undefined,
    hook: undefined,
    resize: undefined,
    redefined: undefined,
    failed: undefined,
    stopping: false,
    lastInTurn: undefined,
    gone: false,
    probes: undefined,
    volumes: undefined,
    refresh: undefined,
    measure: undefined,
    timer: undefined,
  };
}
