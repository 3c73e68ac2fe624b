// Commands of agnhost that look around in a container and end: run by hand in one that does something else.
import type { DialError } from '../../../machine/index.ts';
import { type Command, commandError, plain } from '../../sh/commands/command.ts';
import type { Shell } from '../../sh/shell.ts';
import { flag, goMilliseconds } from './options.ts';

const linesOf = (path: string, { process }: Shell): string[] => (process.files.read(path) ?? '').split('\n');

/** What follows the first line of /etc/resolv.conf that starts with the word. */
const fromResolver = (word: string) =>
  plain((_, io, shell) => {
    const line = linesOf('/etc/resolv.conf', shell).find((line) => line.startsWith(word));
    if (line === undefined) return commandError(io, 'panic: Could not find DNS search list!', 2);
    io.out(`${line.split(' ').slice(1).join(',')}\n`);
    return 0;
  });

const failures: Record<DialError, string> = { refused: 'REFUSED', timeout: 'TIMEOUT', unreachable: 'OTHER: dial tcp: connect: no route to host', closed: 'OTHER: dial tcp: connect: connection reset by peer', 'no-such-host': '' };
/** What a kernel waits for an answer when nobody says, in milliseconds. */
const patience = 130_000;

const connect: Command = function* (argv, io, shell) {
  const [target = ''] = argv.slice(2).filter((word, i, words) => !word.startsWith('-') && !/^--(timeout|protocol)$/.test(words[i - 1] ?? ''));
  const [, host, port] = /^\[?([^\]]*)\]?:(\d+)$/.exec(target) ?? [];
  if (host === undefined) return commandError(io, `UNKNOWN: address ${target}: missing port in address`, 1);
  const { error } = shell.process.dial(host, Number(port), flag(argv, '--protocol') === 'sctp' ? 'sctp' : 'tcp');
  if (!error) return 0;
  if (error === 'timeout') yield goMilliseconds(flag(argv, '--timeout') ?? '') || patience;
  return commandError(io, error === 'no-such-host' ? `DNS: lookup ${host}: no such host` : failures[error], 1);
};

const tools: Record<string, Command> = {
  'dns-suffix': fromResolver('search'),
  'dns-server-list': fromResolver('nameserver'),
  'etc-hosts': plain((_, io, shell) => io.out(`${shell.process.files.read('/etc/hosts') ?? ''}\n`)),
  connect,
};

export const isTool = (name: string): boolean => name in tools;

/** Differs from Kubernetes: what serves does nothing when it is run beside the container's main process. */
export const agnhostTool: Command = function* (argv, io, shell) {
  const name = argv[1] ?? '';
  const tool = tools[name];
  if (tool) return yield* tool(argv, io, shell);
  return commandError(io, `Error: unknown command "${name}" for "app"\nRun 'app --help' for usage.`, 1);
};
