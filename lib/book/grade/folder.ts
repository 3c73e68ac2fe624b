// The notebooks of a class, and what is kept of each while they are graded: a run that was cut off goes on where it stopped.
import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeWhole } from '../files.ts';
import { makeFolder } from '../make-folder.ts';
import { readIfThere, root } from '../project.ts';
import type { GradedNotebook } from './notebook.ts';

export interface Handed {
  file: string;
  /** What tells it from the others: its path below the folder that was named. */
  name: string;
}

/** All notebooks in folders, at any depth, and those named one by one; each once, in the order of their names. */
export function handedIn(paths: string[]): Handed[] {
  const found = new Map<string, Handed>();
  for (const path of paths) {
    const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
    for (const name of folder ? notebooksIn(path) : [basename(path)]) found.set(name, { name: name.replace(/\.ipynb$/, ''), file: folder ? join(path, name) : path });
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name, 'ko', { numeric: true }));
}

function notebooksIn(folder: string, below = ''): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
    if (entry.isDirectory()) return notebooksIn(folder, join(below, entry.name));
    return entry.isFile() && entry.name.endsWith('.ipynb') ? [join(below, entry.name)] : [];
  });
}

export interface Entry extends GradedNotebook {
  name: string;
  lesson?: string | undefined;
  /** Of the file, and of the book that graded it. */
  hash: string;
  /** Why it could not be read: Korean. */
  unreadable?: string;
}

export interface Journal {
  /** The same for everybody, and for the run that goes on. */
  seeds: number[];
  /** What was said of just this file by just this book. */
  find(hash: string, name: string): Entry | undefined;
  add(entry: Entry): void;
}

export function openJournal(folder: string, seeds: number[]): Journal {
  makeFolder(folder);
  const file = join(folder, 'kubook.jsonl');
  const [first, ...lines] = (readIfThere(file) ?? '').split('\n').flatMap(parsed);
  const kept = first as { seeds?: number[] } | undefined;
  if (!kept?.seeds) writeWhole(file, `${JSON.stringify({ seeds })}\n`);
  const entries = new Map((lines as Entry[]).map((entry) => [`${entry.hash}/${entry.name}`, entry]));
  return {
    seeds: kept?.seeds ?? seeds,
    find: (hash, name) => entries.get(`${hash}/${name}`),
    add: (entry) => appendFileSync(file, `${JSON.stringify(entry)}\n`),
  };
}

/** A line that was cut off is none. */
function parsed(line: string): unknown[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

let book: string | undefined;

export function hashOf(file: string): string {
  book ??= createHash('sha256').update(readFileSync(join(root, 'dist', 'library.cjs'))).digest('hex');
  return createHash('sha256').update(book).update(readFileSync(file)).digest('hex');
}
