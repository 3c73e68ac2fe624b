// How long a large program takes to compile: its sources side by side, each in a thread, and when all are done one link.
// A model on paper: threads that stop and wait for each other, without a cluster. The image kubook/compile runs by it.

export interface Build {
  /** Default 1000. */
  sources?: number;
  /** Seconds of CPU time of a source, and of the link at the end. Default 1 and 20. */
  source?: number;
  link?: number;
  /** Sources that are compiled at the same time. Default 1. */
  threads?: number;
  /** CPUs that there are for them. Default one for each thread. */
  cpus?: number;
  /** So many of the threads sleep at any time: the first ones for ever, or with `slice` all in turn, so many seconds each. Default 0. */
  asleep?: number;
  slice?: number;
  /** After so many sources every thread waits for the others. Default 0: they wait only before the link. */
  barrier?: number;
  /** The last part of a source's work that only one thread does at a time (0 to 1): whoever falls asleep over it keeps the lock. Default 0. */
  lock?: number;
}

export interface BuildTime {
  /** Seconds until all sources are compiled, and until it is linked too. */
  compile: number;
  total: number;
  /** Seconds of CPU time. */
  cpu: number;
}

interface Thread {
  readonly number: number;
  /** Seconds of its source outside the lock and under it; both 0 when it has none. */
  free: number;
  locked: number;
}

const instant = 1e-9;

/**
 * Event by event: from one moment in which a thread ends what it does, or another goes to sleep, to the next.
 * Differs from a real build: all sources are equal, and a thread goes to sleep and wakes up at once.
 */
export function makespan(build: Build = {}): BuildTime {
  const { sources = 1000, source = 1, link = 20, threads: count = 1, cpus = Infinity, asleep = 0, slice, barrier = 0, lock = 0 } = build;
  if (source <= 0 || count - asleep < 1) return { compile: Infinity, total: Infinity, cpu: 0 };
  const threads = Array.from({ length: count }, (_, number): Thread => ({ number, free: 0, locked: 0 }));
  const waiting = new Set<Thread>();
  let holder: Thread | undefined;
  let [now, begun, ended] = [0, 0, 0];
  const awake = ({ number }: Thread) => (number + (slice ? Math.floor(now / slice + instant) * asleep : 0)) % count >= asleep;
  while (ended < sources) {
    // After a barrier nobody begins before all are there.
    const most = barrier ? Math.min(sources, (Math.floor(ended / barrier) + 1) * barrier) : sources;
    for (const thread of threads) {
      if (thread.free > 0 || thread.locked > 0 || begun >= most || !awake(thread)) continue;
      Object.assign(thread, { free: source * (1 - lock), locked: source * lock });
      if (thread.free === 0) waiting.add(thread);
      begun++;
    }
    if (!holder) waiting.delete((holder = [...waiting].find(awake))!);
    const running = threads.filter((thread) => awake(thread) && (thread.free > 0 || thread === holder));
    const speed = Math.min(1, cpus / running.length);
    const step = Math.min(slice ? slice - remainder(now, slice) : Infinity, ...running.map(({ free, locked }) => (free || locked) / speed));
    now += step;
    for (const thread of running) {
      const part = thread.free > 0 ? 'free' : 'locked';
      if ((thread[part] -= step * speed) > instant) continue;
      thread[part] = 0;
      if (thread === holder) holder = undefined;
      else if (thread.locked > 0) waiting.add(thread);
      if (thread.locked === 0) ended++;
    }
  }
  return { compile: round(now), total: round(now + link / Math.min(1, cpus)), cpu: sources * source + link };
}

/** Seconds to the nanosecond. */
const round = (seconds: number) => Math.round(seconds * 1e9) / 1e9;

function remainder(now: number, slice: number): number {
  const rest = now % slice;
  return slice - rest < instant ? 0 : rest;
}
