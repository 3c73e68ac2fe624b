// A container whose main process is a shell with an open input: `kubectl run -it busybox`, `kubectl attach -it`.
import type { Session, SessionOptions } from '../../machine/index.ts';
import type { Process, Running } from '../program.ts';
import { plainLines, type Reader, shellReader } from './interactive.ts';
import { cooked, lineDiscipline } from './terminal.ts';

/** Differs from Kubernetes: prompts and the echo of what is typed are not in the log. */
export function mainShell(process: Process, path: string, { tty, once }: { tty: boolean; once: boolean }): Running {
  const attached = new Set<SessionOptions>();
  let [unlogged, ended] = ['', false];
  const show = (text: string) => {
    for (const { out } of attached) out(text);
  };
  const print = (text: string) => {
    const lines = (unlogged + text).split('\n');
    unlogged = lines.pop()!;
    if (lines.length > 0) process.logLines(lines);
    show(tty ? cooked(text) : text);
  };
  const flush = () => {
    if (unlogged) process.logPiece(unlogged);
    unlogged = '';
  };
  const reader: Reader = shellReader(process, path, {
    io: { stdin: '', out: print, err: print, flush },
    tty,
    out: show,
    done({ exitCode }) {
      ended = true;
      for (const { done } of attached) done({ exitCode: 0 });
      process.after(0, () => process.exit(exitCode));
    },
  });
  const write = tty ? lineDiscipline(reader, show) : plainLines(reader);
  process.useMemory(1_000_000);
  return {
    attach(options): Session {
      attached.add(options);
      const leave = () => {
        if (attached.delete(options) && once && options.stdin) reader.eof();
      };
      const close = () => {
        leave();
        if (options.stdin && !once) options.done({ exitCode: 0 });
      };
      return { write, close, stop: leave, alive: () => !ended };
    },
  };
}
