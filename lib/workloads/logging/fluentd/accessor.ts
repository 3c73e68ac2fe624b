// A field of a record by its name: `log`, `$.kubernetes.namespace_name`, `$['a']['b']`.
import type { Record_ } from './event.ts';

export function accessor(name: string): (record: Record_) => unknown {
  const path = pathOf(name);
  return (record) => path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined), record);
}

function pathOf(name: string): string[] {
  if (name.startsWith('$.')) return name.slice(2).split('.').flatMap((part) => [part.replace(/\[.*/, ''), ...inBrackets(part)]);
  return name.startsWith('$[') ? inBrackets(name) : [name];
}

const inBrackets = (text: string) => [...text.matchAll(/\[(?:'([^']*)'|"([^"]*)"|(\d+))\]/g)].map(([, one, two, index]) => one ?? two ?? index ?? '');
