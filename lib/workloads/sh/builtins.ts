// Commands that change the shell itself.
import { resolvePath } from '../../machine/index.ts';
import { ExitShell, LoopControl, ReturnFunction } from './leaving.ts';
import { readLine } from './read.ts';
import type { Io, Shell } from './shell.ts';

/** The status of a command that only the shell itself can do; undefined for any other. */
export function builtin(shell: Shell, name: string, args: readonly string[], io: Io): number | undefined {
  const number = (text: string | undefined, otherwise: number) => (text === undefined ? otherwise : Number(text) & 255);
  switch (name) {
    case ':':
    case 'true':
      return 0;
    case 'false':
      return 1;
    case 'exit':
      throw new ExitShell(number(args[0], shell.status));
    case 'return':
      throw new ReturnFunction(number(args[0], shell.status));
    case 'break':
    case 'continue':
      throw new LoopControl(name, Number(args[0] ?? 1));
    case 'cd': {
      const path = resolvePath(args[0] ?? shell.variables.get('HOME') ?? '/', shell.cwd);
      if (!shell.process.files.isDirectory(path)) {
        io.err(`${shell.name}: cd: can't cd to ${args[0]}: No such file or directory\n`);
        return 2;
      }
      shell.cwd = path;
      return 0;
    }
    case 'export':
    case 'readonly':
    case 'local':
      for (const text of args) if (text.includes('=')) shell.variables.set(text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1));
      return 0;
    case 'unset':
      for (const variable of args) shell.variables.delete(variable);
      return 0;
    case 'set':
      if (args[0]?.startsWith('-') && args[0].includes('e')) shell.errexit = true;
      return 0;
    case 'shift':
      shell.parameters = shell.parameters.slice(Number(args[0] ?? 1));
      return 0;
    case 'trap':
      return trap(shell, args);
    case 'read':
      return readLine(shell, args, io);
    default:
      return undefined;
  }
}

// Differs from Kubernetes: of a handler only its `exit` counts; what it prints is not shown.
function trap(shell: Shell, [handler = '', ...names]: readonly string[]): number {
  if (!shell.signals || !names.some((s) => /^(SIG)?TERM$|^15$/.test(s))) return 0;
  const status = /exit\s*(\d*)/.exec(handler);
  if (status) shell.signals.exitCode = Number(status[1] || 0);
  return 0;
}
