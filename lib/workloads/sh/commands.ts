// The small commands of busybox and coreutils that lessons and manifests use.
import { duration } from '../../sim/index.ts';
import { resolvePath } from '../files.ts';
import { arithmetic } from './arithmetic.ts';
import { curl, nslookup, wget } from './fetch.ts';
import type { Io, Running$, Shell } from './shell.ts';

export type Command = (argv: readonly string[], io: Io, shell: Shell) => Running$;
type Plain = (args: readonly string[], io: Io, shell: Shell) => number | void;

/** A command that never waits. */
const plain = (run: Plain): Command =>
  function* (argv, io, shell) {
    return run(argv.slice(1), io, shell) ?? 0;
  };

const flags = (args: readonly string[]) => args.filter((a) => /^-[^\d]/.test(a)).join('');
const operands = (args: readonly string[]) => args.filter((a) => !/^-./.test(a));

/** Text of the named files, or of standard input. */
function input(name: string, paths: readonly string[], io: Io, shell: Shell): { text: string; status: number } {
  if (paths.length === 0) return { text: io.stdin, status: 0 };
  let [text, status] = ['', 0];
  for (const path of paths) {
    const content = path === '-' ? io.stdin : shell.process.files.read(resolvePath(path, shell.cwd));
    if (content !== undefined) text += content;
    else {
      const directory = shell.process.files.isDirectory(resolvePath(path, shell.cwd));
      io.err(directory ? `${name}: read error: Is a directory\n` : `${name}: can't open '${path}': No such file or directory\n`);
      status = 1;
    }
  }
  return { text, status };
}

const linesOf = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

function escapes(text: string): string {
  return text.replace(/\\([ntr\\0])/g, (_, c: string) => ({ n: '\n', t: '\t', r: '\r', '\\': '\\', 0: '' })[c] ?? c);
}

function format(template: string, args: readonly string[]): string {
  let at = 0;
  return escapes(template).replace(/%(-?\d*)(?:\.\d+)?([sd%])/g, (_, width: string, kind: string) => {
    if (kind === '%') return '%';
    const text = args[at++] ?? (kind === 'd' ? '0' : '');
    return width.startsWith('-') ? text.padEnd(Number(width.slice(1))) : text.padStart(Number(width || 0));
  });
}

