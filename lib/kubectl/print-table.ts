// Tables: the rows of `kubectl get`, made from the columns and cells of a kind's row in the table of kinds.
import { type Column, type KubeObject, type Resource, type Version } from '../api/index.ts';
import { byNaturalOrder } from './yaml/print.ts';
import { kindName } from './names.ts';
import { alignRows } from './text/tabwriter.ts';

export interface TableOptions {
  now: number;
  version: Version;
  wide?: boolean;
  noHeaders?: boolean;
  /** NAMESPACE first. */
  withNamespace?: boolean;
  /** `deployment.apps/web` instead of `web`. */
  withKind?: boolean;
  showLabels?: boolean;
  /** Labels with a column of their own (-L). */
  labelColumns?: readonly string[];
  /** The kind's columns, when they are at hand already. */
  columns?: readonly Column[];
  /** Widths of what was printed before; a watch keeps them. */
  widths?: number[];
}

const fallback: Column[] = [
  { name: 'Name', type: 'string', format: 'name', priority: 0 },
  { name: 'Created At', type: 'date', priority: 0 },
];

function columnsOf({ columns }: Pick<Resource, 'columns'>, version: Version): readonly Column[] {
  if (!columns) return fallback;
  return typeof columns === 'function' ? columns(version) : columns;
}

function cellsOf(resource: Resource, object: KubeObject, { now, version }: TableOptions): (string | number | boolean | null)[] {
  return resource.cells?.(object, now, version) ?? [object.metadata.name, object.metadata.creationTimestamp];
}

function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const keys = Object.keys(labels ?? {}).sort();
  return keys.length === 0 ? '<none>' : keys.map((key) => `${key}=${labels![key]}`).join(',');
}

/** The header of a kind's table. */
function headerOf(resource: Resource, options: TableOptions): string[] {
  const shown = columnsOf(resource, options.version).filter(({ priority = 0 }) => options.wide || priority === 0);
  return [
    ...(options.withNamespace ? ['NAMESPACE'] : []),
    ...shown.map(({ name }) => name.toUpperCase()),
    ...(options.labelColumns ?? []).map((label) => label.slice(label.lastIndexOf('/') + 1).toUpperCase()),
    ...(options.showLabels ? ['LABELS'] : []),
  ];
}

/** One row, as many cells as the header has. */
function rowOf(resource: Resource, object: KubeObject, options: TableOptions): string[] {
  const columns = options.columns ?? columnsOf(resource, options.version);
  const cells = cellsOf(resource, object, options);
  const row: string[] = [];
  const named = options.withKind ? columns.findIndex(({ format }) => format === 'name') : -1;
  if (options.withNamespace) row.push(object.metadata.namespace ?? '');
  for (let i = 0; i < columns.length; i++) {
    if (!options.wide && columns[i]!.priority) continue;
    const cell = cells[i] ?? '';
    const text = firstLine(String(cell));
    row.push(i === named ? `${kindName(resource)}/${text}` : text);
  }
  for (const label of options.labelColumns ?? []) row.push(object.metadata.labels?.[label] ?? '');
  if (options.showLabels) row.push(labelsText(object.metadata.labels));
  return row;
}

function firstLine(text: string): string {
  if (!text.includes('\n') && !text.includes('\r') && !text.includes('\f')) return text;
  const end = text.search(/[\f\n\r]/);
  return `${text.slice(0, end)}...`;
}

/** Prints objects of one kind. */
export function printTable(resource: Resource, objects: readonly KubeObject[], options: TableOptions): string {
  const columns = columnsOf(resource, options.version);
  const rows = options.noHeaders ? [] : [headerOf(resource, options)];
  const known = { ...options, columns };
  for (const object of objects) rows.push(rowOf(resource, object, known));
  return alignRows(rows, options.widths);
}

/** Compares values of --sort-by as kubectl does: nothing first, numbers as numbers, quantities and times by value, text naturally. */
export function compareValues(a: unknown, b: unknown): number {
  const [gone, missing] = [a === undefined || a === null, b === undefined || b === null];
  if (gone || missing) return Number(missing) - Number(gone);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return byNaturalOrder(String(a), String(b));
}
