// What the cells of a Table have in common.
import { since } from '../duration.ts';
import type { Column } from '../resource.ts';
import type { KubeObject } from '../types.ts';

/** AGE of an object. */
export const age = (object: KubeObject, now: number) => since(object.metadata.creationTimestamp, now);

/** The first three of a list, then how many more: `a,b,c + 2 more...`. */
export function firstThree(list: readonly string[]): string {
  if (list.length === 0) return '<none>';
  return list.length > 3 ? `${list.slice(0, 3).join(',')} + ${list.length - 3} more...` : list.join(',');
}

export { since };

export const column = (name: string, type: Column['type'] = 'string', options: Partial<Column> = {}): Column => ({ name, type, format: '', priority: 0, ...options });
export const wide = (name: string, type: Column['type'] = 'string'): Column => column(name, type, { priority: 1 });
export const nameColumn = column('Name', 'string', { format: 'name' });
export const ageColumn = column('Age');
