// Commands that take time: they let the cluster's clock run and look again after every instant.
import type { Call } from './session.ts';

/** Lets time pass until `done` holds (true) or `timeout` milliseconds are over (false). */
export function waitUntil(call: Call, timeout: number, done: () => boolean): boolean {
  if (done()) return true;
  if (timeout <= 0) return false;
  let reached = false;
  call.options.runUntil(call.client.clock.now + timeout, () => (reached ||= done()));
  return reached || done();
}

/** Runs for as long as an endless command may: `look` is called after every instant. */
export function endlessly(call: Call, look: () => void): void {
  look();
  call.options.runUntil(call.client.clock.now + call.endless, () => {
    look();
    return false;
  });
}

/** A week, which is what kubectl takes `--timeout=-1s` for. */
export const week = 7 * 24 * 3_600_000;
