// out_file: writes chunks into files by time, and secondary_file: what could not be written elsewhere.
import { splitPath } from '../../../../../machine/index.ts';
import type { Sink } from '../../buffer/buffered-output.ts';
import type { BufferConfig } from '../../buffer/config.ts';
import { PluginError } from '../../event.ts';
import { formatterOf } from '../../formatters.ts';
import { checkPlaceholders, fill } from '../../placeholders.ts';
import type { Made } from '../../plugin.ts';

function timeFormat(timekey: number | undefined): string {
  if (timekey === undefined) return '';
  const seconds = timekey / 1000;
  return seconds < 60 ? '%Y%m%d%H%M%S' : seconds < 3600 ? '%Y%m%d%H%M' : seconds < 86_400 ? '%Y%m%d%H' : '%Y%m%d';
}

/** `/x/name` → `/x/name.%Y%m%d_**.log`: `_**` is a number, so that each chunk has a file of its own; not where they are appended. */
function template(path: string, { timekey, append, suffix }: { timekey: number | undefined; append: boolean; suffix: string }): string {
  const time = timeFormat(timekey);
  const index = append ? '' : '_**';
  if (path.includes('*')) return path.replaceAll('*', time + index);
  if (!time || (time.match(/../g) ?? []).every((part) => path.includes(part))) return path + index + suffix;
  return `${path}.${time}${index}${suffix}`;
}

export function fileSink({ section, engine }: Made, keys: BufferConfig['keys']): Sink {
  const { process } = engine;
  const path = section.required('path');
  if (path.includes('*') && keys.timekey === undefined) section.fail("path including '*' must be used with buffer chunk key 'time'");
  const append = section.bool('append', false);
  const suffix = section.bool('add_path_suffix', true) ? section.text('path_suffix', '.log') : '';
  const pattern = template(path, { timekey: keys.timekey, append, suffix });
  checkPlaceholders(section, { name: 'path', text: pattern, keys });
  return {
    format: formatterOf(section, 'out_file', process.hostname),
    write(chunk) {
      const name = fill(pattern, chunk);
      const free = append ? name : freeName(name, (one) => process.files.find(one) !== undefined);
      return written(() => {
        process.files.makeDirectories(splitPath(free)[0]);
        process.files.write(free, (process.files.read(free) ?? '') + chunk.text, 0o644);
      });
    },
  };
}

export function secondaryFileSink({ section, engine }: Made): Sink {
  const { process } = engine;
  const pattern = `${section.required('directory')}/${section.text('basename', 'dump.bin')}${section.bool('append', false) ? '' : '.**'}`;
  return {
    write(chunk) {
      const name = freeName(fill(pattern, chunk), (one) => process.files.find(one) !== undefined);
      return written(() => {
        process.files.makeDirectories(splitPath(name)[0]);
        process.files.write(name, (process.files.read(name) ?? '') + (chunk.text || chunk.events.map((event) => `${JSON.stringify(event)}\n`).join('')), 0o644);
      });
    },
  };
}

function freeName(name: string, exists: (name: string) => boolean): string {
  if (!name.includes('**')) return name;
  let i = 0;
  while (exists(name.replace('**', String(i)))) i++;
  return name.replace('**', String(i));
}

function written(write: () => void) {
  try {
    write();
    return {};
  } catch (error) {
    const { message } = error as Error;
    return { error: new PluginError(message === 'Permission denied' ? 'Errno::EACCES' : 'SystemCallError', message) };
  }
}
