// Where chunks lie: in memory, where they end with the process, or in files that outlive it (lib/fluent/plugin/buf_file.rb).
// Differs from Fluentd: what is no text is kept as JSON, not as MessagePack, and so is the file beside it with the metadata.
import { type FileView, splitPath } from '../../../../machine/index.ts';
import type { Section } from '../config/section.ts';
import { type Chunk, type Metadata, newChunk } from './chunk.ts';

export type State = 'staged' | 'queued';

export interface Store {
  /** Outlives the process: by default it is not flushed when Fluentd stops. */
  readonly persistent: boolean;
  /** After something was written into the chunk, or it went from the stage into the queue. */
  keep(chunk: Chunk, state: State): void;
  remove(chunk: Chunk): void;
  /** What an earlier process left, the oldest first. */
  resume(): { chunk: Chunk; state: State }[];
}

export const inMemory: Store = { persistent: false, keep: () => {}, remove: () => {}, resume: () => [] };

interface Meta extends Metadata {
  id: string;
  size: number;
  bytes: number;
  createdAt: number;
}

/** `path` as it is configured: a directory, or `/x/name.*.log`. */
export function inFiles(files: FileView, { path, suffix, formatted }: { path: string; suffix: string; formatted: boolean }): Store {
  const pattern = patternOf(files, path, suffix);
  const [before, after] = pattern.split('.*.') as [string, string];
  const [folder, prefix] = splitPath(`${before}.`);
  const nameOf = (id: string, state: State) => `${before}.${state === 'staged' ? 'b' : 'q'}${id}.${after}`;
  return {
    persistent: true,
    keep(chunk, state) {
      files.makeDirectories(folder);
      const name = nameOf(chunk.id, state);
      const former = nameOf(chunk.id, 'staged');
      if (state === 'queued' && files.find(former)) for (const end of ['', '.meta']) files.rename(former + end, name + end);
      files.write(name, formatted ? chunk.text : chunk.events.map((event) => `${JSON.stringify(event)}\n`).join(''), 0o644);
      const { id, size, bytes, createdAt, metadata } = chunk;
      files.write(`${name}.meta`, JSON.stringify({ ...metadata, id, size, bytes, createdAt } satisfies Meta), 0o644);
    },
    remove(chunk) {
      for (const state of ['staged', 'queued'] as const) for (const end of ['', '.meta']) if (files.find(nameOf(chunk.id, state) + end)) files.remove(nameOf(chunk.id, state) + end);
    },
    resume() {
      if (!files.isDirectory(folder)) return [];
      const names = files.list(folder).filter((name) => name.startsWith(prefix) && /^[bq][0-9a-f]+\./.test(name.slice(prefix.length)) && name.endsWith(`.${after}`));
      const found = names.flatMap((name) => {
        const chunk = read(files, `${folder}/${name}`, formatted);
        return chunk ? [{ chunk, state: (name[prefix.length] === 'b' ? 'staged' : 'queued') as State }] : [];
      });
      return found.sort((a, b) => a.chunk.createdAt - b.chunk.createdAt || (a.chunk.id < b.chunk.id ? -1 : 1));
    },
  };
}

function patternOf(files: FileView, path: string, suffix: string): string {
  const directory = files.find(path) ? files.isDirectory(path) : !path.includes('.*');
  if (directory) return `${path.replace(/\/$/, '')}/buffer.*${suffix}`;
  const [, name] = splitPath(path);
  return name.includes('.*.') ? path : name.endsWith('.*') ? path + suffix : `${path}.*${suffix}`;
}

function read(files: FileView, path: string, formatted: boolean): Chunk | undefined {
  const [text, about] = [files.read(path), files.read(`${path}.meta`)];
  if (!text || !about) return undefined;
  const { id, size, bytes, createdAt, ...metadata } = JSON.parse(about) as Meta;
  const chunk = newChunk(id, metadata, createdAt);
  return Object.assign(chunk, { size, bytes }, formatted ? { text } : { events: text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Chunk['events'][number]) });
}

/** By `@type` and `path` of a <buffer>. */
export function bufferPath(section: Section, otherwise?: string): string {
  return section.text('path') ?? otherwise ?? section.fail("buffer path is not configured. specify 'path' in <buffer>");
}
