// What a replayer is: one recorded file's cases, put to our code.
import { isDeepStrictEqual } from 'node:util';
import type { ChangeName, Version } from '../../lib/api/index.ts';

export interface ReplayContext {
  version: Version;
  /** Over HTTPS, to a served cluster; transcripts with the real kubectl. */
  served?: boolean;
}

/** `hid` names the rules under which parts of a passed case were not compared. */
export type Outcome = { result: 'passed'; hid?: readonly string[] } | { result: 'failed'; why: string; threw?: boolean } | { result: 'skipped'; rule: string };

/** One recorded line. Which fields there are beside the id depends on the file. */
export interface TestCase {
  id: string;
  // The shape is the recording's
  [field: string]: any;
}

export interface Replayer {
  /** Base name of the recordings it understands. */
  file: string;
  replay(testCase: TestCase, context: ReplayContext): Outcome;
  /** Reads a file that is not one JSON object per line. */
  read?(text: string, path: string): TestCase[];
}

export const pass = (): Outcome => ({ result: 'passed' });
/** All that was compared agreed; these rules left out parts. */
export const passExcept = (hid: readonly (RuleName | ChangeName)[]): Outcome => (hid.length > 0 ? { result: 'passed', hid } : pass());
export const fail = (why: string): Outcome => ({ result: 'failed', why });
/** Not compared, for a reason with a name: a rule of rules.ts or an entry of the version table. */
export const skip = (rule: RuleName | ChangeName): Outcome => ({ result: 'skipped', rule });
type RuleName = import('./rules.ts').RuleName;

/** Passes when both are the same data; keys in any order, `undefined` as missing. */
export function compare(got: unknown, want: unknown): Outcome {
  const [a, b] = [plain(got), plain(want)];
  return isDeepStrictEqual(a, b) ? pass() : fail(firstDifference(a, b));
}

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/** The path of the first difference, with both values, each at most 300 characters. */
export function firstDifference(got: unknown, want: unknown, path = ''): string {
  const both = [got, want].every((value) => typeof value === 'object' && value !== null) && Array.isArray(got) === Array.isArray(want);
  if (!both) return `${path || 'value'}\n      want ${short(want)}\n      got  ${short(got)}`;
  const [a, b] = [got as Record<string, unknown>, want as Record<string, unknown>];
  for (const key of new Set([...Object.keys(b), ...Object.keys(a)])) {
    if (!isDeepStrictEqual(a[key], b[key])) return firstDifference(a[key], b[key], Array.isArray(got) ? `${path}[${key}]` : `${path}${path && '.'}${key}`);
  }
  return `${path}: the order of keys`;
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
