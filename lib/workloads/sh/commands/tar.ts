// tar as `kubectl cp` uses it: an archive to standard output, and one from standard input.
import { type ArchiveEntry, bytesOf, FileError, joinPath, pack, resolvePath, splitPath, textOf, unpack } from '../../../machine/index.ts';
import type { Io, Shell } from '../shell.ts';
import { attempt, type Command, plain } from './command.ts';

function* entries(path: string, cwd: string, shell: Shell): Generator<ArchiveEntry> {
  const { files } = shell.process;
  const full = resolvePath(path, cwd);
  const inode = files.findLink(full);
  if (!inode) throw new FileError('ENOENT');
  const { kind, mode, uid, gid, mtime } = inode;
  if (kind !== 'file' && kind !== 'directory' && kind !== 'link') return;
  const name = path.replace(/^\/+|\/+$/g, '') || '.';
  yield { name, kind, mode, uid, gid, mtime, content: kind === 'file' ? files.readFile(full) : '', ...(kind === 'link' && { target: inode.target }) };
  if (kind === 'directory') for (const entry of files.list(full)) yield* entries(joinPath(path.replace(/\/+$/, '') || '/', entry), cwd, shell);
}

function extract(bytes: Uint8Array, cwd: string, shell: Shell): void {
  const { files } = shell.process;
  for (const { name, kind, content, target = '', mode = 0o644 } of unpack(bytes)) {
    const path = resolvePath(name, cwd);
    files.makeDirectories(kind === 'directory' ? path : splitPath(path)[0]);
    if (kind === 'link') files.makeLink(target, path);
    if (kind !== 'file') continue;
    files.write(path, content);
    files.changeMode(path, mode & 0o777);
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
  const { create, archive, directory, names } = parse(args);
  const cwd = resolvePath(directory, shell.cwd);
  const { files } = shell.process;
  const file = resolvePath(archive, shell.cwd);
  return attempt(io, (reason) => `tar: ${names[0] ?? directory}: ${reason}${create ? '\ntar: error exit delayed from previous errors' : ''}`, () => {
    if (!create) return extract(bytesOf(archive === '-' ? io.stdin : files.readFile(file)), cwd, shell);
    const text = textOf(pack(names.flatMap((name) => [...entries(name, cwd, shell)])));
    if (names.some((name) => name.startsWith('/'))) io.err("tar: removing leading '/' from member names\n");
    if (archive === '-') io.out(text);
    else files.write(file, text);
  });
}

export const tar: Command = plain(run);
