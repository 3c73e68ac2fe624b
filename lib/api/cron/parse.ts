// Schedules of cron jobs, as robfig/cron's standard parser reads them, with its errors.
import { goDuration } from './duration.ts';
import type { Field, Schedule } from './schedule.ts';

interface Bounds {
  min: number;
  max: number;
  names?: readonly string[];
}

const bounds: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

const descriptors: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

export interface ParseOptions {
  /** As the third version of the library reads it: errors in lower case, and `*` with a step is no star. */
  v3?: boolean;
}

/** Five fields (minute, hour, day of month, month, day of week) or `@daily`, `@every 1h30m` …; throws an Error. */
export function parseSchedule(spec: string, { v3 = false }: ParseOptions = {}): Schedule {
  try {
    return parse(spec, v3);
  } catch (error) {
    const { message } = error as Error;
    throw v3 ? new Error(message[0]!.toLowerCase() + message.slice(1)) : error;
  }
}

function parse(spec: string, v3: boolean): Schedule {
  if (spec === '') throw new Error('Empty spec string');
  if (spec.startsWith('@')) return parseDescriptor(spec, v3);
  const texts = spec.split(/\s+/).filter(Boolean);
  if (texts.length !== 5) throw new Error(`Expected exactly 5 fields, found ${texts.length}: ${v3 ? `[${texts.join(' ')}]` : spec}`);
  const [minute, hour, dayOfMonth, month, dayOfWeek] = texts.map((text, i) => parseField(text, bounds[i]!, v3)) as [Field, Field, Field, Field, Field];
  return { minute, hour, dayOfMonth, month, dayOfWeek };
}

function parseDescriptor(text: string, v3: boolean): Schedule {
  if (Object.hasOwn(descriptors, text)) return parse(descriptors[text]!, v3);
  if (!text.startsWith('@every ')) throw new Error(`Unrecognized descriptor: ${text}`);
  const every = goDuration(text.slice('@every '.length));
  if (typeof every === 'string') throw new Error(`Failed to parse duration ${text}: ${every}`);
  return { every: Math.max(1000, Math.trunc(every / 1000) * 1000) };
}

/** A list of ranges. */
function parseField(text: string, limits: Bounds, v3: boolean): Field {
  const field: Field = { values: new Set(), star: false };
  for (const range of text.split(',').filter(Boolean)) parseRange(range, { limits, field, v3 });
  return field;
}

/** `5`, `1-5`, `mon-fri`, `*`, each with a step: `*` with `/10`, `8-18/2`; `5/10` means from 5 on. */
function parseRange(text: string, { limits, field, v3 }: { limits: Bounds; field: Field; v3: boolean }): void {
  const parts = text.split('/');
  const ends = parts[0]!.split('-');
  const all = ends[0] === '*' || ends[0] === '?';
  if (!all && ends.length > 2) {
    valueOf(ends[0]!, limits);
    throw new Error(`Too many hyphens: ${text}`);
  }
  const start = all ? limits.min : valueOf(ends[0]!, limits);
  let end = all ? limits.max : ends.length === 1 ? start : valueOf(ends[1]!, limits);
  if (parts.length > 2) throw new Error(`Too many slashes: ${text}`);
  const step = parts.length === 1 ? 1 : integer(parts[1]!);
  if (parts.length === 2 && ends.length === 1) end = limits.max;
  if (start < limits.min) throw new Error(`Beginning of range (${start}) below minimum (${limits.min}): ${text}`);
  if (end > limits.max) throw new Error(`End of range (${end}) above maximum (${limits.max}): ${text}`);
  if (start > end) throw new Error(`Beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (step === 0) throw new Error(`Step of range should be a positive number: ${text}`);
  for (let value = start; value <= end; value += step) field.values.add(value);
  if (all && !(v3 && step > 1)) field.star = true;
}

function valueOf(text: string, { names }: Bounds): number {
  const named = text === '' ? -1 : (names?.indexOf(text.toLowerCase()) ?? -1);
  return named >= 0 ? named : integer(text);
}

function integer(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new Error(`Failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  const value = Number(text);
  if (Math.abs(value) > 2 ** 63) throw new Error(`Failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: value out of range`);
  if (value < 0) throw new Error(`Negative number (${value}) not allowed: ${text}`);
  return value;
}
