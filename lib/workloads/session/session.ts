// `kubectl exec`: a command in a container with somebody at the other end of its streams.
import type { Session, SessionOptions } from '../../machine/index.ts';
import type { Container } from '../container.ts';
import { missingCommand } from '../exec.ts';
import { type Io, Shell } from '../sh/index.ts';
import { drive } from './drive.ts';
import { isInteractiveShell, plainLines, type Reader, shellReader } from './interactive.ts';
import { cooked, lineDiscipline } from './terminal.ts';

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
  const interactive = options.stdin && isInteractiveShell(command);
  const reader = interactive ? shellReader(container, command[0]!, { ...options, io }) : commandReader(container, command, { ...options, io });
  const write = tty ? lineDiscipline(reader, out) : plainLines(reader);
  return { write, close: () => reader.eof(), stop: () => reader.stop(), alive };
}

type ReaderOptions = SessionOptions & { io: Io };

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
