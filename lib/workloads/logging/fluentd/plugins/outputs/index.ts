// Which outputs there are, and what each is made of.
import { BufferedOutput, type Sink } from '../../buffer/buffered-output.ts';
import { type BufferConfig, bufferConfig, type BufferDefaults } from '../../buffer/config.ts';
import { type Event, PluginError } from '../../event.ts';
import { formatterOf } from '../../formatters.ts';
import { about, type Made, type OutputPlugin } from '../../plugin.ts';
import { unknownPlugin } from '../unknown.ts';
import { fileSink, secondaryFileSink } from './file.ts';
import { forwardSink } from './forward.ts';
import { httpSink } from './http.ts';

type MakeSink = (made: Made, id: string, keys: BufferConfig['keys']) => Sink;
const day = 86_400_000;

const sinks: Record<string, { make: MakeSink; defaults?: BufferDefaults }> = {
  forward: { make: forwardSink, defaults: { keys: ['tag'] } },
  http: { make: httpSink },
  file: { make: (made, _, keys) => fileSink(made, keys), defaults: { type: 'file', keys: ['time'], timekey: day } },
  secondary_file: { make: secondaryFileSink },
  stdout: { make: stdoutSink, defaults: { keys: ['tag'] } },
  null: { make: () => ({ write: () => ({}) }) },
};

/** Without a <buffer> they do at once what they do. */
const synchronous = new Set(['stdout', 'null']);

export function makeOutput(made: Made): OutputPlugin {
  const { section, type } = made;
  if (type === 'copy') return copy(made);
  if (type === 'relabel') return relabel(made);
  const kind = sinks[type];
  if (!kind) return unknownPlugin('output', type, section.element);
  if (synchronous.has(type) && !section.section('buffer')) return atOnce(made);
  return buffered(made, kind);
}

function buffered(made: Made, { make, defaults = {} }: { make: MakeSink; defaults?: BufferDefaults }): OutputPlugin {
  const { section, type, engine } = made;
  const own = about(made);
  if (type === 'file' && !section.section('buffer')?.has('timekey') && section.section('buffer')?.arg !== '[]') {
    const missing = section.section('buffer') ? '' : ' because of missing <buffer> section';
    engine.log.warn(`default timekey interval (1d) will be used${missing}. To change the output frequency, please modify the timekey value`);
  }
  const buffering = bufferConfig(section, defaults, (text) => engine.log.warn(text));
  if (type === 'forward' && !buffering.keys.tag) section.fail("buffer chunk key must include 'tag' for forward output");
  const secondary = section.section('secondary');
  if (secondary?.section('buffer')) section.fail('<secondary> section cannot have <buffer> section');
  if (secondary && buffering.retry.forever) engine.log.warn("<secondary> with 'retry_forever', only unrecoverable errors are moved to secondary");
  const secondaryType = secondary?.text('@type') ?? type;
  const second = secondary && (sinks[secondaryType] ?? unknownPlugin('output', secondaryType, secondary.element));
  return new BufferedOutput({
    ...own,
    engine,
    buffering,
    sink: make(made, own.id, buffering.keys),
    secondary: second?.make({ ...made, section: secondary!, type: secondaryType }, own.id, buffering.keys),
    usualPath: type === 'file' ? section.text('path') : undefined,
  });
}

/** With a <buffer>: the lines of a chunk together. */
function stdoutSink({ section, engine }: Made): Sink {
  return {
    format: formatterOf(section, 'stdout', engine.process.hostname),
    write({ text }) {
      engine.process.logLines(text.replace(/\n$/, '').split('\n'));
      return {};
    },
  };
}

function atOnce(made: Made): OutputPlugin {
  const { section, type, engine } = made;
  const format = type === 'stdout' ? formatterOf(section, 'stdout', engine.process.hostname) : undefined;
  let [records, count] = [0, 0];
  return {
    kind: 'output',
    ...about(made),
    emit(tag, events) {
      count++;
      records += events.length;
      if (format) engine.process.logLines(events.flatMap((event) => format(tag, event).replace(/\n$/, '').split('\n')));
    },
    info: () => ({ emit_records: records, emit_count: count, retry_count: 0 }),
  };
}

/** To all of its stores, one after the other. */
function copy(made: Made): OutputPlugin {
  const { section, engine } = made;
  const stores = section.sections('store').map((store) => {
    const type = store.text('@type') ?? store.fail("Missing '@type' parameter on <store> directive");
    return { arg: store.arg, output: makeOutput({ ...made, section: store, type }) };
  });
  return {
    kind: 'output',
    ...about(made),
    start: () => stores.forEach(({ output }) => output.start?.()),
    shutdown: () => stores.forEach(({ output }) => output.shutdown?.()),
    emit(tag: string, events: readonly Event[]) {
      let well = false;
      for (const { arg, output } of stores) {
        if (well && arg.includes('ignore_if_prev_success')) continue;
        try {
          output.emit(tag, events);
          well = true;
        } catch (error) {
          if (!(error instanceof PluginError) || !arg.includes('ignore_error')) throw error;
          engine.log.error(`ignore emit error in ${output.id}`, { error });
          well = false;
        }
      }
    },
    parts: stores.map(({ output }) => output),
  };
}

function relabel(made: Made): OutputPlugin {
  const router = made.label(made.section.required('@label'));
  return { kind: 'output', ...about(made), emit: (tag, events) => router.emit(tag, events) };
}
