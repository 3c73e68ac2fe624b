// What the controller remembers of each autoscaler, in its own memory alone: a restart forgets it.
import type { Policy, Rules } from './types.ts';

export interface Recommendation {
  replicas: number;
  /** Milliseconds. */
  at: number;
}

/** Replicas that were added, or taken away. */
export interface ScaleEvent {
  change: number;
  at: number;
}

export interface History {
  recommendations: Recommendation[];
  ups: ScaleEvent[];
  downs: ScaleEvent[];
}

export const emptyHistory = (): History => ({ recommendations: [], ups: [], downs: [] });

/** Keeps an entry in the place of the last one that is too old, so that the list does not grow. */
export function keep<T extends { at: number }>(list: T[], entry: T, isOld: (one: T) => boolean): void {
  const old = list.findLastIndex(isOld);
  if (old >= 0) list[old] = entry;
  else list.push(entry);
}

const longest = (policies: readonly Policy[]) => Math.max(0, ...policies.map(({ periodSeconds }) => periodSeconds));

/** Remembers a rescale for as long as a policy may ask for it. */
export function storeScaleEvent(history: History, { scaleUp, scaleDown }: { scaleUp: Rules; scaleDown: Rules }, { from, to, now }: { from: number; to: number; now: number }): void {
  const isUp = to > from;
  const cutoff = now - longest((isUp ? scaleUp : scaleDown).policies) * 1000;
  keep(isUp ? history.ups : history.downs, { change: Math.abs(to - from), at: now }, ({ at }) => at < cutoff);
}

/** How many replicas the events of the last seconds changed. */
export function changeWithin(events: readonly ScaleEvent[], seconds: number, now: number): number {
  return events.reduce((sum, { change, at }) => (at > now - seconds * 1000 ? sum + change : sum), 0);
}
