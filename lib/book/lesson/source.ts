// The real code of an export of `lib/`, for `source` fences.
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type TypeScript, typescript } from '../cells/typescript.ts';
import { root } from '../project.ts';
import { similar } from '../similar.ts';
import type { Lesson } from './lesson.ts';
import { type Problem, problem } from './problems.ts';

export interface FoundSource {
  /** `lib/controllers/replicaset.ts` */
  file: string;
  code: string;
}

let files: Map<string, string> | undefined;

/** `replicaSetController`, or `controllers/replicaSetController` where the name alone is not enough. */
export function findSources(name: string): FoundSource[] {
  const at = name.lastIndexOf('/');
  const [folder, symbol] = [name.slice(0, Math.max(at, 0)), name.slice(at + 1)];
  const declares = declaration(symbol);
  return [...sources()]
    .filter(([file, text]) => file.startsWith(folder ? `lib/${folder}` : 'lib/') && declares.test(text))
    .flatMap(([file, text]) => extract(text, symbol).map((code) => ({ file, code })));
}

export function sourceProblems(lesson: Lesson): Problem[] {
  return lesson.parts.flatMap((part) => {
    if (part.kind !== 'source') return [];
    const found = findSources(part.name);
    const at = { file: lesson.file, line: part.line };
    if (found.length > 1) return [problem('source-ambiguous', at, part.name, found.map(({ file }) => file).join(', '))];
    return found.length === 1 ? [] : [problem('source-unknown', at, part.name, similar(part.name, exportedNames()) ?? '')];
  });
}

function declaration(symbol: string): RegExp {
  const name = symbol.replace(/[^\w$]/g, '');
  return new RegExp(`^export (declare |async |abstract )*(function\\*?|const|let|class|interface|type) ${name || '(?!)'}\\b`, 'm');
}

function extract(text: string, symbol: string): string[] {
  const ts = typescript();
  const file = ts.createSourceFile('source.ts', text, ts.ScriptTarget.ES2022, true);
  const names = (statement: TypeScript): string[] =>
    ts.isVariableStatement(statement) ? statement.declarationList.declarations.map((one: TypeScript) => one.name.getText(file)) : [statement.name?.text];
  return file.statements.filter((statement: TypeScript) => names(statement).includes(symbol)).map((statement: TypeScript) => withComment(ts, file, statement));
}

/** The declaration with the comment that stands on it. */
function withComment(ts: TypeScript, file: TypeScript, statement: TypeScript): string {
  const comments = ts.getLeadingCommentRanges(file.text, statement.getFullStart()) ?? [];
  let start = statement.getStart(file, false);
  for (const comment of [...comments].reverse()) {
    if (/\n\s*\n/.test(file.text.slice(comment.end, start))) break;
    start = comment.pos;
  }
  return file.text.slice(start, statement.end);
}

function sources(): Map<string, string> {
  files ??= new Map(
    readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .sort()
      .map((name) => [relative(root, join(root, 'lib', name)), readFileSync(join(root, 'lib', name), 'utf8')]),
  );
  return files;
}

function exportedNames(): string[] {
  return [...sources().values()].flatMap((text) => [...text.matchAll(/^export (?:async )?(?:function|const|class|interface|type) (\w+)/gm)].map((match) => match[1]!));
}
