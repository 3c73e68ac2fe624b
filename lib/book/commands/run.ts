import { runCells } from '../cells/run.ts';
import { checkTypes } from '../cells/types.ts';
import { loadLessons } from '../lesson/load.ts';
import { cellsOf } from '../lesson/lesson.ts';
import { paint, say } from '../terminal.ts';
import { sound } from './context.ts';

/** Prints each cell and what it prints, while it runs. True when every cell ran to its end. */
export async function run(name: string): Promise<boolean> {
  const [lesson] = sound(loadLessons([name]));
  const cells = cellsOf(lesson!);
  const codes = cells.map((cell) => cell.code);
  const [messages] = checkTypes([codes]);
  say(paint.bold(`${lesson!.id} ${lesson!.title}`));
  let shown = -1;
  const show = (to: number) => {
    while (shown < to) say(`\n${paint.dim(`── ${lesson!.file}:${cells[++shown]!.line} ──`)}\n${paint.cyan(codes[shown]!)}\n`);
  };
  const results = await runCells(codes, {
    messages: messages!,
    onBegin: show,
    onText(cell, text) {
      show(cell);
      process.stdout.write(text);
    },
  });
  const stopped = results.findIndex((result, i) => (result.endless || result.died || result.error || result.refused) && !cells[i]!.throws);
  if (stopped >= 0) say(paint.red(`\n${lesson!.file}:${cells[stopped]!.line} 셀이 ${results[stopped]!.endless ? '끝나지 않아 멈췄다' : '오류로 멈췄다'}.`));
  return stopped < 0;
}
