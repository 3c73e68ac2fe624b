// <parse>: from a line to a record and its time (lib/fluent/plugin/parser*.rb).
import { type Event, PluginError } from './event.ts';
import type { Section } from './config/section.ts';
import { unknownPlugin } from './plugins/unknown.ts';
import { rubyRegExp } from './ruby-regexp.ts';
import { parseTime } from './time.ts';

/** Undefined: the line does not match. May throw a PluginError. */
export type Parser = (line: string, now: number) => Event | undefined;
type Fields = Record<string, unknown>;

const apache2 = String.raw`/^(?<host>[^ ]*) [^ ]* (?<user>[^ ]*) \[(?<time>[^\]]*)\] "(?<method>\S+)(?: +(?<path>(?:[^"]|\\")*?)(?: +\S*)?)?" (?<code>[^ ]*) (?<size>[^ ]*)(?: "(?<referer>(?:[^"]|\\")*)" "(?<agent>(?:[^"]|\\")*)")?$/`;
const nginx = String.raw`/^(?<remote>[^ ]*) (?<host>[^ ]*) (?<user>[^ ]*) \[(?<time>[^\]]*)\] "(?<method>\S+)(?: +(?<path>[^"]*?)(?: +\S*)?)?" (?<code>[^ ]*) (?<size>[^ ]*)(?: "(?<referer>[^"]*)" "(?<agent>[^"]*)"(?:\s+(?<http_x_forwarded_for>[^ ]+))?)?$/`;
const webTime = '%d/%b/%Y:%H:%M:%S %z';

/** `extra`: image fluentd-kubernetes-daemonset has more of them. */
export function parserOf(section: Section, { extra = false } = {}): Parser {
  const type = section.text('@type') ?? section.fail("'@type' parameter is required, in section parse");
  switch (type) {
    case 'none': {
      const key = section.text('message_key', 'message');
      return (line, now) => ({ time: now, record: { [key]: line } });
    }
    case 'json':
      return finished(section, json, { timeKey: 'time', type: section.has('time_format') ? 'string' : 'float' });
    case 'regexp':
      return finished(section, byRegExp(named(section)), { timeKey: 'time' });
    case 'ltsv':
      return finished(section, (line) => Object.fromEntries(line.split(section.text('delimiter', '\t')).map((pair) => pair.split(/:(.*)/s, 2) as [string, string])), { timeKey: 'time' });
    case 'tsv':
    case 'csv': {
      const keys = section.array('keys');
      return finished(section, (line) => Object.fromEntries(line.split(type === 'tsv' ? '\t' : ',').map((value, i) => [keys[i] ?? String(i), value])), { timeKey: 'time' });
    }
    case 'nginx':
      return finished(section, byRegExp(rubyRegExp(nginx)), { timeKey: 'time', format: webTime });
    case 'apache2':
      return finished(section, (line) => numbers(byRegExp(rubyRegExp(apache2))(line)), { timeKey: 'time', format: webTime });
    case 'cri':
      if (extra) return cri(section, extra);
  }
  return unknownPlugin('parser', type, section.element);
}

/** Of the plugin parser-cri: what stands around a line of a container, and the line itself by another parser. */
function cri(section: Section, extra: boolean): Parser {
  const inner = section.section('parse');
  const parse = inner && parserOf(inner, { extra });
  const merge = section.bool('merge_cri_fields', true);
  const outer = /^(?<time>[^\s]+) (?<stream>stdout|stderr)( (?<logtag>[^\s]*))? (?<message>.*)$/;
  return (line, now) => {
    const fields = outer.exec(line)?.groups;
    if (!fields) return undefined;
    const { time, message, ...rest } = fields;
    const at = parseTime(time!, section.text('time_format', '%Y-%m-%dT%H:%M:%S.%N%z'));
    const own = parse ? parse(message!, now) : undefined;
    return { time: at, record: { ...(merge && rest), ...(own ? own.record : { message }) } };
  };
}

function named(section: Section): RegExp {
  const expression = section.regExp('expression');
  if (!expression.source.includes('(?<')) section.fail("No named captures in 'expression' parameter. The regexp must have at least one named capture");
  return expression;
}

const byRegExp = (expression: RegExp) => (line: string) => {
  const found = expression.exec(line)?.groups;
  return found && Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
};

function json(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

function numbers(fields: Fields | undefined): Fields | undefined {
  if (!fields) return undefined;
  const size = fields['size'] === '-' ? null : Number(fields['size']);
  return { ...fields, user: fields['user'] === '-' ? null : fields['user'], code: Number(fields['code']), size };
}

interface TimeOptions {
  timeKey: string;
  type?: 'string' | 'float';
  format?: string;
}

/** Takes the time out of the record, and gives values the types that they shall have. */
function finished(section: Section, parse: (line: string) => Fields | undefined, { timeKey, type: usual = 'string', format: usualFormat }: TimeOptions): Parser {
  const key = section.text('time_key', timeKey);
  const type = section.choice('time_type', ['string', 'float', 'unixtime'], usual);
  const format = section.text('time_format') ?? usualFormat;
  const keep = section.bool('keep_time_key', false);
  const types = Object.entries(section.hash('types') ?? {});
  return (line, now) => {
    const fields = parse(line);
    if (!fields) return undefined;
    const record = { ...fields };
    let time = now;
    if (key in record) {
      time = timeOf(record[key], type, format);
      if (!keep) delete record[key];
    }
    for (const [name, wanted] of types) if (name in record) record[name] = converted(record[name], wanted);
    return { time, record };
  };
}

function timeOf(value: unknown, type: string, format: string | undefined): number {
  if (type === 'string') return parseTime(String(value), format);
  const number = Number(value);
  if (Number.isNaN(number)) throw new PluginError('Fluent::TimeParser::TimeParseError', `invalid time format: value = ${String(value)}, error_class = ArgumentError, error = value must be a string or a number`);
  return number * 1000;
}

function converted(value: unknown, type: string): unknown {
  if (type === 'integer') return Number.parseInt(String(value)) || 0;
  if (type === 'float') return Number.parseFloat(String(value)) || 0;
  if (type === 'bool') return ['true', 'yes', '1'].includes(String(value).toLowerCase());
  return type.startsWith('array') ? String(value).split(type.split(':')[1] ?? ',') : value;
}
