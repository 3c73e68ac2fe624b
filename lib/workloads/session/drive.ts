// Runs a command on the cluster's clock.
import type { Clock, Timer } from '../../sim/index.ts';
import { ExitShell } from '../sh/index.ts';

export interface Drive {
  /** Ends it where it waits. */
  stop(): void;
  /** The same, as Ctrl-C does: it may say a last word. */
  interrupt(): void;
}

/** `run` yields milliseconds to wait, Infinity for ever; `ended` gets the exit status, and whether the shell itself was left. */
export function drive(run: Generator<number, number, void>, { clock, ended }: { clock: Clock; ended(status: number, left: boolean): void }): Drive {
  let timer: Timer | undefined;
  let over = false;
  const finish = (status: number, left: boolean) => {
    over = true;
    ended(status, left);
  };
  const step = () => {
    try {
      for (let next = run.next(); !over; next = run.next()) {
        if (next.done) return finish(next.value, false);
        if (next.value > 0) {
          if (Number.isFinite(next.value)) timer = clock.after(next.value, step);
          return;
        }
      }
    } catch (error) {
      if (!(error instanceof ExitShell)) throw error;
      finish(error.status, true);
    }
  };
  step();
  const stop = () => {
    over = true;
    clock.cancel(timer);
  };
  return {
    stop,
    interrupt() {
      stop();
      run.return(130);
    },
  };
}
