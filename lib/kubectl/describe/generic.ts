// Kinds without a page of their own: every field under a readable name.
import type { KubeObject } from '../../api/index.ts';
import { goFormat } from '../../api/index.ts';
import type { Call } from '../session.ts';
import { describeEvents } from './events.ts';
import { annotations, multiline, type Writer } from './writer.ts';

const acronyms = new Set(['API', 'URL', 'UID', 'OSB', 'GUID']);

/** `involvedObject` → `Involved Object`. */
function readable(field: string): string {
  if (/[^A-Za-z-]/.test(field)) return field;
  const parts = field.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[A-Z]+|-/g) ?? [field];
  return parts.map((part) => (acronyms.has(part.toUpperCase()) ? part.toUpperCase() : part[0]!.toUpperCase() + part.slice(1))).join(' ');
}

const skipped = ['.metadata.managedFields', '.metadata.name', '.metadata.namespace', '.metadata.labels', '.metadata.annotations'];

export function describeGeneric(w: Writer, object: KubeObject, call: Call): void {
  const { metadata } = object;
  w.field(0, 'Name', metadata.name).field(0, 'Namespace', metadata.namespace ?? '');
  multiline(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  content(w, 0, { value: object as Record<string, unknown>, path: '' });
  describeEvents(w, call, object);
}

function content(w: Writer, level: number, { value, path }: { value: Record<string, unknown>; path: string }): void {
  for (const field of Object.keys(value).sort()) {
    const at = `${path}.${field}`;
    const item = value[field];
    if (skipped.includes(at) || item === undefined) continue;
    if (Array.isArray(item)) {
      w.line(level, `${readable(field)}:`);
      for (const child of item) {
        if (typeof child === 'object' && child !== null) content(w, level + 1, { value: child as Record<string, unknown>, path: at });
        else w.line(level + 1, goFormat(child));
      }
    } else if (typeof item === 'object' && item !== null) {
      w.line(level, `${readable(field)}:`);
      content(w, level + 1, { value: item as Record<string, unknown>, path: at });
    } else w.line(level, `${readable(field)}:\t${goFormat(item)}`);
  }
}
