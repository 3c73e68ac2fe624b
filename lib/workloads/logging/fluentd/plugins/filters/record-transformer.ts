// filter_record_transformer: adds, changes and removes fields.
import { accessor } from '../../accessor.ts';
import { ConfigError } from '../../config/error.ts';
import type { Event } from '../../event.ts';
import type { Made } from '../../plugin.ts';
import type { Filter } from '../../router.ts';
import { formatTime } from '../../time.ts';

type Value = (tag: string, event: Event) => unknown;

export function recordTransformer({ section, engine }: Made): Filter['filter'] {
  const ruby = section.bool('enable_ruby', false);
  const typecast = section.bool('auto_typecast', true);
  const fields = section.sections('record').flatMap((one) => [...one.element.attributes.keys()].map((name) => ({ name, value: template(one.element.get(name) ?? '', { ruby, typecast, hostname: engine.process.hostname }) })));
  const [removed, kept] = [section.array('remove_keys'), section.array('keep_keys')];
  const renew = section.bool('renew_record', false) || kept.length > 0;
  return (tag, event) => {
    const record: Record<string, unknown> = renew ? {} : { ...event.record };
    for (const name of kept) if (name in event.record) record[name] = event.record[name];
    for (const { name, value } of fields) record[name] = value(tag, event);
    for (const name of removed) remove(record, name);
    return { time: event.time, record };
  };
}

function remove(record: Record<string, unknown>, name: string): void {
  if (!name.startsWith('$')) return void delete record[name];
  const path = name.startsWith('$.') ? name.slice(2).split('.') : [...name.matchAll(/\['([^']+)'\]/g)].map(([, key]) => key!);
  const last = path.pop()!;
  const parent = path.length === 0 ? record : accessor(`$.${path.join('.')}`)(record);
  if (typeof parent !== 'object' || parent === null) return;
  // The record of before belongs to others, too.
  const [first] = path;
  if (first === undefined) return void delete record[last];
  record[first] = structuredCopy(record[first]);
  delete (accessor(`$.${path.join('.')}`)(record) as Record<string, unknown>)[last];
}

const structuredCopy = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Text with `${…}` in it; a single `${…}` keeps the type of its value. */
function template(text: string, options: { ruby: boolean; typecast: boolean; hostname: string }): Value {
  const parts = text.split(/(\$\{[^}]*\})/).filter(Boolean);
  const values = parts.map((part) => (part.startsWith('${') ? placeholder(part.slice(2, -1).trim(), options) : part));
  const [only] = values;
  if (values.length === 1 && typeof only === 'function' && options.typecast) return only;
  return (tag, event) => values.map((one) => (typeof one === 'string' ? one : shown(one(tag, event)))).join('');
}

const shown = (value: unknown) => (value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value));

function placeholder(code: string, { hostname }: { ruby: boolean; hostname: string }): Value {
  if (code === 'tag') return (tag) => tag;
  if (code === 'hostname') return () => hostname;
  if (code === 'time') return (_, { time }) => formatTime(time, '%Y-%m-%d %H:%M:%S %z');
  const part = /^(tag_parts|tag_prefix|tag_suffix)\[(-?\d+)\]$/.exec(code);
  if (part) return (tag) => tagPart(tag.split('.'), part[1]!, Number(part[2]));
  if (/^record(\[("[^"]*"|'[^']*')\])+$/.test(code)) {
    const value = accessor(`$${code.slice('record'.length)}`);
    return (_, { record }) => value(record) ?? null;
  }
  const dig = /^record\.dig\((.*)\)$/.exec(code);
  if (dig) {
    const value = accessor(`$${dig[1]!.split(',').map((key) => `[${key.trim()}]`).join('')}`);
    return (_, { record }) => value(record) ?? null;
  }
  throw new ConfigError(`record_transformer의 \${${code}}: kubook의 Fluentd가 아는 것은 tag, tag_parts[n], tag_prefix[n], tag_suffix[n], time, hostname, record["이름"], record.dig("이름", "이름")이다.`);
}

function tagPart(parts: readonly string[], kind: string, index: number): string {
  if (kind === 'tag_parts') return parts.at(index) ?? '';
  const at = index < 0 ? parts.length + index : index;
  return (kind === 'tag_prefix' ? parts.slice(0, at + 1) : parts.slice(at)).join('.');
}
