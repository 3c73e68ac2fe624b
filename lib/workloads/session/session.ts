// `kubectl exec`: a command in a container with somebody at the other end of its streams.
import type { Session, SessionOptions } from '../../machine/index.ts';
import type { Container } from '../container.ts';
import { type Execution, missingCommand, refusal } from '../exec.ts';
import { readsInput } from './reads-input.ts';
import { type Io, Shell } from '../sh/index.ts';
import { type Drive, drive } from './drive.ts';
import { isInteractiveShell, plainLines, type Reader, shellReader } from './interactive.ts';
import { cooked, lineDiscipline } from './terminal.ts';

export function startSession(container: Container, command: readonly string[], { shell, docker, id, ...options }: SessionOptions & Execution): Session {
  const alive = () => container.state === 'running';
  const problem = missingCommand(command, { shell, tools: container.tools });
  if (problem) {
    const { stdout, ...result } = refusal(problem, { docker, id });
    if (stdout) options.out(stdout);
    options.done(result);
    return { write() {}, close() {}, stop() {}, alive };
  }
  const { tty, out, err } = options;
  const [print, complain] = tty ? [(text: string) => out(cooked(text)), (text: string) => out(cooked(text))] : [out, err];
  const io: Io = { stdin: '', out: print, err: complain };
  const interactive = options.stdin && isInteractiveShell(command);
  const reader: Reader & { add?(text: string): void } = interactive ? shellReader(container, command[0]!, { ...options, io }) : commandReader(container, command, { ...options, io });
  const write = tty ? lineDiscipline(reader, out) : (reader.add ?? plainLines(reader));
  return { write, close: () => reader.eof(), stop: () => reader.stop(), alive };
}

type ReaderOptions = SessionOptions & { io: Io };

/** Any other command: one that reads its input starts when all of that is there. */
function commandReader(container: Container, command: readonly string[], { io, stdin, tty, done }: ReaderOptions): Reader & { add(text: string): void } {
  let text = '';
  let running: Drive | undefined;
  const start = () => {
    running ??= drive(new Shell(container, { onClock: true }).command(command, { ...io, stdin: text }), { clock: container.clock, ended: (exitCode) => done({ exitCode }) });
  };
  if (!stdin || !readsInput(command, tty)) start();
  return {
    add: (piece) => void (text += piece),
    line: (line) => void (text += `${line}\n`),
    eof: start,
    interrupt: () => {
      running?.interrupt();
      done({ exitCode: 130 });
    },
    stop: () => running?.stop(),
  };
}
