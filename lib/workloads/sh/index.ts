export { type Command, commands } from './commands.ts';
export { ExitShell, type Io, Shell, type Signals } from './shell.ts';
export { parseScript, ShellSyntaxError } from './syntax.ts';
