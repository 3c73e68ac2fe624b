// Times by a format, as Ruby's strftime and strptime have them; local time is UTC, as in the images.
import { PluginError } from './event.ts';

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const days = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');
const two = (n: number) => String(n).padStart(2, '0');
const short: Record<string, string> = { F: '%Y-%m-%d', T: '%H:%M:%S', D: '%m/%d/%y', R: '%H:%M' };
const expanded = (format: string) => format.replace(/%([FTDR])/g, (_, letter: string) => short[letter]!);

export function formatTime(at: number, format: string): string {
  const d = new Date(at);
  const nanoseconds = `${String(Math.floor(at) % 1000).padStart(3, '0')}000000`;
  const parts: Record<string, string> = {
    Y: String(d.getUTCFullYear()), y: two(d.getUTCFullYear() % 100), m: two(d.getUTCMonth() + 1), d: two(d.getUTCDate()), e: String(d.getUTCDate()).padStart(2),
    H: two(d.getUTCHours()), M: two(d.getUTCMinutes()), S: two(d.getUTCSeconds()), L: nanoseconds.slice(0, 3), N: nanoseconds,
    b: months[d.getUTCMonth()]!, a: days[d.getUTCDay()]!, s: String(Math.floor(at / 1000)), z: '+0000', Z: 'UTC', '%': '%',
  };
  return expanded(format).replace(/%(:?)(\d?)([a-zA-Z%])/g, (whole, colon: string, width: string, letter: string) => {
    const part = parts[letter];
    if (part === undefined) return whole;
    return colon && letter === 'z' ? '+00:00' : width && letter === 'N' ? part.slice(0, Number(width)) : part;
  });
}

const patterns: Record<string, string> = {
  Y: '(?<Y>\\d{4})', y: '(?<y>\\d\\d)', m: '(?<m>\\d\\d?)', d: '(?<d>[ \\d]?\\d)', e: '(?<d>[ \\d]?\\d)', H: '(?<H>\\d\\d?)', M: '(?<M>\\d\\d?)', S: '(?<S>\\d\\d?)',
  L: '(?<N>\\d+)', N: '(?<N>\\d+)', b: '(?<b>[A-Za-z]{3})', a: '[A-Za-z]{3}', s: '(?<s>\\d+)', z: '(?<z>Z|UTC|[+-]\\d\\d:?\\d\\d)', Z: '(?<z>[A-Z]+)', '%': '%',
};
const compiled = new Map<string, RegExp>();

function patternOf(format: string): RegExp {
  let found = compiled.get(format);
  if (!found) {
    const source = expanded(format)
      .split(/(%:?\d?[a-zA-Z%])/)
      .map((part) => (part.startsWith('%') ? (patterns[part.at(-1)!] ?? '.*?') : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
      .join('');
    compiled.set(format, (found = new RegExp(`^${source}`)));
  }
  return found;
}

/** Milliseconds; throws a PluginError. Without a format whatever ISO 8601 and RFC 2822 know. */
export function parseTime(text: string, format?: string): number {
  const at = format === undefined ? Date.parse(text) : byFormat(text, format);
  if (Number.isNaN(at)) throw new PluginError('Fluent::TimeParser::TimeParseError', `invalid time format: value = ${text}, error_class = ArgumentError, error = string doesn't match`);
  return at;
}

function byFormat(text: string, format: string): number {
  const found = patternOf(format).exec(text)?.groups;
  if (!found) return Number.NaN;
  if (found['s']) return Number(found['s']) * 1000;
  const year = found['Y'] ? Number(found['Y']) : found['y'] ? 2000 + Number(found['y']) : 1970;
  const month = found['b'] ? months.indexOf(found['b']) : Number(found['m'] ?? 1) - 1;
  const part = (name: string, otherwise = 0) => Number(found[name] ?? otherwise);
  const fraction = found['N'] ? Math.floor(Number(`0.${found['N']}`) * 1000) : 0;
  return Date.UTC(year, month, part('d', 1), part('H'), part('M'), part('S'), fraction) - offset(found['z']);
}

function offset(zone: string | undefined): number {
  const found = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? '');
  return found ? (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) * 60_000 : 0;
}
