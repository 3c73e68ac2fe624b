// tar as `kubectl cp` uses it: an archive to standard output, and one from standard input. Format: POSIX ustar.
import { bytesOf, FileError, type Inode, joinPath, resolvePath, splitPath, textOf } from '../../../machine/index.ts';
import type { Io, Shell } from '../shell.ts';
import { attempt, type Command, plain } from './command.ts';

const block = 512;
const padded = (size: number) => Math.ceil(size / block) * block;
const types: Partial<Record<Inode['kind'], string>> = { file: '0', link: '2', directory: '5' };

function header(name: string, inode: Inode, size: number): Uint8Array {
  const out = new Uint8Array(block);
  const put = (at: number, text: string) => out.set(bytesOf(text), at);
  const octal = (at: number, width: number, value: number) => put(at, value.toString(8).padStart(width - 1, '0'));
  const [prefix, base] = name.length <= 100 ? ['', name] : [name.slice(0, name.indexOf('/', name.length - 101)), name.slice(name.indexOf('/', name.length - 101) + 1)];
  put(0, base);
  octal(100, 8, inode.mode & 0o7777);
  octal(108, 8, inode.uid);
  octal(116, 8, inode.gid);
  octal(124, 12, size);
  octal(136, 12, Math.floor(inode.mtime / 1000));
  put(148, '        ');
  put(156, types[inode.kind] ?? '0');
  if (inode.kind === 'link') put(157, inode.target);
  put(257, 'ustar\x0000');
  put(345, prefix);
  put(148, `${out.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `);
  return out;
}

function create(paths: readonly string[], cwd: string, shell: Shell): Uint8Array {
  const pieces: Uint8Array[] = [];
  const { files } = shell.process;
  const add = (path: string) => {
    const full = resolvePath(path, cwd);
    const inode = files.findLink(full);
    if (!inode) throw new FileError('ENOENT');
    const name = path.replace(/^\/+/, '');
    const content = inode.kind === 'file' ? bytesOf(files.readFile(full)) : new Uint8Array();
    pieces.push(header(inode.kind === 'directory' ? `${name.replace(/\/*$/, '')}/` : name, inode, content.length), content, new Uint8Array(padded(content.length) - content.length));
    if (inode.kind === 'directory') for (const entry of files.list(full)) add(joinPath(path.replace(/\/+$/, '') || '/', entry));
  };
  for (const path of paths) add(path);
  pieces.push(new Uint8Array(2 * block));
  return joined(pieces);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

/** What a header says; undefined at the end. Long names come in the pax header before (`path`). */
function entryAt(bytes: Uint8Array, at: number) {
  if (at + block > bytes.length || bytes[at] === 0) return undefined;
  const text = (from: number, length: number) => textOf(bytes.subarray(at + from, at + from + length)).replace(/\0.*$/s, '');
  const number = (from: number, length: number) => Number.parseInt(text(from, length).trim() || '0', 8);
  const prefix = text(345, 155);
  const size = number(124, 12);
  return { name: prefix ? `${prefix}/${text(0, 100)}` : text(0, 100), type: text(156, 1) || '0', mode: number(100, 8), target: text(157, 100), size, content: bytes.subarray(at + block, at + block + size), next: at + block + padded(size) };
}

function extract(bytes: Uint8Array, cwd: string, shell: Shell): void {
  const { files } = shell.process;
  let longName: string | undefined;
  for (let entry = entryAt(bytes, 0); entry; entry = entryAt(bytes, entry.next)) {
    const { type, mode, target, content } = entry;
    if (type === 'x') longName = /\d+ path=(.*)\n/.exec(textOf(content))?.[1];
    if (type === 'x' || type === 'g') continue;
    const path = resolvePath(longName ?? entry.name, cwd);
    longName = undefined;
    files.makeDirectories(splitPath(path)[0]);
    if (type === '5') files.makeDirectories(path);
    else if (type === '2') files.makeLink(target, path);
    else {
      files.write(path, textOf(content));
      files.changeMode(path, mode & 0o777);
    }
  }
}

/** `cf`, `-xmf`, `--create`: which of the two is meant, the archive, the directory, the names. */
function parse(args: readonly string[]): { create: boolean; archive: string; directory: string; names: string[] } {
  let [letters, archive, directory] = ['', '-', '.'];
  const names: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (word === '-C') directory = args[++i] ?? '.';
    else if (word.startsWith('--')) continue;
    else if (i === 0 || /^-\w/.test(word)) {
      letters += word;
      if (word.includes('f')) archive = args[++i] ?? '-';
    } else names.push(word);
  }
  return { create: letters.includes('c'), archive, directory, names };
}

function run(args: readonly string[], io: Io, shell: Shell): number {
  const { create: creating, archive, directory, names } = parse(args);
  const cwd = resolvePath(directory, shell.cwd);
  const { files } = shell.process;
  const file = resolvePath(archive, shell.cwd);
  return attempt(io, (reason) => `tar: ${names[0] ?? directory}: ${reason}`, () => {
    if (!creating) return extract(bytesOf(archive === '-' ? io.stdin : files.readFile(file)), cwd, shell);
    if (names.some((name) => name.startsWith('/'))) io.err("tar: removing leading '/' from member names\n");
    const text = textOf(create(names, cwd, shell));
    if (archive === '-') io.out(text);
    else files.write(file, text);
  });
}

export const tar: Command = plain(run);
