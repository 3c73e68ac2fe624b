// Writes notebooks, and never over a learner's work.
import { createHash } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../files.ts';
import type { Lesson } from '../lesson/lesson.ts';
import { readIfThere } from '../project.ts';
import { linkPackages } from './link.ts';
import { type Notebook, notebookText } from './nbformat.ts';
import { type NotebookOptions, toNotebook } from './to-notebook.ts';

export interface ExportOptions extends NotebookOptions {
  folder: string;
  /** Writes also over edited notebooks; what was there is kept beside it. */
  force?: boolean;
}

export interface Exported {
  lesson: string;
  file: string;
  /** `kept`: the learner edited it and the lesson has changed since, so it was left alone. */
  state: 'written' | 'unchanged' | 'edited' | 'kept';
  /** Where the former one lies now. */
  backup?: string;
}

export function exportNotebooks(lessons: Lesson[], { folder, force = false, ...options }: ExportOptions): Exported[] {
  linkPackages(folder);
  const stateFile = join(folder, '.kubook.json');
  const state = readState(stateFile);
  const exported = lessons.map((lesson) => {
    const notebook = toNotebook(lesson, options);
    const name = `${lesson.slug}.ipynb`;
    const done = exportOne(notebook, { file: join(folder, name), before: state[name], force });
    if (done.state === 'written' || done.state === 'unchanged') state[name] = fingerprint(notebook);
    return { lesson: lesson.id, ...done };
  });
  writeWhole(stateFile, `${JSON.stringify(state, null, 2)}\n`);
  return exported;
}

function exportOne(notebook: Notebook, { file, before, force }: { file: string; before: string | undefined; force: boolean }): Omit<Exported, 'lesson'> {
  const there = readIfThere(file);
  const fresh = fingerprint(notebook);
  const now = there === undefined ? undefined : fingerprintOf(there);
  if (now === fresh) return { file, state: 'unchanged' };
  const edited = there !== undefined && now !== before;
  if (edited && !force) return { file, state: before === fresh ? 'edited' : 'kept' };
  const backup = edited ? freeName(file) : undefined;
  if (backup) renameSync(file, backup);
  writeWhole(file, notebookText(notebook));
  return { file, state: 'written', ...(backup && { backup }) };
}

function freeName(file: string): string {
  for (let n = 1; ; n++) {
    const name = file.replace(/\.ipynb$/, `.backup-${n}.ipynb`);
    if (!existsSync(name)) return name;
  }
}

/** Of what a learner can edit: running cells changes outputs and counts, which is no edit. */
function fingerprint(notebook: Pick<Notebook, 'cells'>): string {
  const parts = notebook.cells.map(({ cell_type, id, source }) => [cell_type, id, Array.isArray(source) ? source.join('') : source]);
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function fingerprintOf(text: string): string {
  try {
    return fingerprint(JSON.parse(text));
  } catch {
    return 'unreadable';
  }
}

function readState(file: string): Record<string, string> {
  try {
    return JSON.parse(readIfThere(file) ?? '{}');
  } catch {
    return {};
  }
}
