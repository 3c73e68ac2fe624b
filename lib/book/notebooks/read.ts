// Reads a notebook that came from anywhere, and finds the answers in it.
import { readFileSync, statSync } from 'node:fs';
import { analyse, exerciseCalls } from '../cells/analyse.ts';

export interface Found {
  id: string;
  code: string;
  /** The cell's place in the notebook, from 1. */
  cell: number;
}

export interface ReadNotebook {
  /** `L02`, as the export noted it. */
  lesson: string | undefined;
  /** The import lines of all code cells. */
  imports: string[];
  answers: Found[];
  /** Ids that stand in more than one cell: the last one counts. */
  repeated: string[];
  /** Exercise cells (by their metadata) that call no exercise any more. */
  lost: { id: string; cell: number }[];
}

/** Korean message and next step. */
export class NotebookError extends Error {
  constructor(
    message: string,
    readonly next: string,
  ) {
    super(message);
  }
}

const sizeLimit = 50 * 1024 * 1024;
const codeLimit = 200_000;

export function readNotebook(file: string): ReadNotebook {
  const notebook = parse(readText(file), file);
  const cells = cellsOf(notebook, file);
  const imports = cells.flatMap((cell) => (cell.cell_type === 'code' ? importLines(codeOf(cell)) : []));
  return { lesson: lessonOf(notebook), imports: [...new Set(imports)], ...findAnswers(cells) };
}

function lessonOf(notebook: unknown): string | undefined {
  const id = (notebook as { metadata?: { kubook?: { lesson?: unknown } } }).metadata?.kubook?.lesson;
  return typeof id === 'string' && /^L\d\d$/.test(id) ? id : undefined;
}

function codeOf({ source }: RawCell): string {
  return Array.isArray(source) ? source.join('') : typeof source === 'string' ? source : '';
}

/** An answer runs alone, with the imports of its notebook before it. */
export function importLines(code: string): string[] {
  return code.includes('import') && code.length <= codeLimit ? analyse(code).imports.map(({ text }) => text) : [];
}

function readText(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw new NotebookError(`'${file}' 파일이 없다.`, '경로를 확인한다. 노트북은 보통 notebooks/ 에 있다.');
  if (!found.isFile()) throw new NotebookError(`파일이 아니다: '${file}'`, '.ipynb 파일 하나를 준다.');
  if (found.size > sizeLimit) throw new NotebookError(`'${file}' 파일이 너무 크다 (${Math.round(found.size / 1024 / 1024)} MB, 한도 50 MB).`, "Jupyter에서 'Clear All Outputs'로 출력을 지우고 저장한 뒤 다시 채점한다.");
  const bytes = readFileSync(file);
  if (bytes.length === 0) throw new NotebookError(`'${file}' 파일이 비어 있다.`, 'Jupyter에서 저장한 파일인지 확인한다.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new NotebookError(`'${file}'의 글자가 UTF-8이 아니다.`, 'Jupyter에서 다시 저장한다.');
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const why = /^\s*[{[]/.test(text) ? '중간에 끊겼거나 깨진 노트북이다' : '노트북(JSON)이 아니다';
    throw new NotebookError(`'${file}' 파일을 읽을 수 없다: ${why}.`, 'Jupyter에서 열리는지 보고 다시 저장한다. 열리지 않으면 kubook export로 새로 받는다.');
  }
}

interface RawCell {
  cell_type?: unknown;
  source?: unknown;
  metadata?: { kubook?: { exercise?: unknown }; nbgrader?: { grade_id?: unknown } };
}

function cellsOf(notebook: unknown, file: string): RawCell[] {
  const cells = isObject(notebook) ? notebook.cells : undefined;
  if (!Array.isArray(cells)) throw new NotebookError(`'${file}'에 셀이 없다: 노트북 형식이 아니다.`, 'nbformat 4의 .ipynb 파일을 준다.');
  return cells.filter(isObject) as RawCell[];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** By the id in the call itself, wherever the cell stands: cells are moved, copied and lose their metadata. */
function findAnswers(cells: RawCell[]): Omit<ReadNotebook, 'lesson' | 'imports'> {
  const answers = new Map<string, Found>();
  const repeated = new Set<string>();
  const lost: ReadNotebook['lost'] = [];
  cells.forEach((cell, i) => {
    if (cell.cell_type !== 'code') return;
    const code = codeOf(cell);
    if (code.length > codeLimit) throw new NotebookError(`${i + 1}번째 셀의 코드가 너무 길다.`, '셀의 내용을 확인한다.');
    const ids = code.includes('exercise') ? exerciseCalls(code) : [];
    const meant = cell.metadata?.kubook?.exercise ?? cell.metadata?.nbgrader?.grade_id;
    if (ids.length === 0 && typeof meant === 'string') lost.push({ id: meant, cell: i + 1 });
    for (const id of ids) {
      if (answers.has(id)) repeated.add(id);
      answers.set(id, { id, code, cell: i + 1 });
    }
  });
  return { answers: [...answers.values()], repeated: [...repeated], lost: lost.filter(({ id }) => !answers.has(id)) };
}
