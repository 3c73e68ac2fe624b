export { type Command, commandNames, commands } from './commands.ts';
export { machinePing } from './ping.ts';
export { ExitShell } from './leaving.ts';
export { type Io, Shell, type Signals } from './shell.ts';
export { parseScript } from './syntax.ts';
export { ShellSyntaxError } from './tree.ts';
