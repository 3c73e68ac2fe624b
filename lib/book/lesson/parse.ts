// Markdown to lesson. Prose keeps its own lines, so that a notebook shows what was written.
import MarkdownIt from 'markdown-it';
import { readFrontMatter } from './front-matter.ts';
import type { Cell, Lesson, Part } from './lesson.ts';
import { type Problem, problem } from './problems.ts';

const markdown = new MarkdownIt('commonmark');
const shownOnly = ['yaml', 'text', 'json', 'bash', 'typescript', 'dockerfile', 'go', ''];
const special = ['ts', 'output', 'source'];

interface Fence {
  kind: string;
  words: string[];
  body: string;
  /** Lines from 1, marks included. */
  from: number;
  to: number;
}

export function parseLesson(text: string, file: string): { lesson: Lesson; problems: Problem[] } {
  const lines = text.replace(/\r\n/g, '\n').split('\n');
  const slug = file.replace(/^.*\//, '').replace(/\.md$/, '');
  const { matter, lines: skipped, problems } = readFrontMatter(lines, file);
  if (!/^\d{2}-[a-z0-9]+(-[a-z0-9]+)*$/.test(slug)) problems.push(problem('lesson-name', { file, line: 0 }, `${slug}.md`));
  const fences = findFences(lines, skipped, { file, problems });
  const parts = toParts(fences, lines, { skipped, file, problems });
  return { lesson: { ...matter, slug, file, text, parts }, problems: problems.sort((a, b) => a.line - b.line) };
}

interface Found {
  file: string;
  problems: Problem[];
}

function findFences(lines: string[], skipped: number, { file, problems }: Found): Fence[] {
  const fences: Fence[] = [];
  for (const token of markdown.parse(lines.slice(skipped).join('\n'), {})) {
    if (token.type !== 'fence' || !token.map) continue;
    const [from, to] = [token.map[0] + skipped + 1, token.map[1] + skipped];
    const [kind = '', ...words] = token.info.trim().split(/\s+/);
    const at = { file, line: from };
    if (!isClosed(lines[from - 1]!, lines[to - 1]!, to > from)) problems.push(problem('fence-open', at));
    if (!special.includes(kind)) {
      if (!shownOnly.includes(kind)) problems.push(problem('fence-unknown', at, token.info.trim()));
      continue;
    }
    if (token.level > 0) problems.push(problem('fence-nested', at, kind));
    else fences.push({ kind, words, body: token.content.replace(/\n$/, ''), from, to });
  }
  return fences;
}

function isClosed(first: string, last: string, several: boolean): boolean {
  const mark = /(`{3,}|~{3,})/.exec(first)?.[1] ?? '```';
  return several && last.trim().startsWith(mark) && last.trim().replaceAll(mark[0]!, '') === '';
}

function toParts(fences: Fence[], lines: string[], { skipped, file, problems }: Found & { skipped: number }): Part[] {
  const parts: Part[] = [];
  let line = skipped + 1;
  const prose = (to: number) => {
    const first = lines.slice(line - 1, to).findIndex((text) => text.trim() !== '');
    if (first < 0) return;
    parts.push({ kind: 'prose', text: lines.slice(line - 1 + first, to).join('\n').trimEnd(), line: line + first });
  };
  for (const fence of fences) {
    prose(fence.from - 1);
    const at = { file, line: fence.from };
    if (fence.kind === 'source') parts.push({ kind: 'source', name: fence.words[0] ?? fence.body.trim(), line: fence.from });
    else if (fence.kind === 'ts') parts.push(toCell(fence, { file, problems }));
    else {
      const cell = parts.at(-1);
      if (cell?.kind !== 'cell' || cell.output) problems.push(problem('output-stray', at));
      else if (cell.exercise) problems.push(problem('exercise-output', at));
      else cell.output = { text: fence.body, from: fence.from, to: fence.to };
    }
    line = fence.to + 1;
  }
  prose(lines.length);
  return parts;
}

function toCell({ words, body, from, to }: Fence, { file, problems }: Found): Cell {
  const cell: Cell = { kind: 'cell', code: body, line: from, end: to };
  if (body.trim() === '') problems.push(problem('cell-empty', { file, line: from }));
  if (words.length === 0) return cell;
  if (words.length === 1 && words[0] === 'throws') return { ...cell, throws: true };
  const attributes = new Map(words.slice(1).map((word) => word.split('=', 2) as [string, string]));
  const unknown = words[0] !== 'exercise' ? words[0] : [...attributes.keys()].find((name) => name !== 'id' && name !== 'points');
  const id = attributes.get('id') ?? '';
  const points = Number(attributes.get('points'));
  if (unknown !== undefined) problems.push(problem('fence-attribute', { file, line: from }, unknown));
  else if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) problems.push(problem('fence-attribute', { file, line: from }, `id=${id}`));
  else if (!(points > 0)) problems.push(problem('fence-attribute', { file, line: from }, `points=${attributes.get('points') ?? ''}`));
  else cell.exercise = { id, points };
  return cell;
}
