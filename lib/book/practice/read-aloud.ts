// A lesson as text in a terminal.
import { wrap } from '../columns.ts';
import type { Lesson, Part } from '../lesson/lesson.ts';
import { findSources } from '../lesson/source.ts';
import { paint } from '../terminal.ts';

export function lessonTitle({ id, title, goal, minutes }: Lesson): string {
  return `${paint.bold(`${id} ${title}`)}\n${paint.dim(`목표: ${goal} (약 ${minutes}분)`)}`;
}

/** The lesson from its beginning to a line, with what its cells print. */
export function lessonUpTo(lesson: Lesson, line: number): string {
  return lesson.parts
    .filter((part) => part.line < line)
    .map(partText)
    .join('\n\n');
}

/** The prose that leads to a line: from the last heading on. */
export function sectionBefore(lesson: Lesson, line: number): string {
  const before = lesson.parts.filter((part) => part.line < line);
  const headed = before.filter((part) => part.kind === 'prose' && /^#{1,3} /m.test(part.text)).at(-1);
  const section = headed ? before.slice(before.indexOf(headed)) : before;
  const [first] = section;
  if (first?.kind !== 'prose') return section.map(partText).join('\n\n');
  const heading = [...first.text.matchAll(/^#{1,3} /gm)].at(-1)?.index ?? 0;
  return [{ ...first, text: first.text.slice(heading) }, ...section.slice(1)].map(partText).join('\n\n');
}

function partText(part: Part): string {
  if (part.kind === 'prose') return wrapped(part.text).replace(/^#{1,6} (.+)$/gm, (_, title: string) => paint.bold(title)).replace(/\*\*(.+?)\*\*/gs, (_, text: string) => paint.bold(text));
  if (part.kind === 'source') return indent(findSources(part.name)[0]?.code ?? '');
  const printed = part.output ? `\n${indent(part.output.text, paint.dim)}` : '';
  return indent(part.code, paint.cyan) + printed;
}

/** Korean broken in the middle of a word is hard to read: on a terminal sentences end their lines at a space. Tables and fences keep theirs. */
function wrapped(text: string): string {
  const width = Math.min(process.stdout.columns ?? Infinity, 100) - 1;
  if (!process.stdout.isTTY) return text;
  let fenced = false;
  return text
    .split('\n')
    .flatMap((line) => {
      if (line.startsWith('```')) fenced = !fenced;
      return fenced || /^[|#]/.test(line) ? line : wrap(line, width);
    })
    .join('\n');
}

function indent(text: string, colour: (text: string) => string = (same) => same): string {
  return text
    .split('\n')
    .map((line) => `    ${line && colour(line)}`.trimEnd())
    .join('\n');
}
