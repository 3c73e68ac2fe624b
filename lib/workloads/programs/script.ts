import type { Process, Program, Running } from '../program.ts';
import { isInteractiveShell } from '../session/interactive.ts';
import { Audience, mainReader } from '../session/main-reader.ts';
import { mainShell } from '../session/main-shell.ts';
import { readsInput } from '../session/reads-input.ts';
import { ExitShell, type Io, Shell, type Signals } from '../sh/index.ts';

/** A container whose main process is a shell or one of its commands. */
export function script(argv: readonly string[], programOf: (argv: readonly string[]) => Program | undefined): Program {
  return (process) => {
    if (process.input && isInteractiveShell(argv)) return mainShell(process, argv[0]!, process.input);
    const signals: Signals = { waiting: false };
    const state = { busyUntil: 0 };
    let replaced: Running | undefined;
    let pending = '';
    const flush = () => {
      if (pending) process.logPiece(pending);
      pending = '';
    };
    const audience = new Audience();
    const write = (text: string) => {
      audience.show(text);
      const lines = (pending + text).split('\n');
      pending = lines.pop()!;
      if (lines.length > 0) process.logLines(lines);
    };
    const io: Io = { stdin: '', out: write, err: write, flush };
    const exec = (command: readonly string[]) => {
      const program = programOf(command);
      if (program) replaced = program(process);
      return program !== undefined;
    };
    const shell = new Shell(process, { signals, exec, onClock: true });
    const start = (stdin: string) => advance(process, shell.command(argv, { ...io, stdin }), { state, over: () => (flush(), audience.end()) });
    process.useMemory(1_000_000);
    const reader = process.input && readsInput(argv, process.input.tty) ? mainReader(audience, { once: process.input.once, start }) : undefined;
    if (!reader) start('');
    return {
      ...reader,
      get terminate() {
        if (replaced) return replaced.terminate;
        if (signals.exitCode === undefined) return undefined;
        return { after: signals.waiting ? 50 : Math.max(50, state.busyUntil - process.clock.now), exitCode: signals.exitCode };
      },
    };
  };
}

/** Runs until the script waits, and goes on when the wait is over. */
function advance(process: Process, steps: Generator<number, number, void>, { state, over }: { state: { busyUntil: number }; over(): void }): void {
  let status: number;
  try {
    const step = steps.next();
    if (!step.done) {
      state.busyUntil = process.clock.now + step.value;
      if (step.value !== Infinity) process.after(step.value, () => advance(process, steps, { state, over }));
      return;
    }
    status = step.value;
  } catch (error) {
    if (!(error instanceof ExitShell)) throw error;
    status = error.status;
  }
  over();
  // A process takes a moment even when it does nothing: its container is seen running first.
  process.after(process.clock.now === startOf(process) ? 10 : 0, () => process.exit(status));
}

const startOf = (process: Process) => (process as { startedAt?: number }).startedAt;
