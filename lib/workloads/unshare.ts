// unshare: a command in namespaces of its own, without any container around it.
import type { Process } from './program.ts';
import { type Command, ExitShell, Shell } from './sh/index.ts';
import { commandError, plain } from './sh/commands/command.ts';

const long: Record<string, string> = { '--uts': 'u', '--pid': 'p', '--net': 'n', '--mount': 'm', '--ipc': 'i', '--cgroup': 'C', '--user': 'U', '--fork': 'f', '--map-root-user': 'r', '--mount-proc': 'P' };

/** With its own process numbers: it is 1, and what it starts comes after it. */
const ownPs = (title: string): Command =>
  plain((_, io) => {
    const shown = title.split(' ')[0] === 'ps' ? [title] : [title, 'ps'];
    io.out(`    PID TTY          TIME CMD\n${shown.map((command, i) => `${String(i + 1).padStart(7)} ?        00:00:00 ${command.split(' ')[0]!.replace(/.*\//, '')}\n`).join('')}`);
  });

/** A network namespace begins with nothing but a loopback device that is down. */
const ownIp = plain((args, io) => {
  if (/^(a|addr|address|l|link)$/.test(args[0] ?? '')) io.out('1: lo: <LOOPBACK> mtu 65536 qdisc noop state DOWN group default qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n');
});

export const unshare: Command = function* (argv, io, shell) {
  let i = 1;
  let letters = '';
  for (; argv[i]?.startsWith('-'); i++) {
    const word = argv[i]!;
    if (word.startsWith('--') && !long[word]) return commandError(io, `unshare: unrecognized option '${word}'\nTry 'unshare --help' for more information.`, 1);
    letters += long[word] ?? word.slice(1);
  }
  const command = argv.length > i ? argv.slice(i) : ['sh'];
  const outer = shell.process;
  const own = (letter: string) => letters.includes(letter);
  const process: Process = { ...outer, hostname: outer.hostname, ...(own('n') && { dial: (host, port) => ({ ip: host, port, error: 'unreachable' as const }), ping: () => ({ error: 'unreachable' as const }) }) };
  const setName: Command = plain((args, inner) => {
    if (args[0] && !args[0].startsWith('-')) Object.assign(process, { hostname: args[0] });
    else inner.out(`${process.hostname}\n`);
  });
  const inner = new Shell(process, { extra: { ...shell.extra, ...(own('u') && { hostname: setName }), ...(own('p') && own('P') && { ps: ownPs(command.join(' ')) }), ...(own('n') && { ip: ownIp }) } });
  inner.cwd = shell.cwd;
  try {
    return yield* inner.command(command, io);
  } catch (error) {
    if (error instanceof ExitShell) return error.status;
    throw error;
  }
};
