// Commands that change the shell itself.
import { resolvePath } from '../../machine/index.ts';
import { arithmetic } from './arithmetic.ts';
import { namesOf } from './expansion.ts';
import { getopts } from './getopts.ts';
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
      const back = args[0] === '-';
      const path = resolvePath(back ? (shell.variables.get('OLDPWD') ?? shell.cwd) : (args[0] ?? shell.variables.get('HOME') ?? '/'), shell.cwd);
      if (!shell.process.files.isDirectory(path)) {
        io.err(`${shell.name}: cd: line 0: can't cd to ${args[0]}: No such file or directory\n`);
        return 2;
      }
      shell.variables.set('OLDPWD', shell.cwd);
      shell.cwd = path;
      if (back) io.out(`${path}\n`);
      return 0;
    }
    case 'local':
      for (const text of args) shell.keep(text.split('=', 1)[0]!);
      return assign(shell, args);
    case 'export':
    case 'readonly':
      return assign(shell, args);
    case 'let':
      return args.map((text) => arithmetic(text, namesOf(shell))).at(-1) ? 0 : 1;
    case 'umask':
      if (args.length === 0) io.out('0022\n');
      return 0;
    case 'unset':
      for (const variable of args) shell.variables.delete(variable);
      return 0;
    case 'set':
      return setOptions(shell, args);
    case 'alias':
    case 'hash':
      return 0;
    case 'shift':
      if (shell.parameters.length < Number(args[0] ?? 1)) return 1;
      shell.parameters = shell.parameters.slice(Number(args[0] ?? 1));
      return 0;
    case 'trap':
      return trap(shell, args);
    case 'getopts':
      return getopts(shell, args, io);
    case 'read':
      return readLine(shell, args, io);
    default:
      return undefined;
  }
}

function assign(shell: Shell, args: readonly string[]): number {
  for (const text of args) if (text.includes('=')) shell.variables.set(text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1));
  return 0;
}

/** `set -e`, `set -- a b`. Differs from Kubernetes: of the options only `-e` and `-u` do something. */
function setOptions(shell: Shell, args: readonly string[]): number {
  let i = 0;
  for (; /^[-+]\w/.test(args[i] ?? ''); i++) {
    if (args[i]!.slice(1).includes('e')) shell.errexit = args[i]!.startsWith('-');
    if (args[i]!.slice(1).includes('u')) shell.nounset = args[i]!.startsWith('-');
    if (args[i]!.endsWith('o')) i++;
  }
  if (args[i] === '--') i++;
  else if (i >= args.length) return 0;
  shell.parameters = args.slice(i);
  return 0;
}

// Differs from Kubernetes: of a signal's handler only its `exit` counts; what it prints is not shown.
function trap(shell: Shell, [handler = '', ...names]: readonly string[]): number {
  if (names.some((name) => name === 'EXIT' || name === '0')) shell.atEnd = handler === '-' ? '' : handler;
  if (!shell.signals || !names.some((s) => /^(SIG)?TERM$|^15$/.test(s))) return 0;
  const status = /exit\s*(\d*)/.exec(handler);
  if (status) shell.signals.exitCode = Number(status[1] || 0);
  return 0;
}
