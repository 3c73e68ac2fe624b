// Finds who a command is for.
import { resolvePath } from '../../machine/index.ts';
import { builtin } from './builtins.ts';
import type { Command } from './commands/command.ts';
import { commands } from './commands.ts';
import type { Feed } from './feed.ts';
import { goingOn } from './going.ts';
import { streamed, wantsInput } from './streaming.ts';
import { ExitShell } from './leaving.ts';
import { withOwnStreams } from './redirects.ts';
import type { Io, Running$, Shell } from './shell.ts';
import { parseScript } from './syntax.ts';
import { isTest, test } from './test.ts';

/** Runs one command, its words expanded: a function, what the shell itself does, a program or a script. */
export function* invoke(shell: Shell, argv: readonly string[], io: Io): Running$ {
  yield* shell.breathe();
  const name = argv[0]!;
  const body = shell.functions.get(name);
  if (body) return yield* shell.call(body, argv.slice(1), io);
  if (name === 'wait') return yield* goingOn(shell.going, 'endless', wait(shell));
  if (name === 'read' && io.feed && !io.stdin.includes('\n') && (yield* io.feed.more())) io.stdin += io.feed.takeLine();
  const done = builtin(shell, /^\/(usr\/)?bin\/(true|false)$/.test(name) ? name.replace(/.*\//, '') : name, argv.slice(1), io);
  if (done !== undefined) return (shell.status = done);
  if (name === 'type' || (name === 'command' && /^-[vV]$/.test(argv[1] ?? ''))) return (shell.status = whatIs(shell, argv.slice(name === 'type' ? 1 : 2), io, name === 'type'));
  if (name === 'exec' || name === 'command' || name === 'nohup') return argv.length === 1 ? (shell.status = 0) : yield* shell.command(argv.slice(1), io);
  if (name === 'eval' || name === '.' || name === 'source') {
    const text = name === 'eval' ? argv.slice(1).join(' ') : shell.process.files.read(resolvePath(argv[1] ?? '', shell.cwd));
    if (text !== undefined) return yield* shell.run(parseScript(text), io);
    io.err(`${shell.name}: ${name}: line 0: can't open '${argv[1] ?? ''}': No such file or directory\n`);
    throw new ExitShell(2);
  }
  if (isTest(name.replace(/^\/(usr\/)?bin\//, ''))) return (shell.status = test(argv, shell.process.files, shell.cwd, (message) => io.err(`${shell.name}: ${message}\n`)));
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (/^(sh|bash|ash|dash)$/.test(base)) return yield* child(shell, argv.slice(1), io, name);
  const command = shell.extra[base] ?? commands[base];
  if (command) return (shell.status = yield* io.feed ? fromFeed(shell, argv, { io, feed: io.feed, command }) : command(argv, io, shell));
  const script = name.includes('/') ? shell.process.files.read(resolvePath(name, shell.cwd)) : undefined;
  if (script !== undefined) return yield* child(shell, [name, ...argv.slice(1)], io);
  if (shell.exec(argv)) {
    yield Infinity;
  }
  io.err(`${shell.name}: ${name}: not found\n`);
  return (shell.status = 127);
}

/** Takes its input while it comes, if it can. What does not read leaves it to the next one. */
function* fromFeed(shell: Shell, argv: readonly string[], { io, feed, command }: { io: Io; feed: Feed; command: Command }): Running$ {
  const running = io.stdin === '' ? streamed(argv, { io, shell, feed, command }) : undefined;
  if (running) return yield* running;
  if (!wantsInput(argv)) return yield* command(argv, io, shell);
  io.stdin += yield* feed.rest();
  return yield* command(argv, { ...io, feed: undefined }, shell);
}

const ownCommands = /^(:|\.|\[|alias|bg|break|cd|command|continue|echo|eval|exec|exit|export|false|fg|getopts|kill|let|local|printf|pwd|read|readonly|return|set|shift|source|test|times|trap|true|type|ulimit|umask|unset|wait)$/;

/** `type` and `command -v`: what a name would run. */
function whatIs(shell: Shell, names: readonly string[], io: Io, inWords: boolean): number {
  let status = 0;
  for (const name of names) {
    const path = name in shell.extra || name in commands ? `/bin/${name}` : '';
    if (shell.functions.has(name)) io.out(inWords ? `${name} is a function\n` : `${name}\n`);
    else if (ownCommands.test(name)) io.out(inWords ? `${name} is a shell builtin\n` : `${name}\n`);
    else if (path) io.out(inWords ? `${name} is ${path}\n` : `${path}\n`);
    else {
      if (inWords) io.out(`${name}: not found\n`);
      status = 127;
    }
  }
  return status;
}

function* child(shell: Shell, args: readonly string[], io: Io, name = shell.name): Running$ {
  const inner = shell.copy(shell.signals);
  inner.name = name;
  return (shell.status = yield* withOwnStreams(io, (own) => main(inner, args, own)));
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

function* wait(shell: Shell): Running$ {
  if (shell.signals) shell.signals.waiting = true;
  shell.status = yield* shell.jobs.wait();
  if (shell.signals) shell.signals.waiting = false;
  return shell.status;
}
