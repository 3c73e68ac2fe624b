// wc, cmp, tee, yes and seq.
import { resolvePath, sizeOf } from '../../../machine/index.ts';
import { forEver, goingOn } from '../going.ts';
import type { RedirectedIo } from '../redirects.ts';
import { attempt, type Command, inputs } from './command.ts';
import { filter, Misused, optioned } from './getopt.ts';

const measures: [letter: string, measure: (text: string) => number][] = [
  ['l', (text) => text.split('\n').length - 1],
  ['w', (text) => text.split(/\s+/).filter(Boolean).length],
  ['m', (text) => [...text].length],
  ['c', sizeOf],
  ['L', (text) => Math.max(...text.split('\n').map((line) => line.length))],
];

const wc = filter('wc', { flags: 'lwcmL' }, ({ letters, rest }, io, shell) => {
  const { texts, status } = inputs('wc', rest, io, shell);
  const wanted = measures.filter(([letter]) => (letters || 'lwc').includes(letter));
  const rows = texts.map(({ path, text }) => ({ name: rest.length > 0 ? ` ${path}` : '', numbers: wanted.map(([, measure]) => measure(text)) }));
  if (rest.length > 1) rows.push({ name: ' total', numbers: wanted.map(([letter], i) => rows.map(({ numbers }) => numbers[i]!).reduce((a, b) => (letter === 'L' ? Math.max(a, b) : a + b), 0)) });
  const padded = wanted.length > 1 || rest.length > 1;
  for (const { name, numbers } of rows) io.out(`${numbers.map((n) => (padded ? String(n).padStart(9) : String(n))).join(' ')}${name}\n`);
  return status;
});

const cmp = filter('cmp', { flags: 'sl', values: 'n', status: 2 }, ({ letters, rest }, io, shell) => {
  if (rest.length === 0) throw new Misused('', 2);
  const names = [rest[0]!, rest[1] ?? '-'];
  const read = (path: string) => (path === '-' ? io.stdin : shell.process.files.readFile(resolvePath(path, shell.cwd)));
  const texts: string[] = [];
  for (const path of names) if (attempt(io, (reason) => `cmp: ${path}: ${reason}`, () => void texts.push(read(path)))) return 2;
  const [one, two] = texts as [string, string];
  if (one === two) return 0;
  let at = 0;
  while (at < one.length && one[at] === two[at]) at++;
  if (letters.includes('s')) return 1;
  const line = one.slice(0, at).split('\n').length;
  if (at < one.length && at < two.length) io.out(`${names[0]} ${names[1]} differ: char ${at + 1}, line ${line}\n`);
  else io.err(`cmp: EOF on ${at === one.length ? names[0] : names[1]}\n`);
  return 1;
});

const tee = filter('tee', { flags: 'ai' }, ({ letters, rest }, io, shell) => {
  io.out(io.stdin);
  const { files } = shell.process;
  let status = 0;
  for (const path of rest) {
    const full = resolvePath(path, shell.cwd);
    status |= attempt(io, (reason) => `tee: ${path}: ${reason}`, () => files.write(full, (letters.includes('a') ? (files.read(full) ?? '') : '') + io.stdin));
  }
  return status;
});

/** A number that can go before a count: `-1` is no option. */
const seq: Command = (argv, io, shell) => {
  const first = argv.findIndex((word, i) => i > 0 && /^-?\.?\d/.test(word) && argv[i - 1] !== '-s');
  return sequence(first < 0 ? argv : [...argv.slice(0, first), '--', ...argv.slice(first)], io, shell);
};

const sequence = filter('seq', { flags: 'w', values: 's' }, ({ letters, values, rest }, io) => {
  if (rest.length === 0 || rest.length > 3 || rest.some((text) => !/^-?(\d+\.?\d*|\.\d+)$/.test(text))) throw new Misused('');
  const numbers = rest.map(Number);
  const [from, step, to] = [rest.length > 1 ? numbers[0]! : 1, rest.length > 2 ? numbers[1]! : 1, numbers.at(-1)!];
  const places = Math.min(20, Math.max(...rest.slice(0, Math.max(1, rest.length - 1)).map((text) => (rest.length > 1 ? (text.split('.')[1] ?? '').length : 0))));
  const length = step === 0 ? 0 : Math.max(0, Math.floor((to - from) / step + 1e-9) + 1);
  const out = Array.from({ length: Math.min(length, 1_000_000) }, (_, i) => (from + i * step).toFixed(places));
  const width = letters.includes('w') ? Math.max(...[rest.at(-1)!, from.toFixed(places)].map((text) => text.length)) : 0;
  if (out.length > 0) io.out(`${out.map((text) => text.padStart(width, '0')).join(values['s'] ?? '\n')}\n`);
});

/** Lines of `yes` that fit into a pipe: who reads them takes the first few. */
const fits = 8192;

/** Differs from Kubernetes: the commands of a pipe run one after the other, so that this one ends when the pipe is full. */
const yes = optioned('yes', {}, function* ({ rest }, io, shell) {
  io.out(`${rest.join(' ') || 'y'}\n`.repeat(fits));
  if ((io as RedirectedIo).toFile !== io.out) return 0;
  shell.process.useCpu(1);
  return yield* goingOn(shell.going, 'endless', forEver());
});

export const countCommands: Record<string, Command> = { wc, cmp, tee, seq, yes };
