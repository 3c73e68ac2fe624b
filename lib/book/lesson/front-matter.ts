import { parseDocument } from 'yaml';
import { similar } from '../similar.ts';
import type { FrontMatter } from './lesson.ts';
import { type Problem, problem } from './problems.ts';

const empty: FrontMatter = { id: '', title: '', goal: '', minutes: 0, notes: [] };

const rules: Record<keyof FrontMatter, { holds(value: unknown): boolean; why: string }> = {
  id: { holds: (value) => typeof value === 'string' && /^L\d{2}$/.test(value), why: 'L02처럼 L과 두 자리 번호여야 한다.' },
  title: { holds: isText, why: '비어 있지 않은 글이어야 한다.' },
  goal: { holds: isText, why: '비어 있지 않은 글이어야 한다.' },
  minutes: { holds: (value) => Number.isInteger(value) && (value as number) > 0, why: '0보다 큰 정수여야 한다.' },
  notes: { holds: (value) => Array.isArray(value) && value.every(isText), why: '글의 목록이어야 한다: [S0-003, S1-004]' },
};

/** The front matter, and how many lines it takes with its marks. */
export function readFrontMatter(lines: string[], file: string): { matter: FrontMatter; lines: number; problems: Problem[] } {
  const end = lines[0] === '---' ? lines.indexOf('---', 1) : -1;
  if (end < 0) return { matter: empty, lines: 0, problems: [problem('front-matter-missing', { file, line: 1 })] };
  const body = lines.slice(1, end).join('\n');
  const document = parseDocument(body);
  const error = document.errors[0];
  if (error) {
    const line = 2 + body.slice(0, error.pos[0]).split('\n').length - 1;
    return { matter: empty, lines: end + 1, problems: [problem('front-matter-yaml', { file, line }, error.message.split('\n')[0]!)] };
  }
  const values = (document.toJS() ?? {}) as Record<string, unknown>;
  const lineOf = (field: string) => Math.max(1, lines.findIndex((line) => line.startsWith(`${field}:`)) + 1);
  const problems: Problem[] = [];
  for (const [field, rule] of Object.entries(rules)) {
    if (!(field in values)) problems.push(problem('front-matter-field', { file, line: 1 }, field, '없다.'));
    else if (!rule.holds(values[field])) problems.push(problem('front-matter-field', { file, line: lineOf(field) }, field, rule.why));
  }
  for (const field of Object.keys(values).filter((field) => !(field in rules))) {
    const near = similar(field, Object.keys(rules));
    const why = near ? `모르는 필드다. 혹시 '${near}'인지 확인한다.` : '모르는 필드다.';
    problems.push(problem('front-matter-field', { file, line: lineOf(field) }, field, why));
  }
  return { matter: problems.length > 0 ? { ...empty, ...keepValid(values) } : (values as unknown as FrontMatter), lines: end + 1, problems };
}

function keepValid(values: Record<string, unknown>): Partial<FrontMatter> {
  return Object.fromEntries(Object.entries(rules).flatMap(([field, rule]) => (rule.holds(values[field]) ? [[field, values[field]]] : [])));
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}
