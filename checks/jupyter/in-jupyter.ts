// Lessons in real Jupyter: each cell prints what the runner says it prints.
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { runCells } from '../../lib/book/cells/run.ts';
import { checkTypes } from '../../lib/book/cells/types.ts';
import { cellsOf, type Lesson, type Part as LessonPart } from '../../lib/book/lesson/lesson.ts';
import { loadFile, loadLessons } from '../../lib/book/lesson/load.ts';
import { exportNotebooks } from '../../lib/book/notebooks/export.ts';
import { jupyterPath, writeKernelspec } from '../../lib/book/notebooks/kernel.ts';
import { solutionCode } from '../../lib/book/notebooks/solutions.ts';
import { temporaryFolder } from '../book/fixture-book.ts';
import { withoutStacks } from '../book/tslab.ts';

/** The Python that has Jupyter's client: Debian's own stands beside others. */
export const python = ['/usr/bin/python3', 'python3'].find((path) => spawnSync(path, ['-c', 'import nbclient, nbformat, ipykernel']).status === 0);
if (!python) console.log('NOTE Jupyter (python3-nbclient) is not installed: nothing was run in it');

interface Printed {
  id: string;
  text: string;
  others: string[];
  errors: string[];
}

async function runInJupyter(files: string[]): Promise<Printed[][]> {
  const { stdout } = await promisify(execFile)(python!, [join(import.meta.dirname, 'execute.py'), ...files], { env: { ...process.env, JUPYTER_PATH: jupyterPath }, maxBuffer: 1 << 26 });
  return stdout.trim().split('\n').map((line) => JSON.parse(line));
}

/** One in `parts` of the lessons, so that no file of tests takes for ever. */
export interface Part {
  part: number;
  parts: number;
}

/** Each exercise as shipped and, in a cell after it, solved. */
function withSolutions(lesson: Lesson): Lesson {
  const parts = lesson.parts.flatMap((part): LessonPart[] => {
    const code = part.kind === 'cell' && part.exercise && solutionCode(part.exercise.id);
    return code ? [part, { kind: 'cell', code, line: part.line, end: part.end }] : [part];
  });
  return { ...lesson, parts };
}

/** Says `test` how to look at a part of the lessons; nothing without Jupyter. */
export function lessonsInJupyter(test: (name: string, run: () => Promise<void>) => void, { part, parts }: Part): void {
  if (!python) return;
  test('lessons, as shipped and solved, print in Jupyter what they print here', async () => {
    const fixtures = ['semantics.md', '98-sample.md'].map((name) => loadFile(join(import.meta.dirname, '../book/fixtures', name)));
    const all = [...loadLessons(), ...fixtures].map(({ lesson }) => withSolutions(lesson));
    const lessons = all.filter((_, i) => i % parts === part);
    const files = exportNotebooks(lessons, { folder: temporaryFolder() }).map(({ file }) => file);
    writeKernelspec();
    const printed = await runInJupyter(files);
    for (const [i, lesson] of lessons.entries()) {
      const codes = cellsOf(lesson).map(({ code }) => code);
      const results = await runCells(codes, { messages: checkTypes([codes])[0]! });
      for (const [at, { id, text, errors }] of printed[i]!.entries()) {
        const same = lesson.id === 'L99' ? withoutStacks : (output: string) => output;
        assert.is(same(text.replace(/\n$/, '')), same(results[at]!.output), `${lesson.file} ${id}`);
        assert.equal(errors, [], id);
      }
    }
  });
}
