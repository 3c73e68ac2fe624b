// Does a lesson still hold? Its cells are type checked and run, and what they print is compared with what it says.
import { diffLines } from 'diff';
import { type CellMessage, analyse } from '../cells/analyse.ts';
import { CellProcesses } from '../cells/processes.ts';
import { type CellResult, type RunOptions, runCells } from '../cells/run.ts';
import { checkTypesApart } from '../cells/types-apart.ts';
import type { Loaded } from '../lesson/load.ts';
import { type Cell, type Lesson, cellsOf } from '../lesson/lesson.ts';
import { type Problem, problem } from '../lesson/problems.ts';
import { sourceProblems } from '../lesson/source.ts';
import { similar } from '../similar.ts';
import { inParallel } from './parallel.ts';

export interface Verified {
  lesson: Lesson;
  results: CellResult[];
  problems: Problem[];
}

export interface VerifyOptions {
  /** Points of every exercise that has checks. */
  exercises: Map<string, number>;
  kubook?: string;
  kubookTypes?: string;
  /** Milliseconds for one cell. */
  limit?: number;
  onLesson?(lesson: Lesson): void;
}

export async function verifyLessons(loaded: Loaded[], options: VerifyOptions): Promise<Verified[]> {
  const pool = new CellProcesses();
  try {
    return await verifyWith(pool, loaded, options);
  } finally {
    pool.close();
  }
}

async function verifyWith(pool: CellProcesses, loaded: Loaded[], options: VerifyOptions): Promise<Verified[]> {
  const codes = loaded.map(({ lesson }) => cellsOf(lesson).map((cell) => cell.code));
  const checking = checkTypesApart(codes, options.kubookTypes ? { kubook: options.kubookTypes } : {});
  const run: RunOptions = { pool, ...(options.kubook && { kubook: options.kubook }), ...(options.limit && { limit: options.limit }) };
  // The cells run while they are checked. A cell that the compiler refuses must not have run: its lesson runs once more.
  const ran = await inParallel(loaded, ({ lesson }, i) => {
    options.onLesson?.(lesson);
    return runCells(codes[i]!, run);
  });
  const checked = await checking;
  return inParallel(loaded, async ({ lesson, problems }, i) => {
    const messages = checked[i]!;
    const results = messages.every((cell) => cell.length === 0) ? ran[i]! : await runCells(codes[i]!, { ...run, messages });
    const found = cellsOf(lesson).flatMap((cell, at) => cellProblems(cell, results[at]!, { file: lesson.file, messages: messages[at]!, options }));
    const all = [...problems, ...sourceProblems(lesson), ...found].sort((a, b) => a.line - b.line);
    return { lesson, results, problems: all };
  });
}

interface Around {
  file: string;
  messages: CellMessage[];
  options: VerifyOptions;
}

function cellProblems(cell: Cell, result: CellResult, around: Around): Problem[] {
  const at = { file: around.file, line: cell.line };
  if (result.endless) return [problem('cell-endless', at, String((around.options.limit ?? 20_000) / 1000))];
  if (result.died) return [problem('cell-throws', at, '셀이 프로세스를 끝냈다.')];
  const broken = brokenProblem(cell, result, around);
  // A syntax error is worded differently in tslab, which adds lines of its own to a cell.
  if (broken && (!cell.throws || broken.code === 'cell-syntax')) return [broken];
  if (!broken && cell.throws) return [problem('cell-holds', at)];
  return cell.exercise ? exerciseProblems(cell, cell.exercise, result, around) : outputProblems(cell, result, around.file);
}

function brokenProblem(cell: Cell, { error }: CellResult, { file, messages }: Around): Problem | undefined {
  const shape = analyse(cell.code);
  const [code, first] = shape.messages[0] ? (['cell-syntax', shape.messages[0]] as const) : (['cell-types', messages[0]] as const);
  if (first) return problem(code, { file, line: cell.line + first.line }, first.text);
  if (error) return problem('cell-throws', { file, line: cell.line + (error.line ?? 0) }, `${error.name}: ${error.message}`);
}

function outputProblems(cell: Cell, { output }: CellResult, file: string): Problem[] {
  if (output === (cell.output?.text ?? '')) return [];
  if (!cell.output) return [{ ...problem('output-missing', { file, line: cell.line }), detail: difference('', output) }];
  const line = cell.output.from + 1 + firstDifference(cell.output.text, output);
  return [{ ...problem('output-differs', { file, line }), detail: difference(cell.output.text, output) }];
}

function firstDifference(a: string, b: string): number {
  const [left, right] = [a.split('\n'), b.split('\n')];
  const at = left.findIndex((line, i) => line !== right[i]);
  return at < 0 ? left.length : at;
}

/** `-` is what the lesson says, `+` what the cell printed. */
function difference(said: string, printed: string): string {
  const end = (text: string) => (text === '' ? '' : `${text}\n`);
  return diffLines(end(said), end(printed))
    .flatMap(({ value, added, removed }) => value.replace(/\n$/, '').split('\n').map((line) => `${added ? '+' : removed ? '-' : ' '} ${line}`))
    .join('\n');
}

function exerciseProblems(cell: Cell, { id, points }: { id: string; points: number }, result: CellResult, { file, options }: Around): Problem[] {
  const at = { file, line: cell.line };
  const known = options.exercises.get(id);
  if (known === undefined) return [problem('exercise-unknown', at, id, similar(id, [...options.exercises.keys()]) ?? '')];
  const problems: Problem[] = [];
  if (analyse(cell.code).exercise !== id) problems.push(problem('exercise-alone', at, id));
  if (known !== points) problems.push(problem('exercise-points', at, String(points), String(known)));
  if (result.reports.length === 0) problems.push(problem('exercise-silent', at, id));
  if (result.reports.some((report) => report.passed)) problems.push(problem('exercise-passes', at, id));
  return problems;
}
