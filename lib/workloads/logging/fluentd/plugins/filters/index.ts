// Which filters there are.
import { accessor } from '../../accessor.ts';
import type { Section } from '../../config/section.ts';
import { type Event, PluginError, type Record_ } from '../../event.ts';
import { formatterOf } from '../../formatters.ts';
import { parserOf } from '../../parsers.ts';
import { about, type Made, type Plugin } from '../../plugin.ts';
import type { Filter } from '../../router.ts';
import { unknownPlugin } from '../unknown.ts';
import { recordTransformer } from './record-transformer.ts';

export type FilterPlugin = Plugin & Filter;

const kinds: Record<string, (made: Made) => Filter['filter']> = { grep, record_transformer: recordTransformer, parser, stdout };

export function makeFilter(made: Made): FilterPlugin {
  const make = kinds[made.type] ?? unknownPlugin('filter', made.type, made.section.element);
  return { kind: 'filter', ...about(made), filter: make(made) };
}

type Condition = (record: Record_) => boolean;

/** Lets through what matches all <regexp> and no <exclude>. */
function grep({ section }: Made): Filter['filter'] {
  const conditions = (within: Section, name: string) => within.sections(name).map(condition);
  const all = [...conditions(section, 'regexp'), ...section.sections('and').flatMap((one) => conditions(one, 'regexp'))];
  const groups = section.sections('or').flatMap((one) => conditions(one, 'regexp'));
  const none = [...conditions(section, 'exclude'), ...section.sections('or').flatMap((one) => conditions(one, 'exclude'))];
  const notAll = section.sections('and').flatMap((one) => conditions(one, 'exclude'));
  return (_, event) => {
    const { record } = event;
    if (!all.every((holds) => holds(record))) return undefined;
    if (groups.length > 0 && !groups.some((holds) => holds(record))) return undefined;
    if (none.some((holds) => holds(record))) return undefined;
    if (notAll.length > 0 && notAll.every((holds) => holds(record))) return undefined;
    return event;
  };
}

function condition(section: Section): Condition {
  const value = accessor(section.required('key'));
  const pattern = section.regExp('pattern');
  return (record) => {
    const found = value(record);
    return pattern.test(found === undefined || found === null ? '' : typeof found === 'string' ? found : JSON.stringify(found));
  };
}

function stdout({ section, engine }: Made): Filter['filter'] {
  const format = formatterOf(section, 'stdout', engine.process.hostname);
  return (tag, event) => {
    engine.process.logLines([format(tag, event).replace(/\n$/, '')]);
    return event;
  };
}

/** Parses a field of the record into fields of its own. */
function parser({ section, engine, router }: Made): Filter['filter'] {
  const value = accessor(section.required('key_name'));
  const key = section.required('key_name');
  const inner = section.section('parse') ?? section.fail('<parse> section is required.');
  const parse = parserOf(inner, { extra: engine.extra });
  const [keepData, keepTime, removeKey] = [section.bool('reserve_data', false), section.bool('reserve_time', false), section.bool('remove_key_name_field', false)];
  const [hashField, prefix] = [section.text('hash_value_field'), section.text('inject_key_prefix', '')];
  const tell = section.bool('emit_invalid_record_to_error', true);
  return (tag, event) => {
    const raw = value(event.record);
    const parsed = raw === undefined ? undefined : parse(String(raw), event.time);
    if (!parsed) {
      const message = raw === undefined ? `${key} does not exist` : `pattern not matched with data '${String(raw)}'`;
      if (tell) router.emitError(tag, event, new PluginError(raw === undefined ? 'ArgumentError' : 'Fluent::Plugin::Parser::ParserError', message));
      return keepData ? event : undefined;
    }
    const fields = Object.fromEntries(Object.entries(parsed.record).map(([name, one]) => [prefix + name, one]));
    const own: Event['record'] = hashField ? { [hashField]: fields } : fields;
    const kept = Object.fromEntries(Object.entries(event.record).filter(([name]) => !removeKey || name !== key));
    return { time: keepTime ? event.time : parsed.time, record: { ...(keepData && kept), ...own } };
  };
}
