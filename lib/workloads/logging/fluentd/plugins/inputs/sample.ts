// in_sample, once in_dummy: events that it makes up itself.
import type { Record_ } from '../../event.ts';
import { about, type Made, type Plugin } from '../../plugin.ts';

export function sample(made: Made): Plugin {
  const { section, engine, router } = made;
  const tag = section.required('tag');
  const [rate, size, counter] = [section.number('rate', 1), section.number('size', 1), section.text('auto_increment_key')];
  const given = section.element.get('sample') ?? section.element.get('dummy') ?? '{"message":"sample"}';
  const records = [JSON.parse(given) as Record_].flat() as Record_[];
  let count = 0;
  const next = () => {
    const record = records[count % records.length]!;
    return counter ? { ...record, [counter]: count++ } : (count++, record);
  };
  const emit = (): void => {
    router.emit(tag, Array.from({ length: rate * size }, () => ({ time: engine.process.clock.now, record: next() })));
    engine.after(1000, emit);
  };
  return { kind: 'input', ...about(made), start: () => engine.after(1000, emit) };
}
