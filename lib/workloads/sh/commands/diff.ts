// diff: busybox always writes the unified form, GNU's only with -u.
import { structuredPatch } from 'diff';
import { joinPath, resolvePath } from '../../../machine/index.ts';
import type { Io, Shell } from '../shell.ts';
import { attempt, type Command } from './command.ts';
import { count, filter, Misused } from './getopt.ts';

type Hunk = ReturnType<typeof structuredPatch>['hunks'][number];

/** As lines are compared. */
const changes: Readonly<Record<string, (line: string) => string>> = {
  i: (line) => line.toLowerCase(),
  w: (line) => line.replace(/[ \t]+/g, ''),
  b: (line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''),
};

const range = (start: number, lines: number) => (lines === 1 ? `${start}` : `${start},${lines}`);

const unified = ({ oldStart, oldLines, newStart, newLines, lines }: Hunk) => `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@\n${lines.map((line) => `${line}\n`).join('')}`;

/** `2c2`, `1a2,3`, `4d3`: a hunk without context. */
function normal({ oldStart, oldLines, newStart, newLines, lines }: Hunk): string {
  const span = (start: number, length: number) => (length > 1 ? `${start},${start + length - 1}` : `${start}`);
  const marked = (mark: string, arrow: string) => lines.flatMap((line, i) => (line[0] === mark ? [`${arrow} ${line.slice(1)}\n`, ...(lines[i + 1]?.startsWith('\\') ? [`${lines[i + 1]}\n`] : [])] : [])).join('');
  const kind = oldLines === 0 ? 'a' : newLines === 0 ? 'd' : 'c';
  return `${span(oldStart, oldLines)}${kind}${span(newStart, newLines)}\n${marked('-', '<')}${kind === 'c' ? '---\n' : ''}${marked('+', '>')}`;
}

/** Lines that count as the same are shown as the first file has them. */
function withOldContext({ oldStart, lines }: Hunk, text: string): string[] {
  const old = text.split('\n');
  let at = oldStart - 1;
  return lines.map((line) => (line[0] === ' ' ? ` ${old[at++]}` : (line[0] === '-' && at++, line)));
}

function textOf(path: string, other: string, { io, shell }: { io: Io; shell: Shell }): string {
  if (path === '-') return io.stdin;
  const { files } = shell.process;
  const full = resolvePath(path, shell.cwd);
  return files.readFile(files.isDirectory(full) ? joinPath(full, other.slice(other.lastIndexOf('/') + 1)) : full);
}

const isGnu = ({ process }: Shell) => /^ID=(?:debian|ubuntu)$/m.test(process.files.read('/etc/os-release') ?? '');

export const diff: Command = filter('diff', { flags: 'abBdiNqrsTtwu', values: 'UL' }, ({ letters, values, lists, rest }, io, shell) => {
  const [from, to, ...more] = rest;
  if (from === undefined || to === undefined || more.length > 0) throw new Misused('');
  const texts: string[] = [];
  for (const [path, other] of [[from, to], [to, from]] as const) {
    if (attempt(io, (reason) => (isGnu(shell) ? `diff: ${path}: ${reason}` : `diff: can't stat '${path}': ${reason}`), () => void texts.push(textOf(path, other, { io, shell })))) return 2;
  }
  const comparison = Object.keys(changes).filter((letter) => letters.includes(letter));
  const same = (a: string, b: string) => comparison.reduce((line, letter) => changes[letter]!(line), a) === comparison.reduce((line, letter) => changes[letter]!(line), b);
  const asNormal = isGnu(shell) && !letters.includes('u') && values['U'] === undefined;
  const context = asNormal ? 0 : values['U'] === undefined ? 3 : count(values['U']);
  const { hunks: found } = structuredPatch(from, to, texts[0]!, texts[1]!, '', '', { context, ...(comparison.length > 0 && { comparator: same }) } as { context: number });
  // Of no lines it is said behind which line they are missing.
  const hunks = found.map((hunk) => ({ ...hunk, lines: withOldContext(hunk, texts[0]!), oldStart: hunk.oldStart - Number(hunk.oldLines === 0), newStart: hunk.newStart - Number(hunk.newLines === 0) }));
  if (hunks.length === 0) {
    if (letters.includes('s')) io.out(`Files ${from} and ${to} are identical\n`);
    return 0;
  }
  const [oldName = from, newName = to] = lists['L'] ?? [];
  if (letters.includes('q')) io.out(`Files ${from} and ${to} differ\n`);
  else io.out(asNormal ? hunks.map(normal).join('') : `--- ${oldName}\n+++ ${newName}\n${hunks.map(unified).join('')}`);
  return 1;
});
