// in_tail: follows files and makes an event of every line.
import { FileError } from '../../../../../machine/index.ts';
import { BufferOverflow, type Event, PluginError } from '../../event.ts';
import { glob } from '../../glob.ts';
import { parserOf } from '../../parsers.ts';
import { about, type Made, type Plugin } from '../../plugin.ts';
import { formatTime } from '../../time.ts';
import { PositionFile } from './position-file.ts';
import { TailedFile } from './tailed-file.ts';

interface TailConfig {
  paths: readonly string[];
  excluded: readonly string[];
  tag: string;
  posFile: string | undefined;
  fromHead: boolean;
  refresh: number;
  rotateWait: number;
  pathKey: string | undefined;
  unmatched: boolean;
  quiet: boolean;
  parse: ReturnType<typeof parserOf>;
}

function configOf({ section, engine }: Made): TailConfig {
  const parse = section.section('parse') ?? section.fail('<parse> section is required.');
  parse.element.attributes.set('unmatched_lines', section.element.get('emit_unmatched_lines'));
  parse.element.used.add('unmatched_lines');
  const path = section.required('path');
  const config: TailConfig = {
    paths: [...new Set(path.split(section.text('path_delimiter', ',')).map((one) => one.trim()))],
    tag: section.required('tag'),
    excluded: section.array('exclude_path'),
    posFile: section.text('pos_file'),
    fromHead: section.bool('read_from_head', false),
    refresh: section.time('refresh_interval', 60_000),
    rotateWait: section.time('rotate_wait', 5000),
    pathKey: section.text('path_key'),
    unmatched: section.bool('emit_unmatched_lines', false),
    quiet: section.bool('ignore_repeated_permission_error', false),
    parse: parserOf(parse, { extra: engine.extra }),
  };
  for (const name of ['enable_watch_timer', 'enable_stat_watcher', 'follow_inodes', 'open_on_every_update', 'skip_refresh_on_startup', 'limit_recently_modified', 'read_lines_limit', 'encoding']) section.element.used.add(name);
  return config;
}

export function tail(made: Made): Plugin {
  const config = configOf(made);
  const { engine } = made;
  if (config.posFile === undefined) {
    engine.log.warn("'pos_file PATH' parameter is not set to a 'tail' source.");
    engine.log.warn('this parameter is highly recommended to save the position to resume tailing.');
  }
  const input = new TailInput(made, config);
  return { kind: 'input', ...about(made), start: () => input.start(), shutdown: () => input.shutdown(), info: () => ({ tracked_file_count: input.count }) };
}

class TailInput {
  readonly #made: Made;
  readonly #config: TailConfig;
  readonly #tails = new Map<string, TailedFile>();
  readonly #unreadable = new Set<string>();
  #positions!: PositionFile;
  #started = false;

  constructor(made: Made, config: TailConfig) {
    this.#made = made;
    this.#config = config;
  }

  get count(): number {
    return this.#tails.size;
  }

