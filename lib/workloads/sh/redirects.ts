// `> file`, `2>&1`, `< file`, `<<END`.
import { FileError, resolvePath } from '../../machine/index.ts';
import { expandText } from './expansion.ts';
import type { Io, Running$, Shell } from './shell.ts';
import type { Redirect } from './tree.ts';

/** Streams of which the output goes to a file, as long as `out` still is what is written there. */
export interface RedirectedIo extends Io {
  toFile?: Io['out'];
}

/** Runs `body` with its streams turned elsewhere. */
export function* redirected(shell: Shell, redirects: Redirect[], io: Io, body: (io: Io) => Running$): Running$ {
  if (redirects.length === 0) return yield* body(io);
  const inner: RedirectedIo = { ...io };
  const { files } = shell.process;
  for (const { fd, operator, target } of redirects) {
    const name = yield* expandText(shell, target, io);
    if (operator === '>&') {
      if (fd === 2 && name === '1') inner.err = inner.out;
      else if (fd === 1 && name === '2') inner.out = inner.err;
      continue;
    }
    if (operator === '<<') {
      inner.stdin = name;
      continue;
    }
    const path = resolvePath(name, shell.cwd);
    if (operator === '<') {
      try {
        inner.stdin = files.readFile(path);
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
      if (fd === 2) inner.err = to;
      else inner.out = to;
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
    if (fd === 2) inner.err = write;
    else inner.out = inner.toFile = write;
  }
  return yield* body(inner);
}