function date(args: readonly string[], now: number): string {
  const d = new Date(now);
  const two = (n: number) => String(n).padStart(2, '0');
  const [days, months] = ['Sun Mon Tue Wed Thu Fri Sat'.split(' '), 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')];
  const values: Record<string, string> = {
    Y: String(d.getUTCFullYear()),
    m: two(d.getUTCMonth() + 1),
    d: two(d.getUTCDate()),
    H: two(d.getUTCHours()),
    M: two(d.getUTCMinutes()),
    S: two(d.getUTCSeconds()),
    s: String(Math.floor(now / 1000)),
    N: `${String(now % 1000).padStart(3, '0')}000000`,
    a: days[d.getUTCDay()]!,
    b: months[d.getUTCMonth()]!,
    e: String(d.getUTCDate()).padStart(2),
    Z: 'UTC',
  };
  const template = operands(args).find((a) => a.startsWith('+'))?.slice(1) ?? '%a %b %e %H:%M:%S UTC %Y';
  const wide = template.replaceAll('%T', '%H:%M:%S').replaceAll('%F', '%Y-%m-%d');
  return wide.replace(/%(\w)/g, (all, c: string) => values[c] ?? all);
}

export const commands: Record<string, Command> = {
  echo: plain((args, io) => {
    const options = /^-[neE]+$/.test(args[0] ?? '') ? args[0]! : '';
    const text = (options ? args.slice(1) : args).join(' ');
    io.out((options.includes('e') ? escapes(text) : text) + (options.includes('n') ? '' : '\n'));
  }),
  printf: plain((args, io) => io.out(format(args[0] ?? '', args.slice(1)))),
  *sleep(argv, io) {
    const text = argv[1] ?? '';
    if (text === 'infinity' || text === 'inf') yield Infinity;
    if (!/^\d+(\.\d+)?[smhd]?$/.test(text)) {
      io.err(`sleep: invalid number '${text}'\n`);
      return 1;
    }
    yield duration(/[smhd]$/.test(text) ? text : `${text}s`);
    return 0;
  },
  *cat(argv, io, shell) {
    const paths = operands(argv.slice(1));
    if (paths.length === 0 && io.stdin === '' && shell.signals) yield Infinity;
    const { text, status } = input('cat', paths, io, shell);
    io.out(text);
    return status;
  },
  *tail(argv, io, shell) {
    const args = argv.slice(1);
    if (args.includes('/dev/null') && flags(args).includes('f')) yield Infinity;
    const count = Number(/^-n?(\d+)/.exec(args.join(' '))?.[1] ?? / -n (\d+)/.exec(` ${args.join(' ')}`)?.[1] ?? 10);
    const { text, status } = input('tail', operands(args).filter((a) => !/^\d+$/.test(a)), io, shell);
    for (const line of linesOf(text).slice(-count)) io.out(`${line}\n`);
    if (flags(args).includes('f')) yield Infinity;
    return status;
  },
  head: plain((args, io, shell) => {
    const count = Number(/(\d+)/.exec(args.filter((a) => /^-?n?\d+$/.test(a)).join(' '))?.[1] ?? 10);
    const { text, status } = input('head', operands(args).filter((a) => !/^\d+$/.test(a)), io, shell);
    for (const line of linesOf(text).slice(0, count)) io.out(`${line}\n`);
    return status;
  }),
  env: plain((_, io, shell) => {
    for (const [name, value] of shell.variables) io.out(`${name}=${value}\n`);
  }),
  printenv: plain((args, io, shell) => {
    if (args.length === 0) for (const [name, value] of shell.variables) io.out(`${name}=${value}\n`);
    for (const name of args) {
      if (!shell.variables.has(name)) return 1;
      io.out(`${shell.variables.get(name)}\n`);
    }
    return 0;
  }),
  hostname: plain((args, io, shell) => io.out(`${flags(args).includes('i') ? shell.process.ip : shell.process.hostname}\n`)),
  date: plain((args, io, shell) => io.out(`${date(args, shell.process.clock.now)}\n`)),
  pwd: plain((_, io, shell) => io.out(`${shell.cwd}\n`)),
  whoami: plain((_, io) => io.out('root\n')),
  id: plain((args, io) => io.out(flags(args).includes('u') ? '0\n' : 'uid=0(root) gid=0(root) groups=0(root)\n')),
  uname: plain((args, io, shell) => io.out(flags(args).includes('a') ? `Linux ${shell.process.hostname} 6.8.0 #1 SMP x86_64 GNU/Linux\n` : 'Linux\n')),
  ls: plain((args, io, shell) => {
    let status = 0;
    for (const path of operands(args).length > 0 ? operands(args) : ['.']) {
      const full = resolvePath(path, shell.cwd);
      const names = shell.process.files.list(full);
      if (names) for (const name of names) io.out(`${name}\n`);
      else if (shell.process.files.read(full) !== undefined) io.out(`${path}\n`);
      else {
        io.err(`ls: ${path}: No such file or directory\n`);
        status = 1;
      }
    }
    return status;
  }),
  mkdir: plain((args, _, shell) => operands(args).forEach((path) => shell.process.files.makeDirectory(resolvePath(path, shell.cwd)))),
  touch: plain((args, _, shell) => {
    for (const path of operands(args).map((p) => resolvePath(p, shell.cwd))) shell.process.files.write(path, shell.process.files.read(path) ?? '');
  }),
  rm: plain((args, io, shell) => {
    let status = 0;
    for (const path of operands(args)) {
      if (shell.process.files.remove(resolvePath(path, shell.cwd)) || flags(args).includes('f')) continue;
      io.err(`rm: can't remove '${path}': No such file or directory\n`);
      status = 1;
    }
    return status;
  }),
  cp: plain((args, io, shell) => copy('cp', operands(args), io, shell)),
  mv: plain((args, io, shell) => copy('mv', operands(args), io, shell)),
  tee: plain((args, io, shell) => {
    io.out(io.stdin);
    for (const path of operands(args).map((p) => resolvePath(p, shell.cwd))) {
      shell.process.files.write(path, (flags(args).includes('a') ? (shell.process.files.read(path) ?? '') : '') + io.stdin);
    }
  }),
  grep: plain((args, io, shell) => {
    const [pattern = '', ...paths] = operands(args);
    const options = flags(args);
    const expression = new RegExp(options.includes('F') ? pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : pattern, options.includes('i') ? 'i' : '');
    const found = linesOf(input('grep', paths, io, shell).text).filter((line) => expression.test(line) !== options.includes('v'));
    if (options.includes('c')) io.out(`${found.length}\n`);
    else if (!options.includes('q')) for (const line of found) io.out(`${line}\n`);
    return found.length > 0 ? 0 : 1;
  }),
  wc: plain((args, io, shell) => {
    const { text } = input('wc', operands(args), io, shell);
    const counts = { l: linesOf(text).length, w: text.split(/\s+/).filter(Boolean).length, c: text.length };
    const wanted = (flags(args).replaceAll('-', '') || 'lwc').split('') as ('l' | 'w' | 'c')[];
    io.out(`${wanted.map((w) => counts[w]).join(' ')}\n`);
  }),
  sort: plain((args, io, shell) => {
    const lines = linesOf(input('sort', operands(args), io, shell).text);
    lines.sort(flags(args).includes('n') ? (a, b) => Number(a) - Number(b) : undefined);
    if (flags(args).includes('r')) lines.reverse();
    for (const line of flags(args).includes('u') ? new Set(lines) : lines) io.out(`${line}\n`);
  }),
  uniq: plain((args, io) => {
    let [last, count] = [undefined as string | undefined, 0];
    const flush = () => last !== undefined && io.out(flags(args).includes('c') ? `${String(count).padStart(7)} ${last}\n` : `${last}\n`);
    for (const line of linesOf(io.stdin)) {
      if (line === last) count++;
      else {
        flush();
        [last, count] = [line, 1];
      }
    }
    flush();
  }),
  seq: plain((args, io) => {
    const [from, to] = args.length > 1 ? [Number(args[0]), Number(args.at(-1))] : [1, Number(args[0])];
    const step = args.length > 2 ? Number(args[1]) : 1;
    for (let n = from, left = 10_000; n <= to && left > 0; n += step, left--) io.out(`${n}\n`);
  }),
  expr: plain((args, io, shell) => {
    const value = args.length === 3 ? arithmetic(args.join(' '), (name) => shell.variables.get(name) ?? '') : (args[0] ?? '');
    io.out(`${value}\n`);
    return value === 0 || value === '' ? 1 : 0;
  }),
  basename: plain((args, io) => io.out(`${(args[0] ?? '').replace(/\/+$/, '').replace(/.*\//, '')}\n`)),
  ps: plain((_, io, shell) => io.out(`PID   USER     TIME  COMMAND\n    1 root      0:00 ${(shell.process.argv ?? []).join(' ')}\n`)),
  kill: plain((args, _, shell) => {
    if (operands(args).at(-1) !== '1') return 1;
    // Process 1 hears only what it has a handler for: even a kill -9 from inside its container does nothing.
    if (!args.includes('-9')) shell.process.terminate();
    return 0;
  }),
  which: plain((args, io) => {
    if (!args[0] || !(args[0] in commands)) return 1;
    io.out(`/bin/${args[0]}\n`);
    return 0;
  }),
  sync: plain(() => 0),
  chmod: plain(() => 0),
  chown: plain(() => 0),
  clear: plain(() => 0),
  wget,
  curl,
  nslookup,
};

function copy(name: string, paths: readonly string[], io: Io, shell: Shell): number {
  const { files } = shell.process;
  const [from = '', to = ''] = paths.map((p) => resolvePath(p, shell.cwd));
  const text = files.read(from);
  if (text === undefined) {
    io.err(`${name}: can't stat '${paths[0]}': No such file or directory\n`);
    return 1;
  }
  files.write(files.isDirectory(to) ? resolvePath(from.slice(from.lastIndexOf('/') + 1), to) : to, text);
  if (name === 'mv') files.remove(from);
  return 0;
}
