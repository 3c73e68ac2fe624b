// What files are there and what they are like: ls, stat, find, du, df, mount.
import { contentOf, type Inode, joinPath, modeText, nodeSize, resolvePath, usageOf } from '../../../machine/index.ts';
import { find } from '../find/index.ts';
import { nameOf } from '../../root/users.ts';
import type { Io, Shell } from '../shell.ts';
import { attempt, type Command, flags, operands, options, plain } from './command.ts';

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const two = (n: number) => String(n).padStart(2, '0');

/** The names in the container's own passwd and group files; the number where there is none. */
function owner({ uid, gid }: Inode, { process: { files } }: Shell): [user: string, group: string] {
  return [nameOf(files.read('/etc/passwd') ?? '', uid) ?? String(uid), nameOf(files.read('/etc/group') ?? '', gid) ?? String(gid)];
}

function listed(inode: Inode, name: string, shell: Shell, numeric: boolean): string {
  const date = new Date(inode.mtime);
  const [user, group] = numeric ? [String(inode.uid), String(inode.gid)] : owner(inode, shell);
  const links = inode.kind === 'directory' ? 2 + [...inode.entries.values()].filter((e) => e.kind === 'directory').length : 1;
  const time = `${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  const target = inode.kind === 'link' ? ` -> ${inode.target}` : '';
  return `${modeText(inode)} ${String(links).padStart(4)} ${user.padEnd(8)} ${group.padEnd(8)} ${String(nodeSize(inode)).padStart(9)} ${time} ${name}${target}\n`;
}

/** Kilobytes on a disk; a link fits into its inode. */
const blocks = (inode: Inode) => (inode.kind === 'link' ? 0 : Math.ceil(nodeSize(inode) / 4096) * 4);

function list(path: string, { long, all, numeric, itself }: { long: boolean; all: boolean; numeric: boolean; itself: boolean }, io: Io, shell: Shell): void {
  const { files } = shell.process;
  const full = resolvePath(path, shell.cwd);
  const show = (inode: Inode | undefined, name: string) => inode && io.out(long ? listed(inode, name, shell, numeric) : `${name}\n`);
  const node = long ? files.findLink(full) : files.find(full);
  if (itself || node?.kind !== 'directory') {
    if (!node) files.readFile(full);
    return void show(node, path);
  }
  const names = files.list(full).filter((name) => all || !name.startsWith('.'));
  if (long) io.out(`total ${names.reduce((sum, name) => sum + blocks(files.findLink(joinPath(full, name))!), 0)}\n`);
  if (all) for (const name of ['.', '..']) show(files.find(resolvePath(name, full)), name);
  for (const name of names) show(files.findLink(joinPath(full, name)), name);
}

const ls = plain((args, io, shell) => {
  const letters = flags(args);
  const how = { long: /[ln]/.test(letters), all: letters.includes('a'), numeric: letters.includes('n'), itself: letters.includes('d') };
  const paths = operands(args).length > 0 ? operands(args) : ['.'];
  let status = 0;
  for (const [i, path] of paths.entries()) {
    const heading = paths.length > 1 && shell.process.files.isDirectory(resolvePath(path, shell.cwd)) && !how.itself;
    if (heading) io.out(`${i > 0 ? '\n' : ''}${path}:\n`);
    status |= attempt(io, (reason) => `ls: ${path === '.' ? "can't open '.'" : path}: ${reason}`, () => list(path, how, io, shell));
  }
  return status;
});

const kinds: Record<Inode['kind'], string> = { file: 'regular file', directory: 'directory', link: 'symbolic link', char: 'character special file', block: 'block special file', socket: 'socket', fifo: 'fifo' };

function field(letter: string, inode: Inode, path: string, shell: Shell): string {
  const [user, group] = owner(inode, shell);
  const values: Record<string, string | number> = { a: (inode.mode & 0o7777).toString(8), A: modeText(inode), u: inode.uid, g: inode.gid, U: user, G: group, s: nodeSize(inode), n: path, N: path, Y: Math.floor(inode.mtime / 1000), F: inode.kind === 'file' && contentOf(inode) === '' ? 'regular empty file' : kinds[inode.kind] };
  return String(values[letter] ?? '?');
}

const stat = plain((args, io, shell) => {
  const { values, letters, rest } = options(args, 'c');
  const { files } = shell.process;
  let status = 0;
  for (const path of rest) {
    const full = resolvePath(path, shell.cwd);
    status |= attempt(io, (reason) => `stat: can't stat '${path}': ${reason}`, () => {
      const inode = letters.includes('L') ? files.find(full) : files.findLink(full);
      if (!inode) return void files.readFile(full);
      const of = (letter: string) => field(letter, inode, path, shell);
      const template = values['c'] ?? `  File: %N\n  Size: %s\t\tFile type: %F\nAccess: (%a/%A)  Uid: (%u/%U)   Gid: (%g/%G)`;
      io.out(`${template.replace(/%([a-zA-Z])/g, (_, letter: string) => of(letter))}\n`);
    });
  }
  return status;
});

const device = { ext4: '/dev/sda1', tmpfs: 'tmpfs', overlay: 'overlay', proc: 'proc', nfs4: 'nfs' } as Record<string, string>;

/** What is mounted, the root first. */
function mounted({ process: { files } }: Shell): { path: string; type: string; readOnly: boolean }[] {
  return [{ path: '/', type: 'overlay', readOnly: false }, ...[...files.mounts].map(({ path, type = 'ext4', readOnly = false }) => ({ path, type, readOnly }))];
}

export const listingCommands: Record<string, Command> = {
  ls,
  stat,
  find,
  du: plain((args, io, shell) => {
    for (const path of operands(args).length > 0 ? operands(args) : ['.']) {
      const node = shell.process.files.find(resolvePath(path, shell.cwd));
      if (node) io.out(`${Math.ceil((usageOf(node) + 4096) / 1024)}\t${path}\n`);
    }
  }),
  df: plain((args, io, shell) => {
    const size = 61_255_492;
    const only = operands(args).map((path) => shell.process.files.mountOf(resolvePath(path, shell.cwd))?.path ?? '/');
    io.out('Filesystem           1K-blocks      Used Available Use% Mounted on\n');
    for (const { path, type } of mounted(shell)) {
      if (type === 'proc' || (only.length > 0 && !only.includes(path))) continue;
      const [all, used] = type === 'tmpfs' ? [65_536, 0] : [size, Math.round(size * 0.12)];
      io.out(`${(device[type] ?? type).padEnd(20)} ${String(all).padStart(9)} ${String(used).padStart(9)} ${String(all - used).padStart(9)} ${String(Math.ceil((used / all) * 100)).padStart(3)}% ${path}\n`);
    }
  }),
  mount: plain((args, io, shell) => {
    if (operands(args).length > 0) {
      io.err('mount: permission denied (are you root?)\n');
      return 1;
    }
    for (const { path, type, readOnly } of mounted(shell)) io.out(`${device[type] ?? type} on ${path} type ${type} (${readOnly ? 'ro' : 'rw'},relatime)\n`);
    return 0;
  }),
};
