// What systemd asks of the machine: to run a command line. Who knows programs (`lib/workloads`) answers.

/** How a process ended: by itself with a status, or by a signal. */
export interface Ending {
  by: 'exited' | 'killed';
  status: number;
}

export interface Execution {
  argv: readonly string[];
  environment: Readonly<Record<string, string>>;
  workingDirectory: string;
  /** A line of its output. */
  out(line: string): void;
  /** It says that it is ready: READY=1 of Type=notify. */
  ready(): void;
  ended(ending: Ending): void;
}

export interface Executed {
  readonly pid: number;
  /** SIGTERM; `ended` comes when it is gone. */
  terminate(): void;
  /** Gone at once: SIGKILL, or the power failed. */
  kill(): void;
}

/** Why a command line cannot be run. */
export type NotExecuted = 'No such file or directory' | 'Permission denied' | 'Exec format error';
export type Executor = (execution: Execution) => Executed | NotExecuted;

const names: Readonly<Record<number, string>> = { 0: 'SUCCESS', 1: 'FAILURE', 2: 'INVALIDARGUMENT', 3: 'NOTIMPLEMENTED', 4: 'NOPERMISSION', 5: 'NOTINSTALLED', 6: 'NOTCONFIGURED', 7: 'NOTRUNNING', 200: 'CHDIR', 203: 'EXEC', 255: 'EXCEPTION' };
const signals: Readonly<Record<number, string>> = { 9: 'KILL', 15: 'TERM' };

/** `code=exited, status=1/FAILURE` */
export const endingText = ({ by, status }: Ending): string => `code=${by}, status=${status}/${by === 'killed' ? (signals[status] ?? 'n/a') : (names[status] ?? 'n/a')}`;

/** SIGTERM counts as an orderly end. */
export const isClean = ({ by, status }: Ending): boolean => (by === 'exited' ? status === 0 : status === 15);
