// Writes what cells printed into the lesson.
import type { CellResult } from '../cells/run.ts';
import { type Lesson, cellsOf } from '../lesson/lesson.ts';

/** The lesson's text with every `output` fence as its cell prints now. What a cell says that stopped unasked is not written. */
export function withOutputs(lesson: Lesson, results: CellResult[]): string {
  const lines = lesson.text.replace(/\r\n/g, '\n').split('\n');
  const cells = cellsOf(lesson);
  for (let i = cells.length - 1; i >= 0; i--) {
    const { output, end, exercise, throws } = cells[i]!;
    const { output: printed, error, endless, died, refused } = results[i]!;
    if (exercise || endless || died || (!throws && (error || refused))) continue;
    const fence = printed === '' ? [] : fenced(printed);
    if (output) lines.splice(output.from - 1, output.to - output.from + 1, ...fence);
    else if (fence.length > 0) lines.splice(end, 0, '', ...fence);
    // A fence that goes takes the empty line before it along.
    if (output && fence.length === 0 && lines[output.from - 2] === '') lines.splice(output.from - 2, 1);
  }
  return lines.join('\n');
}

function fenced(text: string): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/^ {0,3}(`{3,})/gm)].map((match) => match[1]!.length));
  const mark = '`'.repeat(longest + 1);
  return [`${mark}output`, ...text.split('\n'), mark];
}
