// Finds who a command is for.
import { resolvePath } from '../../machine/index.ts';
import { builtin } from './builtins.ts';
import { commands } from './commands.ts';
import { goingOn } from './going.ts';
import { ReturnFunction } from './leaving.ts';
import type { Io, Running$, Shell } from './shell.ts';
import { parseScript } from './syntax.ts';
import { isTest, test } from './test.ts';
import type { Node } from './tree.ts';

/** Runs one command, its words expanded: a function, what the shell itself does, a program or a script. */
export function* invoke(shell: Shell, argv: readonly string[], io: Io): Running$ {
  yield* shell.breathe();
  const name = argv[0]!;
  const body = shell.functions.get(name);
  if (body) return yield* call(shell, body, argv.slice(1), io);
  if (name === 'wait') return yield* goingOn(shell.going, 'endless', wait(shell));
  const done = builtin(shell, /^\/(usr\/)?bin\/(true|false)$/.test(name) ? name.replace(/.*\//, '') : name, argv.slice(1), io);
  if (done !== undefined) return (shell.status = done);
  if (name === 'exec' || name === 'command' || name === 'nohup') return yield* shell.command(argv.slice(1), io);
  if (name === 'eval' || name === '.' || name === 'source') {
    const text = name === 'eval' ? argv.slice(1).join(' ') : (shell.process.files.read(resolvePath(argv[1] ?? '', shell.cwd)) ?? '');
    return yield* shell.run(parseScript(text), io);
  }
  if (isTest(name.replace(/^\/(usr\/)?bin\//, ''))) return (shell.status = test(argv, shell.process.files, shell.cwd));
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (/^(sh|bash|ash|dash)$/.test(base)) return yield* child(shell, argv.slice(1), io, name);
  const command = shell.extra[base] ?? commands[base];
  if (command) return (shell.status = yield* command(argv, io, shell));
  const script = name.includes('/') ? shell.process.files.read(resolvePath(name, shell.cwd)) : undefined;
  if (script !== undefined) return yield* child(shell, [name, ...argv.slice(1)], io);
  if (shell.exec(argv)) {
    yield Infinity;
  }
  io.err(`${shell.name}: ${name}: not found\n`);
  return (shell.status = 127);
}

function* child(shell: Shell, args: readonly string[], io: Io, name = shell.name): Running$ {
  const inner = shell.copy(shell.signals);
  inner.name = name;
  return (shell.status = yield* main(inner, args, io));
}

/** `sh [-c script] [file] [args]` */
function* main(shell: Shell, args: readonly string[], io: Io): Running$ {
  let i = 0;
  let script: string | undefined;
  while (i < args.length && /^[-+]/.test(args[i]!)) {
    const option = args[i++]!;
    if (option.includes('e') && !option.startsWith('--')) shell.errexit = true;
    if (/^-\w*c/.test(option)) {
      script = args[i++] ?? '';
      break;
    }
  }
  if (script !== undefined) {
    shell.name = args[i] ?? shell.name;
    shell.parameters = args.slice(i + 1);
    return yield* shell.script(script, io);
  }
  if (i < args.length) {
    const text = shell.process.files.read(resolvePath(args[i]!, shell.cwd));
    shell.parameters = args.slice(i + 1);
    if (text !== undefined) return yield* shell.script(text, io);
    io.err(`${shell.name}: can't open '${args[i]}': No such file or directory\n`);
    return 2;
  }
  return yield* shell.script(io.stdin, io);
}

function* call(shell: Shell, body: Node, args: readonly string[], io: Io): Running$ {
  const before = shell.parameters;
  shell.parameters = args;
  try {
    return yield* shell.run(body, io);
  } catch (error) {
    if (error instanceof ReturnFunction) return (shell.status = error.status);
    throw error;
  } finally {
    shell.parameters = before;
  }
}

function* wait(shell: Shell): Running$ {
  if (shell.signals) shell.signals.waiting = true;
  while (shell.jobs > 0) yield 500;
  if (shell.signals) shell.signals.waiting = false;
  return (shell.status = 0);
}
