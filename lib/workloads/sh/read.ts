// `read [-r] NAME…`: a line of the input, cut at what IFS holds; the last name takes the rest.
import type { Io, Shell } from './shell.ts';

export function readLine(shell: Shell, args: readonly string[], io: Io): number {
  const end = io.stdin.indexOf('\n');
  const raw = end < 0 ? io.stdin : io.stdin.slice(0, end);
  io.stdin = end < 0 ? '' : io.stdin.slice(end + 1);
  const line = args.some((arg) => /^-\w*r/.test(arg)) ? raw : raw.replace(/\\(.)/g, '$1');
  const named = args.filter((arg) => !arg.startsWith('-'));
  const names = named.length > 0 ? named : ['REPLY'];
  const words = cut(line, shell.variables.get('IFS') ?? ' \t\n', names.length);
  for (const [i, name] of names.entries()) shell.variables.set(name, words[i] ?? '');
  // Only a whole line is a success: at the end of the input a loop ends.
  return end < 0 ? 1 : 0;
}

/** At most `count` pieces. Blanks of IFS count as one and not at the ends, everything else in it each time. */
function cut(line: string, ifs: string, count: number): string[] {
  const blanks = [...ifs].filter((c) => /\s/.test(c));
  const isBlank = (c: string | undefined) => c !== undefined && blanks.includes(c);
  const isCut = (c: string | undefined) => c !== undefined && ifs.includes(c);
  let [from, to] = [0, line.length];
  while (from < to && isBlank(line[from])) from++;
  while (to > from && isBlank(line[to - 1])) to--;
  const pieces: string[] = [];
  while (from < to && pieces.length < count - 1) {
    let at = from;
    while (at < to && !isCut(line[at])) at++;
    pieces.push(line.slice(from, at));
    while (isBlank(line[at])) at++;
    if (isCut(line[at])) at++;
    while (isBlank(line[at])) at++;
    from = Math.min(at, to);
  }
  return [...pieces, line.slice(from, to)];
}
