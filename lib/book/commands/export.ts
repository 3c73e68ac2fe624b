import { join, relative, resolve } from 'node:path';
import { loadLessons } from '../lesson/load.ts';
import { type Exported, exportNotebooks } from '../notebooks/export.ts';
import { solutionCode } from '../notebooks/solutions.ts';
import { say, sayJson } from '../terminal.ts';
import { sound } from './context.ts';

export interface ExportFlags {
  out: string;
  solutions?: boolean;
  force?: boolean;
  json?: boolean;
}

export function exportAll({ out, solutions = false, force = false, json = false }: ExportFlags): boolean {
  const folder = solutions && out === 'notebooks' ? join('notebooks', 'solutions') : out;
  const done = exportNotebooks(sound(loadLessons()), { folder: resolve(folder), force, ...(solutions && { solution: solutionCode }) });
  if (json) sayJson({ notebooks: done });
  else for (const line of done.map(exportedText)) say(line);
  return true;
}

export function exportedText({ file, state, backup }: Exported): string {
  const name = relative(process.cwd(), file) || file;
  if (state === 'written') return backup ? `${name}: 새로 썼다. 고쳤던 것은 ${relative(process.cwd(), backup)}에 있다.` : `${name}: 썼다.`;
  if (state === 'kept') return `${name}: 고친 노트북이라 그대로 두었다. 수업이 바뀌었으니 새로 받으려면 kubook export --force (고친 것은 옆에 남는다).`;
  return state === 'edited' ? `${name}: 고친 노트북이라 그대로 두었다.` : `${name}: 바뀐 것이 없다.`;
}
