// Not too hastily: of what was recommended lately, the most careful counts.
import type { Version } from '../../api/index.ts';
import { type History, keep } from './history.ts';

export interface Stabilized {
  replicas: number;
  reason: string;
  message: string;
}

const up = { reason: 'ScaleUpStabilized', message: 'recent recommendations were lower than current one, applying the lowest recent recommendation' };
const down = { reason: 'ScaleDownStabilized', message: 'recent recommendations were higher than current one, applying the highest recent recommendation' };

/** Without a behavior: the highest of the window. */
export function stabilizeDown({ recommendations }: History, desired: number, { window, now }: { window: number; now: number }): Stabilized {
  const cutoff = now - window;
  const recent = recommendations.filter(({ at }) => at >= cutoff);
  keep(recommendations, { replicas: desired, at: now }, ({ at }) => at < cutoff);
  return { replicas: Math.max(desired, ...recent.map(({ replicas }) => replicas)), ...down };
}

export interface Windows {
  current: number;
  /** Seconds. */
  up: number;
  down: number;
  now: number;
}

/** With a behavior: each direction has a window of its own. */
export function stabilizeBoth(history: History, desired: number, windows: Windows, version: Version): Stabilized {
  const { current, now } = windows;
  const since = (seconds: number) => history.recommendations.filter(({ at }) => at > now - seconds * 1000).map(({ replicas }) => replicas);
  const lowest = () => Math.min(desired, ...since(windows.up));
  const highest = () => Math.max(desired, ...since(windows.down));
  const isUp = desired >= current;
  // Since then both bounds hold, whichever way it goes; before, the window of the way that it goes.
  const replicas = version.has('hpa-both-windows') ? Math.min(Math.max(current, lowest()), highest()) : isUp ? lowest() : highest();
  const obsolete = now - Math.max(windows.up, windows.down) * 1000;
  keep(history.recommendations, { replicas: desired, at: now }, ({ at }) => at < obsolete);
  return { replicas, ...(isUp ? up : down) };
}
