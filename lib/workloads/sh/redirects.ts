// `> file`, `2>&1`, `< file`, `<<END`.
import { FileError, resolvePath } from '../../machine/index.ts';
import { expandText } from './expansion.ts';
import type { Io, Running$, Shell } from './shell.ts';
import type { Redirect } from './tree.ts';

/** Streams of which the output goes to a file, as long as `out` still is what is written there. */
export interface RedirectedIo extends Io {
  toFile?: Io['out'];
}

function turnOne(io: Io, fd: number, to: Io['out']): void {
  if (fd === 1) io.out = to;
  else if (fd === 2) io.err = to;
  else io.others = { ...io.others, [fd]: to };
}

/** Runs `body` with its streams turned elsewhere. */
export function* redirected(shell: Shell, redirects: Redirect[], io: Io, body: (io: Io) => Running$): Running$ {
  if (redirects.length === 0) return yield* body(io);
  const inner: RedirectedIo = { ...io };
  const { files } = shell.process;
  for (const { fd, operator, target } of redirects) {
    const name = yield* expandText(shell, target, io);
    if (operator === '>&') {
      const to = name === '1' ? inner.out : name === '2' ? inner.err : inner.others?.[name];
      if (to) turnOne(inner, fd, to);
      continue;
    }
    if (operator === '<<') {
      inner.stdin = name;
      inner.feed = undefined;
      continue;
    }
    const path = resolvePath(name, shell.cwd);
    if (operator === '<') {
      try {
        inner.stdin = files.readFile(path);
        inner.feed = undefined;
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        io.err(`${shell.name}: can't open ${name}: ${error.code === 'ENOENT' ? 'no such file' : error.message}\n`);
        return (shell.status = 1);
      }
      continue;
    }
    const stream = /^\/dev\/(stdout|stderr)$|^\/proc\/(?:1|self)\/fd\/([12])$/.exec(path);
    if (stream) {
      const to = stream[1] === 'stderr' || stream[2] === '2' ? io.err : io.out;
      turnOne(inner, fd, to);
      continue;
    }
    let text = operator === '>>' ? (files.read(path) ?? '') : '';
    try {
      files.write(path, text);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      io.err(`${shell.name}: can't create ${name}: ${error.code === 'ENOENT' ? 'nonexistent directory' : error.message}\n`);
      return (shell.status = 1);
    }
    const write = (piece: string) => {
      text += piece;
      files.write(path, text);
    };
    turnOne(inner, fd, write);
    if (fd === 1) inner.toFile = write;
  }
  return yield* body(inner);
}

/** `exec > file`: the streams of the shell itself, from here on. */
export function* turn(io: Io, to: Io): Running$ {
  Object.assign(io, to);
  return 0;
}

/** Runs `body` with streams that it can turn for itself; what it has read is read for the others too. */
export function* withOwnStreams(io: Io, body: (io: Io) => Running$): Running$ {
  const own = { ...io };
  try {
    return yield* body(own);
  } finally {
    if (own.stdin !== io.stdin && own.feed === io.feed) io.stdin = own.stdin;
  }
}
