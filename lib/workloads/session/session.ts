// `kubectl exec`: a command in a container with somebody at the other end of its streams.
import type { Session, SessionOptions } from '../../machine/index.ts';
import type { Container } from '../container.ts';
import { missingCommand } from '../exec.ts';
import { type Io, Shell } from '../sh/index.ts';
import { drive } from './drive.ts';
import { ShellSession } from './shell.ts';
import { cooked, type LineReader, lineDiscipline } from './terminal.ts';

const shells = /^(?:.*\/)?(sh|bash|ash|dash)$/;

export function startSession(container: Container, command: readonly string[], { shell, ...options }: SessionOptions & { shell: boolean }): Session {
  const alive = () => container.state === 'running';
  const problem = missingCommand(command, shell);
  if (problem) {
    options.done({ exitCode: 126, error: problem });
    return { write() {}, close() {}, stop() {}, alive };
  }
  const { tty, out, err } = options;
  const [print, complain] = tty ? [(text: string) => out(cooked(text)), (text: string) => out(cooked(text))] : [out, err];
  const io: Io = { stdin: '', out: print, err: complain };
  const interactive = options.stdin && shells.test(command[0]!) && command.slice(1).every((word) => /^-[il]+$/.test(word));
  const reader = interactive ? shellReader(container, command[0]!, { ...options, io }) : commandReader(container, command, { ...options, io });
  const write = tty ? lineDiscipline(reader, out) : plainLines(reader);
  return { write, close: () => reader.eof(), stop: () => reader.stop(), alive };
}

interface Reader extends LineReader {
  stop(): void;
}
type ReaderOptions = SessionOptions & { io: Io };

function shellReader(container: Container, path: string, { io, tty, out, done }: ReaderOptions): Reader {
  const name = shells.exec(path)![1]!;
  const shell = new Shell(container);
  shell.name = name;
  const small = /busybox|alpine/.test(container.config.image.name);
  const sign = () => (name === 'bash' ? `root@${container.hostname}:${shell.cwd}# ` : small || name === 'ash' ? `${shell.cwd} # ` : '# ');
  const session = new ShellSession(shell, {
    clock: container.clock,
    io,
    prompt: (more) => tty && out(more ? '> ' : sign()),
    ended: (exitCode) => done({ exitCode }),
  });
  return { line: (text) => session.line(text), eof: () => session.close(), interrupt: () => session.interrupt(), stop: () => session.stop() };
}

/** Any other command: it reads what came until the end of its input, and runs then. */
function commandReader(container: Container, command: readonly string[], { io, stdin, done }: ReaderOptions): Reader {
  let text = '';
  let running: { stop(): void } | undefined;
  const start = () => {
    running ??= drive(new Shell(container).command(command, { ...io, stdin: text }), { clock: container.clock, ended: (exitCode) => done({ exitCode }) });
  };
  if (!stdin || !readsInput(command)) start();
  return {
    line: (line) => void (text += `${line}\n`),
    eof: start,
    interrupt: () => {
      running?.stop();
      done({ exitCode: 130 });
    },
    stop: () => running?.stop(),
  };
}

/** Whether a command waits for input: those that are known not to start at once, as `exec -it pod -- ls` must. */
const readsInput = (command: readonly string[]) => /^(?:.*\/)?(cat|tee|wc|grep|sort|head|tail|sed|xargs|read|sh|bash|ash|dash|base64|md5sum|sha256sum|tr|cut|awk)$/.test(command[0]!) && !/^-\w*c/.test(command[1] ?? '');

/** Input without a terminal: whole lines as they are complete, the rest at the end. */
function plainLines(reader: LineReader): (text: string) => void {
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
