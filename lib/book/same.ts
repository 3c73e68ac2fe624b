import { isDeepEqual } from './deep-equal.ts';
import { wrong } from './exercise.ts';

/** One line of JSON, cut when it is long. */
export function show(value: unknown, limit = 160): string {
  const text = value === undefined ? 'undefined' : (JSON.stringify(value) ?? String(value));
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}

/** Ends a check when two values differ: `파드 수: 기대한 값은 3인데 2이다`-like message. */
export function same(actual: unknown, expected: unknown, what: string): void {
  if (isDeepEqual(actual, expected)) return;
  wrong(`${what}: 기대한 값 ${show(expected)}, 실제 값 ${show(actual)}`);
}
