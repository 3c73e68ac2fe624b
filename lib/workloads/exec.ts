// `kubectl exec`, exec probes and hooks: a command that runs beside a container's main process and is over at once.
import type { ExecResult } from '../machine/index.ts';
import type { Container } from './container.ts';
import type { Process } from './program.ts';
import { type Command, commands, ExitShell, Shell } from './sh/index.ts';

const builtins = /^(sh|bash|ash|dash|true|false|test|\[|:)$/;

/** What is in a container besides its main process: the small commands of a shell, and what only its image has. */
export interface Commands {
  shell: boolean;
  tools?: Readonly<Record<string, Command>> | undefined;
}

/** Why a command cannot be started; undefined when it is there. */
export function missingCommand([name = '']: readonly string[], { shell, tools }: Commands): string | undefined {
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (tools && base in tools) return undefined;
  if (shell && (builtins.test(base) || base in commands)) return undefined;
  const why = name.includes('/') ? `stat ${name}: no such file or directory` : 'executable file not found in $PATH';
  return `exec: "${name}": ${why}`;
}

/** How a runtime answers who wants to run what cannot be started: containerd with an error, Docker in the output of the command. */
export function refusal(why: string, { docker, id }: Pick<Execution, 'docker' | 'id'>): Pick<ExecResult, 'stdout' | 'exitCode' | 'error'> {
  if (docker) return { stdout: `OCI runtime exec failed: exec failed: container_linux.go:370: starting container process caused: ${why}: unknown\r\n`, exitCode: 126 };
  return { stdout: '', exitCode: 126, error: `failed to exec in container: failed to start exec ${JSON.stringify(id())}: OCI runtime exec failed: exec failed: unable to start container process: ${why}` };
}

/** One thing that is to run in a container. */
export interface Execution {
  shell: boolean;
  docker: boolean;
  /** What the runtime calls it. */
  id(): string;
}

/** Differs from Kubernetes: the command takes no time of the cluster; `took` tells how long it would have run. */
export function runCommand(container: Container, command: readonly string[], { shell, docker, id, ...options }: Execution & RunOptions): ExecResult {
  const why = missingCommand(command, { shell, tools: container.tools });
  if (why) return { stderr: '', ...refusal(why, { docker, id }) };
  return runShell(container, command, options);
}

export interface RunOptions {
  stdin?: string;
  /** What never ends is interrupted after so many milliseconds. */
  endless?: number | undefined;
}

/** A command is over after this, whatever it does. */
const longest = 3_600_000;
/** A loop that counts is over some time, if it counts well. */
const counted = 600_000;
/** Whoever waits for so long at once knows what for: a command that never ends has short steps. */
const longWait = 10_000;

/** Runs a command of the shell to its end at once. What never ends is interrupted, as by Ctrl-C. */
export function runShell(process: Process, command: readonly string[], { stdin = '', endless = longest }: RunOptions = {}): ExecResult {
  let [stdout, stderr, took, busy, exitCode] = ['', '', 0, 0, 0];
  let interrupted: number | undefined;
  const sh = new Shell(process);
  const run = sh.command(command, { stdin, out: (text) => void (stdout += text), err: (text) => void (stderr += text) });
  try {
    for (let step = run.next(); ; step = run.next()) {
      if (step.done) {
        exitCode = step.value;
        break;
      }
      took += step.value;
      const limit = sh.going.endless > 0 || step.value === Infinity ? endless : sh.going.counting > 0 ? Math.max(endless, counted) : longest;
      if (limit < longest && step.value < longWait) busy += step.value;
      if (took <= longest && busy <= limit) continue;
      interrupted = limit;
      stdout += '^C';
      exitCode = run.return(130).value;
      break;
    }
  } catch (error) {
    if (!(error instanceof ExitShell)) throw error;
    exitCode = error.status;
  }
  return { stdout, stderr, exitCode, took, ...(interrupted !== undefined && { interrupted }) };
}
