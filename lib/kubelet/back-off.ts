/** Exponential back-off per key, as `client-go/util/flowcontrol` keeps it. All times are milliseconds. */
export class BackOff {
  readonly initial: number;
  readonly max: number;
  #entries = new Map<string, { delay: number; updated: number }>();

  constructor({ initial = 10_000, max = 300_000 }: { initial?: number; max?: number } = {}) {
    this.initial = initial;
    this.max = max;
  }

  /** The present delay, 0 when there is none. */
  get(key: string): number {
    return this.#entries.get(key)?.delay ?? 0;
  }

  /** Doubles the delay, or begins anew after a long quiet. `event` is when what went wrong went wrong. */
  next(key: string, event: number, now: number): void {
    const entry = this.#entries.get(key);
    const delay = entry && !this.#expired(entry, event) ? Math.min(entry.delay * 2, this.max) : this.initial;
    this.#entries.set(key, { delay, updated: now });
  }

  /** When the wait that began at `event` is over; undefined when there is nothing to wait for. */
  until(key: string, event: number): number | undefined {
    const entry = this.#entries.get(key);
    return entry && !this.#expired(entry, event) ? event + entry.delay : undefined;
  }

  /** When the wait that began at the last change is over. */
  untilSinceUpdate(key: string, now: number): number | undefined {
    const entry = this.#entries.get(key);
    return entry && !this.#expired(entry, now) ? entry.updated + entry.delay : undefined;
  }

  /** What went wrong counts no more. */
  reset(key: string): void {
    this.#entries.delete(key);
  }

  forget(prefix: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#entries.delete(key);
  }

  // Quiet for twice the longest wait counts as cured.
  #expired(entry: { updated: number }, event: number): boolean {
    return event - entry.updated > this.max * 2;
  }
}

/** One life of a container and the wait after it; seconds since the first start. */
export interface Restart {
  startedAt: number;
  exitedAt: number;
  waitedSeconds: number;
  restartedAt: number;
  /** Delay in force while waiting, and the one that the next exit meets. */
  backOffDuringWait: number;
  backOffNext: number;
}

/** What CrashLoopBackOff makes of a container that runs so many seconds each time. */
export function crashLoopBackOff(runSeconds: readonly number[], { initialSeconds = 10, maxSeconds = 300 } = {}): Restart[] {
  const backOff = new BackOff({ initial: initialSeconds * 1000, max: maxSeconds * 1000 });
  let startedAt = 0;
  return runSeconds.map((seconds) => {
    const exitedAt = startedAt + seconds;
    const restartedAt = Math.max(exitedAt, (backOff.until('', exitedAt * 1000) ?? 0) / 1000);
    const backOffDuringWait = backOff.get('') / 1000;
    backOff.next('', exitedAt * 1000, restartedAt * 1000);
    const restart = { startedAt, exitedAt, waitedSeconds: restartedAt - exitedAt, restartedAt, backOffDuringWait, backOffNext: backOff.get('') / 1000 };
    startedAt = restartedAt;
    return restart;
  });
}

/** A duration as Go prints it: `1.5s`, `2m40s`, `1h0m0s`. */
export function goDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s';
  if (milliseconds < 1000) return `${milliseconds}ms`;
  if (milliseconds < 60_000) return `${milliseconds / 1000}s`;
  const hours = Math.floor(milliseconds / 3_600_000);
  const minutes = Math.floor(milliseconds / 60_000) % 60;
  return `${hours ? `${hours}h` : ''}${hours || minutes ? `${minutes}m` : ''}${(milliseconds % 60_000) / 1000}s`;
}
