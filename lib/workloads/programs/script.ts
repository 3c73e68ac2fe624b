import type { Process, Program, Running } from '../program.ts';
import { isInteractiveShell } from '../session/interactive.ts';
import { Audience, mainReader, onTerminal } from '../session/main-reader.ts';
import { mainShell } from '../session/main-shell.ts';
import { readsInput } from '../session/reads-input.ts';
import { ExitShell, type Io, Shell, type Signals } from '../sh/index.ts';

/** A container whose main process is a shell or one of its commands. */
export function script(argv: readonly string[], programOf: (argv: readonly string[]) => Program | undefined): Program {
  return (process) => {
    if (process.input && isInteractiveShell(argv)) return mainShell(process, argv[0]!, process.input);
    const signals: Signals = { waiting: false };
    const state: State = { busyUntil: 0, over: false };
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
    let steps: Steps | undefined;
    const over = () => (flush(), audience.end());
    const start = (stdin: string) => advance(process, (steps = shell.command(argv, { ...io, stdin })), { state, over });
    // Differs from Kubernetes: Ctrl-C ends the script, and not just the command that runs in it, which is not process 1.
    const interrupt = () => {
      if (state.over) return;
      state.over = true;
      steps?.return(130);
      over();
      process.exit(130);
    };
    process.useMemory(1_000_000);
    const { tty = false, once = false } = process.input ?? {};
    const input = process.input && readsInput(argv, tty) ? mainReader(audience, { once, start }) : undefined;
    const reader = input ?? (tty ? onTerminal(audience, interrupt) : undefined);
    if (!input) start('');
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

type Steps = Generator<number, number, void>;

interface State {
  busyUntil: number;
  /** Somebody ended it. */
  over: boolean;
}

/** Runs until the script waits, and goes on when the wait is over. */
function advance(process: Process, steps: Steps, { state, over }: { state: State; over(): void }): void {
  if (state.over) return;
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
