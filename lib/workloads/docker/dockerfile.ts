// Reads a Dockerfile: continued lines, comments, the escape directive, JSON lists. The parser's messages are BuildKit's.

export interface Instruction {
  /** `RUN` */
  name: string;
  /** What follows it and its flags, on one line. */
  rest: string;
  /** `--from=build` → `{ from: 'build' }` */
  flags: Readonly<Record<string, string>>;
  /** The JSON form of RUN, CMD, ENTRYPOINT, COPY and ADD. */
  list?: readonly string[];
  /** As it stands in the file. */
  source: string;
  /** First and last line, from 1. */
  line: number;
  endLine: number;
}

/** A Dockerfile that cannot be read; `line` where there is one. */
export class DockerfileError extends Error {
  constructor(
    message: string,
    readonly line?: number,
  ) {
    super(message);
  }
}

const names = 'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(' ');
const wantsList = /^(ADD|CMD|COPY|ENTRYPOINT|RUN|SHELL|VOLUME)$/;

export function parseDockerfile(text: string): Instruction[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const escape = /^#\s*escape\s*=\s*`\s*$/im.test(text.split(/\n(?!#)/, 1)[0]!) ? '`' : '\\';
  const instructions: Instruction[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (isBlank(lines[i]!)) continue;
    const first = i;
    let logical = '';
    for (let more = true; more && i < lines.length; more && i++) {
      // Comments and empty lines inside of a continued line are left out.
      if (i > first && isBlank(lines[i]!)) continue;
      const trimmed = lines[i]!.trimEnd();
      more = trimmed.endsWith(escape);
      logical += more ? trimmed.slice(0, -1) : lines[i]!;
    }
    instructions.push(instructionOf(logical.trim(), { line: first + 1, endLine: Math.min(i, lines.length - 1) + 1, source: lines[first]!.trim() }));
  }
  if (instructions.length === 0) throw new DockerfileError('the Dockerfile cannot be empty');
  const firstReal = instructions.find(({ name }) => name !== 'ARG');
  if (firstReal?.name !== 'FROM') throw new DockerfileError('no build stage in current context', instructions[0]!.line);
  return instructions;
}

const isBlank = (line: string) => /^\s*(#.*)?$/.test(line);

function instructionOf(text: string, where: Pick<Instruction, 'line' | 'endLine' | 'source'>): Instruction {
  const [, word = '', after = ''] = /^(\S+)\s*([^]*)$/.exec(text) ?? [];
  const name = word.toUpperCase();
  if (!names.includes(name)) throw new DockerfileError(`unknown instruction: ${word}${suggestion(name)}`, where.line);
  const flags: Record<string, string> = {};
  let rest = after;
  for (let match; (match = /^--([\w-]+)(?:=(\S*))?\s*/.exec(rest)); rest = rest.slice(match[0].length)) flags[match[1]!] = match[2] ?? 'true';
  const list = wantsList.test(name) ? listOf(rest) : undefined;
  const problem = problemOf(name, list ?? words(rest), rest);
  if (problem) throw new DockerfileError(problem, where.line);
  return { name, rest: rest.trim(), flags, ...(list && { list }), ...where };
}

function listOf(text: string): string[] | undefined {
  if (!text.trimStart().startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((word) => typeof word === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}

function problemOf(name: string, args: readonly string[], rest: string): string | undefined {
  if (name === 'FROM' && args.length !== 1 && !(args.length === 3 && /^as$/i.test(args[1]!))) return 'FROM requires either one or three arguments';
  if ((name === 'COPY' || name === 'ADD') && args.length < 2) return `${name} requires at least two arguments, but only one was provided. Destination could not be determined.`.replace('only one', args.length === 0 ? 'none' : 'only one');
  if (name === 'ENV' && args.length === 1 && !args[0]!.includes('=')) return 'ENV must have two arguments';
  if (/^(WORKDIR|USER|STOPSIGNAL)$/.test(name) && args.length !== 1) return `${name} requires exactly one argument`;
  if (/^(ENV|EXPOSE|ARG|LABEL|VOLUME|RUN)$/.test(name) && rest.trim() === '') return `${name} requires at least one argument`;
  return undefined;
}

/** Splits at blanks that are not quoted; the quotes stay. */
export function words(text: string): string[] {
  return text.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/g) ?? [];
}

/** BuildKit names a word that is at most two letters away. */
function suggestion(name: string): string {
  const near = names.map((known) => ({ known, distance: distanceOf(name, known) })).sort((a, b) => a.distance - b.distance)[0]!;
  return near.distance <= 2 && near.distance < name.length ? ` (did you mean ${near.known}?)` : '';
}

/** Levenshtein's distance. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
