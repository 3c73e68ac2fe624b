// Shells that somebody types into: which commands they are, and how their lines come in.
import type { Process } from '../program.ts';
import { type Io, Shell } from '../sh/index.ts';
import { ShellSession } from './shell.ts';
import type { LineReader } from './terminal.ts';

const shells = /^(?:.*\/)?(sh|bash|ash|dash)$/;

/** A shell without a script: it reads commands from its input. */
export function isInteractiveShell([name = '', ...rest]: readonly string[]): boolean {
  return shells.test(name) && rest.every((word) => /^-[il]+$/.test(word));
}

export interface Reader extends LineReader {
  stop(): void;
}

export interface ShellReaderOptions {
  io: Io;
  tty: boolean;
  /** Prompts; they are no output of a command. */
  out(text: string): void;
  done(result: { exitCode: number }): void;
}

export function shellReader(process: Process, path: string, { io, tty, out, done }: ShellReaderOptions): Reader {
  const name = shells.exec(path)![1]!;
  const shell = new Shell(process, { onClock: true });
  shell.name = name;
  const small = /busybox|alpine/.test((process as { config?: { image: { name: string } } }).config?.image.name ?? '');
  const sign = () => (name === 'bash' ? `root@${process.hostname}:${shell.cwd}# ` : small || name === 'ash' ? `${shell.cwd} # ` : '# ');
  const session = new ShellSession(shell, {
    clock: process.clock,
    io,
    prompt: (more) => tty && out(more ? '> ' : sign()),
    ended: (exitCode) => done({ exitCode }),
  });
  return { line: (text) => session.line(text), eof: () => session.close(), interrupt: () => session.interrupt(), stop: () => session.stop() };
}

/** Input without a terminal: whole lines as they are complete, the rest at the end. */
export function plainLines(reader: LineReader): (text: string) => void {
  let rest = '';
  const { eof } = reader;
  reader.eof = () => {
    if (rest !== '') reader.line(rest);
    eof();
  };
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) reader.line(line);
  };
}
