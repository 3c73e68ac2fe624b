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
  return `OCI runtime exec failed: exec failed: unable to start container process: exec: "${name}": ${why}`;
}

/** Differs from Kubernetes: the command takes no time of the cluster; `took` tells how long it would have run. */
export function runCommand(container: Container, command: readonly string[], { shell, stdin = '' }: { shell: boolean; stdin?: string }): ExecResult {
  const error = missingCommand(command, { shell, tools: container.tools });
  if (error) return { stdout: '', stderr: '', exitCode: 126, error };
  return runShell(container, command, stdin);
}

/** Runs a command of the shell to its end at once. */
export function runShell(process: Process, command: readonly string[], stdin = ''): ExecResult {
  let [stdout, stderr, took, exitCode] = ['', '', 0, 0];
  const sh = new Shell(process);
  const run = sh.command(command, { stdin, out: (text) => void (stdout += text), err: (text) => void (stderr += text) });
  try {
    for (let step = run.next(); ; step = run.next()) {
      if (step.done) {
        exitCode = step.value;
        break;
      }
      took += step.value;
      // A command that never ends is interrupted, as Ctrl-C would.
      if (took > 3_600_000) {
        exitCode = run.return(130).value;
        break;
      }
    }
  } catch (error) {
    if (!(error instanceof ExitShell)) throw error;
    exitCode = error.status;
  }
  return { stdout, stderr, exitCode, took };
}
