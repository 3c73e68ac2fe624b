// -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[*].image
import type { KubeObject } from '../api/index.ts';
import { CommandError } from './errors.ts';
import { relaxed, valuesAt } from './jsonpath/index.ts';
import { alignRows } from './text/tabwriter.ts';

interface Spec {
  header: string;
  path: string;
}

export function parseColumns(text: string): Spec[] {
  if (!text) throw new CommandError('custom-columns format specified but no custom columns given');
  return text.split(',').map((part) => {
    const colon = part.indexOf(':');
    if (colon < 0) throw new CommandError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    return { header: part.slice(0, colon), path: relaxed(part.slice(colon + 1)) };
  });
}

/** How Go prints a value with %v: maps as `map[a:b]`, lists as `[a b]`. */
export function goPrint(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goPrint).join(' ')}]`;
  if (typeof value !== 'object') return String(value);
  const map = value as Record<string, unknown>;
  return `map[${Object.keys(map).sort().map((key) => `${key}:${goPrint(map[key])}`).join(' ')}]`;
}

export function printColumns(specs: readonly Spec[], objects: readonly KubeObject[], noHeaders: boolean): string {
  const rows = objects.map((object) => specs.map(({ path }) => valuesAt(object, path).map(goPrint).join(',') || '<none>'));
  if (!noHeaders) rows.unshift(specs.map(({ header }) => header));
  return alignRows(rows);
}
