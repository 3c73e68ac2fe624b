// `${tag}`, `${tag[1]}`, `${key}`, `${chunk_id}` and `%Y%m%d` in a path or an address (lib/fluent/plugin/output.rb).
import type { Section } from './config/section.ts';
import type { Chunk } from './buffer/chunk.ts';
import type { BufferConfig } from './buffer/config.ts';
import { formatTime } from './time.ts';

const pattern = /\$\{([-_.@$a-zA-Z0-9]+)(?:\[(-?\d+)\])?\}/g;

export function fill(text: string, { id, metadata }: Pick<Chunk, 'id' | 'metadata'>): string {
  const { tag, timekey, variables = {} } = metadata;
  const timed = timekey === undefined ? text : formatTime(timekey, text);
  return timed.replace(pattern, (whole, name: string, index: string | undefined) => {
    if (name === 'chunk_id') return id;
    if (name === 'tag') return tag === undefined ? whole : index === undefined ? tag : (tag.split('.').at(Number(index)) ?? whole);
    return name in variables ? String(variables[name]) : whole;
  });
}

const steps: readonly [seconds: number, title: string, example: string][] = [[1, 'second', '%S'], [60, 'minute', '%M'], [3600, 'hour', '%H'], [86_400, 'day', '%d']];

/** Every chunk key has its placeholder, and every placeholder its chunk key. */
export function checkPlaceholders(section: Section, { name, text, keys }: { name: string; text: string; keys: BufferConfig['keys'] }): void {
  const base = Date.UTC(2016, 0, 1);
  const step = steps.find(([seconds]) => formatTime(base + seconds * 1000, text) !== formatTime(base, text));
  const about = `Parameter '${name}: ${text}'`;
  const stretch = keys.timekey === undefined ? undefined : keys.timekey / 1000;
  if (!step && stretch) section.fail(`${about} doesn't have timestamp placeholders for timekey ${stretch}`);
  if (step && !stretch) section.fail(`${about} has timestamp placeholders, but chunk key 'time' is not configured`);
  if (step && stretch && stretch < step[0]) section.fail(`${about} doesn't have timestamp placeholder for ${step[1]}('${step[2]}') for timekey ${stretch}`);
  const used = [...text.matchAll(pattern)].map(([, key]) => key!);
  if (keys.tag && !used.includes('tag')) section.fail(`${about} doesn't have tag placeholder`);
  if (!keys.tag && used.includes('tag')) section.fail(`${about} has tag placeholders, but chunk key 'tag' is not configured`);
  const fields = used.filter((key) => key !== 'tag' && key !== 'chunk_id');
  const [missing, unknown] = [keys.fields.filter((key) => !fields.includes(key)), fields.filter((key) => !keys.fields.includes(key))];
  if (missing.length > 0) section.fail(`${about} doesn't have enough placeholders for keys ${missing.sort().join(',')}`);
  if (unknown.length > 0) section.fail(`${about} has placeholders, but chunk keys doesn't have keys ${unknown.sort().join(',')}`);
}

