// date: the clock's time, or a given one, in a chosen form.
import type { Command } from './command.ts';
import { filter, Refused } from './getopt.ts';

const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const months = 'January February March April May June July August September October November December'.split(' ');
const two = (n: number) => String(n).padStart(2, '0');
const blank = (n: number) => String(n).padStart(2);
const day = 86_400_000;

const fields: Record<string, (d: Date) => string> = {
  Y: (d) => String(d.getUTCFullYear()),
  C: (d) => two(Math.floor(d.getUTCFullYear() / 100)),
  y: (d) => two(d.getUTCFullYear() % 100),
  m: (d) => two(d.getUTCMonth() + 1),
  d: (d) => two(d.getUTCDate()),
  e: (d) => blank(d.getUTCDate()),
  H: (d) => two(d.getUTCHours()),
  k: (d) => blank(d.getUTCHours()),
  I: (d) => two(d.getUTCHours() % 12 || 12),
  l: (d) => blank(d.getUTCHours() % 12 || 12),
  p: (d) => (d.getUTCHours() < 12 ? 'AM' : 'PM'),
  M: (d) => two(d.getUTCMinutes()),
  S: (d) => two(d.getUTCSeconds()),
  s: (d) => String(Math.floor(d.getTime() / 1000)),
  N: (d) => `${String(d.getTime() % 1000).padStart(3, '0')}000000`,
  j: (d) => String(Math.floor((d.getTime() - Date.UTC(d.getUTCFullYear(), 0)) / day) + 1).padStart(3, '0'),
  u: (d) => String(d.getUTCDay() || 7),
  w: (d) => String(d.getUTCDay()),
  a: (d) => days[d.getUTCDay()]!.slice(0, 3),
  A: (d) => days[d.getUTCDay()]!,
  b: (d) => months[d.getUTCMonth()]!.slice(0, 3),
  h: (d) => months[d.getUTCMonth()]!.slice(0, 3),
  B: (d) => months[d.getUTCMonth()]!,
  Z: () => 'UTC',
  z: () => '+0000',
  n: () => '\n',
  t: () => '\t',
  '%': () => '%',
};

const wide: Record<string, string> = { T: '%H:%M:%S', X: '%H:%M:%S', F: '%Y-%m-%d', R: '%H:%M', D: '%m/%d/%y', x: '%m/%d/%y', c: '%a %b %e %H:%M:%S %Y', r: '%I:%M:%S %p' };
const precisions: Record<string, string> = { '': '', date: '', hours: 'T%H%z', minutes: 'T%H:%M%z', seconds: 'T%H:%M:%S%z' };

const formatted = (template: string, date: Date) => template.replace(/%([TXFRDxcr])/g, (_, c: string) => wide[c]!).replace(/%(.)/g, (all, c: string) => fields[c]?.(date) ?? all);

/** `@86400`, `2024-01-02 03:04:05`, `2024-01-02`, `03:04` of today. */
function given(text: string, now: number): Date {
  const seconds = /^@(-?\d+)$/.exec(text)?.[1];
  if (seconds) return new Date(Number(seconds) * 1000);
  const [, date, hours = '0', minutes = '0', rest = '0'] = /^(?:(\d{4}-\d\d-\d\d)(?:[ T]|$))?(?:(\d\d):(\d\d)(?::(\d\d))?)?Z?$/.exec(text) ?? [];
  const at = Date.parse(date ?? new Date(now).toISOString().slice(0, 10)) + (Number(hours) * 3600 + Number(minutes) * 60 + Number(rest)) * 1000;
  if (text === '' || (!date && !/^\d\d:/.test(text)) || Number.isNaN(at)) throw new Refused(`invalid date '${text}'`);
  return new Date(at);
}

export const date: Command = filter('date', { flags: 'uR', values: 'dsrD', optional: 'I', long: { utc: 'u', date: 'd', 'iso-8601': 'I', rfc2822: 'R' } }, ({ letters, values, rest }, io, shell) => {
  const { clock, files } = shell.process;
  if (values['s'] !== undefined) throw new Refused("can't set date: Operation not permitted");
  const [other] = rest.filter((word) => !word.startsWith('+'));
  if (other !== undefined) throw new Refused(`invalid date '${other}'`);
  const inode = values['r'] === undefined ? undefined : files.find(values['r']);
  if (values['r'] !== undefined && !inode) throw new Refused(`${values['r']}: No such file or directory`);
  const at = values['d'] === undefined ? new Date(inode?.mtime ?? clock.now) : given(values['d'], clock.now);
  const iso = letters.includes('I') ? `%Y-%m-%d${precisions[values['I'] ?? ''] ?? ''}` : undefined;
  const template = rest.find((word) => word.startsWith('+'))?.slice(1) ?? iso ?? (letters.includes('R') ? '%a, %d %b %Y %H:%M:%S +0000' : '%a %b %e %H:%M:%S UTC %Y');
  const shown = formatted(template, at);
  io.out(`${iso ? shown.replace('+0000', '+00:00') : shown}\n`);
});
