// ls, cp, mv, rm and their like, as busybox has them.
import { FileError, joinPath, resolvePath, special, splitPath } from '../../../machine/index.ts';
import type { Io, Shell } from '../shell.ts';
import { attempt, type Command, flags, operands, options, plain } from './command.ts';

/** Runs for each path; `failed` says what stands before the path and the reason. */
function each(name: string, paths: readonly string[], { io, shell, failed }: { io: Io; shell: Shell; failed(path: string, reason: string): string }, run: (full: string, path: string) => void): number {
  let status = 0;
  for (const path of paths) status |= attempt(io, (reason) => `${name}: ${failed(path, reason)}`, () => run(resolvePath(path, shell.cwd), path));
  return status;
}

function removeAll(path: string, { process: { files } }: Shell): void {
  const node = files.findLink(path);
  if (node?.kind === 'directory') for (const name of [...node.entries.keys()]) removeAll(joinPath(path, name), { process: { files } } as Shell);
  files.remove(path);
}

function copyAll(from: string, to: string, { recursive, shell }: { recursive: boolean; shell: Shell }): void {
  const { files } = shell.process;
  const node = files.find(from);
  if (!node) throw new FileError('ENOENT');
  if (node.kind !== 'directory') return files.write(to, files.readFile(from), node.mode & 0o777);
  if (!recursive) throw new FileError('EISDIR');
  if (!files.isDirectory(to)) files.makeDirectory(to, node.mode & 0o777);
  for (const name of files.list(from)) copyAll(joinPath(from, name), joinPath(to, name), { recursive, shell });
}

/** Where a file goes: into a directory it goes under its own name. */
function targetOf(from: string, to: string, shell: Shell): string {
  const full = resolvePath(to, shell.cwd);
  return shell.process.files.isDirectory(full) ? joinPath(full, splitPath(resolvePath(from, shell.cwd))[1]) : full;
}

const copy = plain((args, io, shell) => {
  const paths = operands(args);
  const to = paths.pop() ?? '';
  const recursive = /[raR]/.test(flags(args));
  const omitted = (path: string) => !recursive && shell.process.files.isDirectory(resolvePath(path, shell.cwd));
  const failed = (path: string, reason: string) => (omitted(path) ? `omitting directory '${path}'` : reason === 'No such file or directory' ? `can't stat '${path}': ${reason}` : `can't create '${to}': ${reason}`);
  return each('cp', paths, { io, shell, failed }, (full, path) => copyAll(full, targetOf(path, to, shell), { recursive, shell }));
});

const move = plain((args, io, shell) => {
  const paths = operands(args);
  const to = paths.pop() ?? '';
  const { files } = shell.process;
  return each('mv', paths, { io, shell, failed: (path, reason) => `can't rename '${path}': ${reason}` }, (full, path) => {
    const target = targetOf(path, to, shell);
    if (files.mountOf(full) === files.mountOf(splitPath(target)[0])) return files.rename(full, target);
    copyAll(full, target, { recursive: true, shell });
    removeAll(full, shell);
  });
});

const remove = plain((args, io, shell) => {
  const { letters, rest } = options(args, '');
  const { files } = shell.process;
  const isDirectory = (path: string) => files.findLink(resolvePath(path, shell.cwd))?.kind === 'directory';
  const failed = (path: string, reason: string) => (isDirectory(path) && !/[rR]/.test(letters) ? `'${path}' is a directory` : `can't remove '${path}': ${reason}`);
  return each('rm', rest, { io, shell, failed }, (full, path) => {
    if (letters.includes('f') && !files.findLink(full)) return;
    if (!isDirectory(path)) return files.remove(full);
    if (!/[rR]/.test(letters)) throw new FileError('EISDIR');
    removeAll(full, shell);
  });
});

const makeDirectory = plain((args, io, shell) => {
  const { values, letters, rest } = options(args, 'm');
  const { files } = shell.process;
  return each('mkdir', rest, { io, shell, failed: (path, reason) => `can't create directory '${path}': ${reason}` }, (full) => {
    if (letters.includes('p')) files.makeDirectories(full);
    else files.makeDirectory(full);
    if (values['m']) files.changeMode(full, Number.parseInt(values['m'], 8));
  });
});

const touch = plain((args, io, shell) => {
  const { files } = shell.process;
  const { letters, rest } = options(args, 'drt');
  return each('touch', rest, { io, shell, failed: (path, reason) => `${path}: ${reason}` }, (full) => {
    if (files.find(full)) files.changeTime(full);
    else if (!letters.includes('c')) files.write(full, '');
  });
});

