// The cluster's clock, tied to the wall clock.
import type { Cluster } from '../cluster/index.ts';

/** How the virtual clock moves while the cluster is served. */
export interface Time {
  /** Virtual milliseconds that pass in one millisecond of the clients' time. */
  readonly speed: number;
  /** Brings the cluster up to now: everything that is due by now has happened. */
  catchUp(): void;
  /** Something was written: catch up as soon as the answer is on its way. */
  soon(): void;
  /** Called whenever something may have happened. Returns how to stop being called. */
  onMove(listener: () => void): () => void;
  stop(): void;
}

export interface WallTimeOptions {
  speed?: number;
  /** True while the clock has to wait, because what has happened is not kept yet. */
  held?(): boolean;
  /** Told what a component threw; the cluster goes on. */
  onError(error: unknown): void;
}

/** The most that passes at once, in milliseconds of the wall: requests are answered in between. */
const step = 250;
/** How long it waits until it asks again whether it may go on. */
const heldFor = 20;
/** A machine that slept does not make up for it: what is missed beyond this never happens. */
const patience = 5000;

export function wallTime({ loop }: Pick<Cluster, 'loop'>, { speed = 1, held = () => false, onError }: WallTimeOptions): Time {
  const listeners = new Set<() => void>();
  let [wall, virtual] = [Date.now(), loop.clock.now];
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  let stopped = false;

  function catchUp(): void {
    let missed = Date.now() - wall;
    if (missed > patience) {
      wall += missed - patience;
      missed = patience;
    }
    const waits = held();
    const passes = waits ? 0 : Math.max(0, Math.min(missed, step));
    wall += passes;
    virtual += passes * speed;
    try {
      loop.runUntil(Math.max(Math.floor(virtual), loop.clock.now));
    } catch (error) {
      onError(error);
    }
    tell(listeners, onError);
    plan(waits ? heldFor : missed > step ? 0 : undefined);
  }

  /** Sleeps until the next thing is due. */
  function plan(delay = Math.min(((loop.clock.next() ?? Infinity) - virtual) / speed, 1000)): void {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(catchUp, Math.max(0, Math.ceil(delay)));
  }

  plan();
  return {
    speed,
    catchUp,
    soon() {
      immediate ??= setImmediate(() => {
        immediate = undefined;
        if (!stopped) catchUp();
      });
    },
    onMove(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      if (immediate) clearImmediate(immediate);
    },
  };
}

/** One stream that fails costs no other. */
function tell(listeners: ReadonlySet<() => void>, onError: (error: unknown) => void): void {
  for (const listener of listeners) {
    try {
      listener();
    } catch (error) {
      onError(error);
    }
  }
}

/** For tests: time stands still unless somebody advances the cluster, then `catchUp` tells the streams. */
export function manualTime({ loop }: Pick<Cluster, 'loop'>): Time {
  const listeners = new Set<() => void>();
  const catchUp = () => {
    loop.settle();
    for (const listener of listeners) listener();
  };
  return { speed: 1, catchUp, soon: () => void setImmediate(catchUp), onMove: (listener) => (listeners.add(listener), () => listeners.delete(listener)), stop() {} };
}
