export { commands } from './commands.ts';
export { ExitShell, type Io, Shell } from './shell.ts';
export { parseScript, ShellSyntaxError } from './syntax.ts';