/** `755`, `u+x`, `g-w`, `a=r` */
function changedMode(text: string, mode: number, directory: boolean): number | undefined {
  if (/^[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  for (const clause of text.split(',')) {
    const [, who = '', operator = '', what = ''] = /^([ugoa]*)([-+=])([rwxXst]*)$/.exec(clause) ?? [];
    if (!operator) return undefined;
    const shifts = [...(who === '' || who.includes('a') ? 'ugo' : who)].map((one) => ({ u: 6, g: 3, o: 0 })[one as 'u' | 'g' | 'o']);
    let bits = 0;
    for (const one of what) {
      const value = { r: 4, w: 2, x: 1, X: directory || mode & 0o111 ? 1 : 0, s: 0, t: 0 }[one as 'r']!;
      for (const shift of shifts) bits |= value << shift;
      if (one === 's') bits |= (shifts.includes(6) ? 0o4000 : 0) | (shifts.includes(3) ? 0o2000 : 0);
      if (one === 't') bits |= 0o1000;
    }
    const all = shifts.reduce((sum, shift) => sum | (7 << shift), 0);
    mode = operator === '+' ? mode | bits : operator === '-' ? mode & ~bits : (mode & ~all) | bits;
  }
  return mode;
}

/** The paths themselves and, with -R, all below. */
function* below(path: string, recursive: boolean, shell: Shell): Iterable<string> {
  yield path;
  const { files } = shell.process;
  if (recursive && files.findLink(path)?.kind === 'directory') for (const name of files.list(path)) yield* below(joinPath(path, name), true, shell);
}

const changeMode = plain((args, io, shell) => {
  const [text = '', ...paths] = args.filter((word) => !/^-[Rvcf]+$/.test(word));
  const { files } = shell.process;
  if (changedMode(text, 0, false) === undefined) {
    io.err(`chmod: invalid mode '${text}'\n`);
    return 1;
  }
  return each('chmod', paths, { io, shell, failed: (path, reason) => `${path}: ${reason}` }, (full) => {
    for (const path of below(full, flags(args).includes('R'), shell)) {
      const node = files.find(path);
      files.changeMode(path, changedMode(text, node?.mode ?? 0, node?.kind === 'directory')!);
    }
  });
});

const link = plain((args, io, shell) => {
  const { letters, rest } = options(args, '');
  const [target = '', path = '.'] = rest;
  const { files } = shell.process;
  const full = targetOf(target, path, shell);
  return attempt(io, (reason) => `ln: ${path}: ${reason}`, () => {
    if (letters.includes('f') && files.findLink(full)) files.remove(full);
    if (letters.includes('s')) return files.makeLink(target, full);
    files.write(full, files.readFile(resolvePath(target, shell.cwd)));
  });
});

const specialKinds: Record<string, 'char' | 'block' | 'fifo'> = { c: 'char', u: 'char', b: 'block', p: 'fifo' };

/** `mknod /dev/x c 1 3`. Differs from Kubernetes: nothing stands behind the numbers. */
const makeNode = plain((args, io, shell) => {
  const { values, rest } = options(args, 'm');
  const [path = '', letter = '', ...numbers] = rest;
  const kind = specialKinds[letter];
  if (!path || !kind || numbers.length !== (kind === 'fifo' ? 0 : 2)) {
    io.err('Usage: mknod [-m MODE] NAME TYPE [MAJOR MINOR]\n');
    return 1;
  }
  return each('mknod', [path], { io, shell, failed: (name, reason) => `${name}: ${reason}` }, (full) => shell.process.files.makeSpecial(full, special(kind, { mode: Number.parseInt(values['m'] ?? '644', 8) })));
});

export const fileCommands: Record<string, Command> = {
  cp: copy,
  mv: move,
  rm: remove,
  mkdir: makeDirectory,
  mknod: makeNode,
  mkfifo: plain((args, io, shell) => each('mkfifo', operands(args), { io, shell, failed: (path, reason) => `${path}: ${reason}` }, (full) => shell.process.files.makeSpecial(full, special('fifo', { mode: 0o644 })))),
  touch,
  chmod: changeMode,
  ln: link,
  rmdir: plain((args, io, shell) => each('rmdir', operands(args), { io, shell, failed: (path, reason) => `'${path}': ${reason}` }, (full) => shell.process.files.remove(full))),
  readlink: plain((args, io, shell) => {
    const { files } = shell.process;
    const full = resolvePath(operands(args)[0] ?? '', shell.cwd);
    const node = files.findLink(full);
    const text = flags(args).includes('f') ? files.realPath(full) : node?.kind === 'link' ? node.target : undefined;
    if (text !== undefined) io.out(`${text}\n`);
    return text === undefined ? 1 : 0;
  }),
  realpath: plain((args, io, shell) => io.out(`${shell.process.files.realPath(resolvePath(operands(args)[0] ?? '', shell.cwd))}\n`)),
};