  start(): void {
    const { engine } = this.#made;
    const targets = new Set(this.#targets());
    try {
      this.#positions = new PositionFile(engine.process.files, this.#config.posFile, (path) => targets.has(path));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new PluginError(error.message === 'Permission denied' ? 'Errno::EACCES' : 'SystemCallError', `${error.message} @ rb_sysopen - ${this.#config.posFile}`);
    }
    this.#follow([...targets]);
    this.#started = true;
    const refresh = (): void => {
      this.#refresh();
      engine.after(this.#config.refresh, refresh);
    };
    const look = (): void => {
      if (!engine.blocked) for (const one of [...this.#tails.values()]) one.look();
      engine.after(1000, look);
    };
    engine.after(this.#config.refresh, refresh);
    engine.after(1000, look);
  }

  /** Files that are there and may be read. */
  #targets(): string[] {
    const { files, clock } = this.#made.engine.process;
    const dated = (path: string) => formatTime(clock.now, path);
    const expand = (path: string) => (path.includes('*') ? glob(files, path) : [path]);
    const excluded = new Set(this.#config.excluded.map(dated).flatMap(expand));
    const paths = this.#config.paths.map(dated).flatMap((path) => (path.includes('*') ? glob(files, path).filter((one) => this.#readable(one)) : [path]));
    return [...new Set(paths)].filter((path) => !excluded.has(path) && files.find(path)?.kind === 'file');
  }

  #readable(path: string): boolean {
    const { log, process } = this.#made.engine;
    if (this.#tails.has(path)) return true;
    const node = process.files.find(path);
    if (node?.kind !== 'file') return false;
    if (process.files.read(path) !== undefined) return true;
    if (!this.#unreadable.has(path)) log.warn(`${path} unreadable. It is excluded and would be examined next time.`);
    if (this.#config.quiet) this.#unreadable.add(path);
    return false;
  }

  #refresh(): void {
    const targets = new Set(this.#targets());
    for (const [path, one] of this.#tails) {
      if (targets.has(path)) continue;
      one.read();
      this.#tails.delete(path);
      this.#positions.unwatch(path);
    }
    this.#follow([...targets].filter((path) => !this.#tails.has(path)));
  }

  #follow(paths: readonly string[]): void {
    for (const path of paths) {
      const file = this.#open(path);
      this.#tails.set(path, file);
      file.read();
    }
  }

  #open(path: string): TailedFile {
    const { engine } = this.#made;
    // What came after the start is read from its beginning.
    const fromHead = this.#started || this.#config.fromHead;
    engine.log.info(`following tail of ${path}`);
    return new TailedFile({
      path,
      files: engine.process.files,
      now: () => engine.process.clock.now,
      from: ({ inode, size }) => {
        const known = this.#positions.get(path);
        if (!known || known.inode === 0) return fromHead ? 0 : size;
        return known.inode === inode && known.at <= size ? known.at : 0;
      },
      take: (lines) => this.#take(path, lines),
      reached: (position) => this.#positions.set(path, position),
      rotated: () => this.#rotated(path),
    });
  }

  #rotated(path: string): void {
    const { engine } = this.#made;
    const old = this.#tails.get(path)!;
    engine.log.info(`detected rotation of ${path}; waiting ${this.#config.rotateWait / 1000} seconds`);
    engine.after(this.#config.rotateWait, () => old.read());
    if (engine.process.files.find(path)?.kind !== 'file') return;
    engine.log.info(`following tail of ${path}`);
    const next = old.reopen();
    this.#tails.set(path, next);
    next.read();
  }

  #take(path: string, lines: readonly string[]): boolean {
    const { engine, router } = this.#made;
    if (engine.blocked) return false;
    const events = lines.flatMap((line) => this.#parse(path, line));
    if (events.length === 0) return true;
    try {
      router.emit(tagOf(this.#config.tag, path), events);
    } catch (error) {
      // There is no room: the lines are read again. Of other errors nothing can be saved.
      if (!(error instanceof PluginError)) throw error;
      return !(error instanceof BufferOverflow);
    }
    return true;
  }

  #parse(path: string, line: string): Event[] {
    const { log, process } = this.#made.engine;
    const { parse, pathKey, unmatched } = this.#config;
    const withPath = (record: Event['record']) => (pathKey && !(pathKey in record) ? { ...record, [pathKey]: path } : record);
    try {
      const event = parse(line, process.clock.now);
      if (event) return [{ time: event.time, record: withPath(event.record) }];
      log.warn(`pattern not matched: ${JSON.stringify(line)}`);
      return unmatched ? [{ time: process.clock.now, record: withPath({ unmatched_line: line }) }] : [];
    } catch (error) {
      if (!(error instanceof PluginError)) throw error;
      log.warn('invalid line found', { file: path, line, error: error.message });
      return [];
    }
  }

  /** What is left of the lines goes out first. */
  shutdown(): void {
    for (const one of this.#tails.values()) one.look();
  }
}

/** `kubernetes.*`: the path, with points instead of slashes, in the place of the star. */
function tagOf(tag: string, path: string): string {
  if (!tag.includes('*')) return tag;
  const [before = '', after = ''] = tag.split('*');
  return before + path.replace(/\/+/g, '.').replace(/^\./, '') + after;
}

