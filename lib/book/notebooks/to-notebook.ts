import type { Cell, Lesson, Part } from '../lesson/lesson.ts';
import { findSources } from '../lesson/source.ts';
import { codeCell, kernelMetadata, markdownCell, type Notebook, type NotebookCell } from './nbformat.ts';

export interface NotebookOptions {
  /** The code of a solution, which then stands in its exercise's cell. */
  solution?(id: string): string | undefined;
}

/** A lesson as a notebook. A cell's id comes from the lesson and its place, an exercise's from its name. */
export function toNotebook(lesson: Lesson, { solution = () => undefined }: NotebookOptions = {}): Notebook {
  let [texts, codes] = [0, 0];
  const cells: NotebookCell[] = [markdownCell(`${lesson.id}-head`, heading(lesson))];
  let pending: string[] = [];
  const flush = () => {
    if (pending.length > 0) cells.push(markdownCell(`${lesson.id}-text-${++texts}`, pending.join('\n\n')));
    pending = [];
  };
  for (const part of lesson.parts) {
    if (part.kind !== 'cell') {
      pending.push(shown(part));
      continue;
    }
    flush();
    const id = part.exercise ? exerciseCellId(lesson.id, part.exercise.id) : `${lesson.id}-code-${++codes}`;
    cells.push(toCodeCell(id, part, solution));
  }
  flush();
  return { cells, metadata: { ...kernelMetadata, kubook: { lesson: lesson.id } }, nbformat: 4, nbformat_minor: 5 };
}

function exerciseCellId(lesson: string, exercise: string): string {
  return `${lesson}-exercise-${exercise}`.slice(0, 64);
}

function toCodeCell(id: string, { code, exercise }: Cell, solution: (id: string) => string | undefined): NotebookCell {
  if (!exercise) return codeCell(id, code);
  return codeCell(id, solution(exercise.id) ?? code, {
    kubook: { exercise: exercise.id, points: exercise.points },
    nbgrader: { schema_version: 3, grade: false, locked: false, solution: true, task: false, grade_id: exercise.id, cell_type: 'code' },
  });
}

function shown(part: Exclude<Part, Cell>): string {
  if (part.kind === 'prose') return leftAligned(part.text);
  const [found] = findSources(part.name);
  return `\`${found?.file ?? part.name}\`\n\n\`\`\`typescript\n${found?.code ?? ''}\n\`\`\``;
}

/** Jupyter sets a table's columns to the right unless they say otherwise. */
function leftAligned(text: string): string {
  return text.replace(/^\|(?: *-+ *\|)+$/gm, (row) => row.replace(/-+/g, ':--'));
}

function heading({ id, title, goal, minutes }: Lesson): string {
  return [
    `# ${id} ${title}`,
    `**목표.** ${goal} (약 ${minutes}분)`,
    '> 위에서부터 차례로 Shift+Enter를 눌러 셀을 실행한다. 셀이 끝나지 않으면 위쪽의 ■(중단)을 누르고, 그래도 멈추지 않으면 ↻(커널 다시 시작)을 누른 뒤 처음부터 다시 실행한다.',
  ].join('\n\n');
}
