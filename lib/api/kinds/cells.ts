// What the cells of a Table have in common.
import type { Column } from '../resource.ts';
import type { KubeObject } from '../types.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

const pair = (value: number, unit: string, rest: number, restUnit: string) => (rest === 0 ? `${value}${unit}` : `${value}${unit}${rest}${restUnit}`);

/** `42s`, `3m10s`, `5d3h`: two units while the first one is small (k8s.io/apimachinery/pkg/util/duration). */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / second);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(ms / minute);
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(ms / hour);
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (hours < 24 * 8) return pair(days, 'd', hours % 24, 'h');
  if (ms < 2 * year) return `${days}d`;
  const years = Math.trunc(ms / year);
  return ms < 8 * year ? pair(years, 'y', days % 365, 'd') : `${years}y`;
}

/** Time since an RFC 3339 time, `<unknown>` when there is none. */
export function since(time: string | undefined | null, now: number): string {
  return time ? humanDuration(now - Date.parse(time)) : '<unknown>';
}

export const age = (object: KubeObject, now: number) => since(object.metadata.creationTimestamp, now);

/** `a=1,b=2` in the order of the keys, `<none>` when there are none. */
export function labelsText(labels: Record<string, string> | undefined): string {
  const keys = Object.keys(labels ?? {}).sort();
  return keys.length === 0 ? '<none>' : keys.map((key) => `${key}=${labels![key]}`).join(',');
}

/** The first three of a list, then how many more: `a,b,c + 2 more...`. */
export function firstThree(list: readonly string[]): string {
  if (list.length === 0) return '<none>';
  return list.length > 3 ? `${list.slice(0, 3).join(',')} + ${list.length - 3} more...` : list.join(',');
}

export const column = (name: string, type: Column['type'] = 'string', options: Partial<Column> = {}): Column => ({ name, type, format: '', priority: 0, ...options });
export const wide = (name: string, type: Column['type'] = 'string'): Column => column(name, type, { priority: 1 });
export const nameColumn = column('Name', 'string', { format: 'name' });
export const ageColumn = column('Age');
