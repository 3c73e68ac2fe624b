import { columns } from './columns.ts';
import { isDeepEqual } from './deep-equal.ts';
import { wrong } from './exercise.ts';

/** One line of JSON, cut when it is long. */
export function show(value: unknown, limit = 160): string {
  const text = value === undefined ? 'undefined' : (JSON.stringify(value) ?? String(value));
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}

/** One line where the parts fit in one, else a line each: values that differ are found under each other. */
export function beside(parts: string[], joint: string): string {
  const line = parts.join(joint);
  return line.includes('\n') || columns(line) > 70 ? parts.join('\n') : line;
}

/** Ends a check when two values differ: `파드 수: 기대한 값은 3인데 2이다`-like message. */
export function same(actual: unknown, expected: unknown, what: string): void {
  if (isDeepEqual(actual, expected)) return;
  wrong(beside([what, beside([`기대한 값 ${show(expected)}`, `실제 값 ${show(actual)}`], ', ')], ': '));
}
