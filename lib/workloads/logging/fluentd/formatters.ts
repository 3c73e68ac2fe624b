// <format> and <inject>: from an event to the text that an output writes (lib/fluent/plugin/formatter*.rb).
import { Section } from './config/section.ts';
import { Element } from './config/element.ts';
import type { Event } from './event.ts';
import { unknownPlugin } from './plugins/unknown.ts';
import { formatTime } from './time.ts';

export type Formatter = (tag: string, event: Event) => string;

/** Of an output: `usual` is the type of formatter where none is named. */
export function formatterOf(output: Section, usual: string, hostname: string): Formatter {
  const inject = injection(output.section('inject'), hostname);
  const format = byType(output.section('format') ?? new Section(new Element('format')), usual);
  return (tag, event) => format(tag, { ...event, record: inject(tag, event) });
}

function byType(section: Section, usual: string): Formatter {
  const type = section.text('@type', usual);
  const end = section.bool('add_newline', true) ? '\n' : '';
  switch (type) {
    case 'json':
      return (_, { record }) => JSON.stringify(record) + end;
    case 'hash':
      return (_, { record }) => JSON.stringify(record).replaceAll('":', '"=>') + end;
    case 'ltsv':
      return (_, { record }) => Object.entries(record).map(([name, value]) => `${name}:${String(value)}`).join('\t') + end;
    case 'single_value': {
      const key = section.text('message_key', 'message');
      return (_, { record }) => String(record[key] ?? '') + end;
    }
    case 'stdout':
      return (tag, { time, record }) => `${formatTime(time, '%Y-%m-%d %H:%M:%S.%N %z')} ${tag}: ${JSON.stringify(record)}\n`;
    case 'out_file': {
      const format = section.text('time_format', '%Y-%m-%dT%H:%M:%S%:z');
      const between = section.text('delimiter', 'TAB') === 'SPACE' ? ' ' : '\t';
      const head = (tag: string, time: number) => [...(section.bool('output_time', true) ? [formatTime(time, format)] : []), ...(section.bool('output_tag', true) ? [tag] : [])];
      return (tag, { time, record }) => [...head(tag, time), JSON.stringify(record)].join(between) + end;
    }
  }
  return unknownPlugin('formatter', type, section.element);
}

/** Adds the tag, the time or the host to a record. */
function injection(section: Section | undefined, hostname: string): (tag: string, event: Event) => Event['record'] {
  if (!section) return (_, { record }) => record;
  const [tagKey, timeKey, hostKey] = [section.text('tag_key'), section.text('time_key'), section.text('hostname_key')];
  const type = section.choice('time_type', ['float', 'unixtime', 'string'], section.has('time_format') ? 'string' : 'float');
  const format = section.text('time_format', '%Y-%m-%dT%H:%M:%S%:z');
  const timeOf = (at: number) => (type === 'string' ? formatTime(at, format) : type === 'unixtime' ? Math.floor(at / 1000) : at / 1000);
  return (tag, { time, record }) => ({ ...record, ...(hostKey && { [hostKey]: section.text('hostname', hostname) }), ...(tagKey && { [tagKey]: tag }), ...(timeKey && { [timeKey]: timeOf(time) }) });
}
