// The small commands of busybox and coreutils that lessons and manifests use.
import { duration } from '../../sim/index.ts';
import { joinPath, resolvePath, sizeOf } from '../../machine/index.ts';
import { arithmetic } from './arithmetic.ts';
import { attempt, type Command, commandError, options, plain } from './commands/command.ts';
import { diff } from './commands/diff.ts';
import { fileCommands } from './commands/files.ts';
import { listingCommands } from './commands/listing.ts';
import { packageCommands } from './commands/packages.ts';
import { systemCommands } from './commands/system.ts';
import { tar } from './commands/tar.ts';
import { basename } from './commands/basename.ts';
import { textCommands } from './commands/text.ts';
import { timeout } from './commands/timeout.ts';
import { curl, wget } from './fetch.ts';
import { dig } from './dig.ts';
import { nc } from './netcat.ts';
import { namesOf } from './expansion.ts';
import { forEver, goingOn } from './going.ts';
import { netstat } from './netstat.ts';
import { pingCommands } from './ping.ts';
import { nslookup } from './nslookup.ts';
import { sysctl } from './sysctl.ts';
import { redisCli } from './redis-cli.ts';

export type { Command } from './commands/command.ts';

/** `dd if=… of=… bs=1M count=5`: bytes of a file or zeros. Without a count a source that never ends keeps a CPU busy. */
const dd: Command = function* (argv, io, shell) {
  const given = Object.fromEntries(argv.slice(1).map((word) => word.split('=') as [string, string]));
  const source = given['if'];
  const endless = source !== undefined && /^\/dev\/(zero|u?random)$/.test(source);
  const { files } = shell.process;
  if (endless && given['count'] === undefined) {
    shell.process.useCpu(1);
    return yield* goingOn(shell.going, 'endless', forEver());
  }
  const units: Record<string, number> = { '': 1, k: 1024, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };
  const [, number = '512', unit = ''] = /^(\d+)([kKMG]?)/.exec(given['bs'] ?? '512') ?? [];
  const [size, count] = [Number(number) * units[unit]!, given['count'] === undefined ? undefined : Number(given['count'])];
  return attempt(io, (reason) => `dd: can't open '${source ?? given['of']}': ${reason}`, () => {
    const text = endless ? '\0'.repeat(size * count!) : (source ? files.readFile(resolvePath(source, shell.cwd)) : io.stdin).slice(0, count === undefined ? undefined : size * count);
    if (given['of']) files.write(resolvePath(given['of'], shell.cwd), text);
    else io.out(text);
    const blocks = Math.ceil(sizeOf(text) / size);
    io.err(`${blocks}+0 records in\n${blocks}+0 records out\n${sizeOf(text)} bytes copied\n`);
  });
};

const variables: Command = function* (argv, io, shell) {
  const rest = [...argv.slice(1)];
  const set: [string, string][] = [];
  while (/^\w+=/.test(rest[0] ?? '')) set.push(rest.shift()!.split(/=(.*)/s, 2) as [string, string]);
  if (rest.length > 0) {
    for (const [name, value] of set) shell.variables.set(name, value);
    return yield* shell.command(rest, io);
  }
  for (const [name, value] of [...shell.variables, ...set]) io.out(`${name}=${value}\n`);
  return 0;
};

export const commands: Record<string, Command> = {
  ...textCommands,
  ...fileCommands,
  ...listingCommands,
  ...systemCommands,
  ...packageCommands,
  tar,
  diff,
  dd,
  env: variables,
  *sleep(argv, io) {
    const text = argv[1] ?? '';
    if (text === 'infinity' || text === 'inf') yield Infinity;
    if (!/^\d+(\.\d+)?[smhd]?$/.test(text)) {
      io.err(`sleep: invalid number '${text}'\n`);
      return 1;
    }
    yield duration(/[smhd]$/.test(text) ? text : `${text}s`);
    return 0;
  },
  timeout,
  printenv: plain((args, io, shell) => {
    if (args.length === 0) for (const [name, value] of shell.variables) io.out(`${name}=${value}\n`);
    for (const name of args) {
      if (!shell.variables.has(name)) return 1;
      io.out(`${shell.variables.get(name)}\n`);
    }
    return 0;
  }),
  pwd: plain((_, io, shell) => io.out(`${shell.cwd}\n`)),
  expr: plain((args, io, shell) => {
    const value = args.length === 3 ? arithmetic(args.join(' '), namesOf(shell)) : (args[0] ?? '');
    io.out(`${value}\n`);
    return value === 0 || value === '' ? 1 : 0;
  }),
  truncate: plain((args, io, shell) => {
    const units: Record<string, number> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };
    const { values, rest } = options(args, 's');
    const [, number, unit = ''] = /^(\d+)([KMG]?)$/.exec(values['s'] ?? '') ?? [];
    if (!number) return commandError(io, "truncate: you must specify either '--size' or '--reference'", 1);
    for (const path of rest) {
      const full = resolvePath(path, shell.cwd);
      shell.process.files.write(full, '');
      const node = shell.process.files.find(full);
      if (node?.kind === 'file') node.bytes = Number(number) * units[unit]!;
    }
    return 0;
  }),
  basename,
  dirname: plain((args, io) => io.out(`${(args[0] ?? '').replace(/\/[^/]*\/*$/, '') || (args[0]?.startsWith('/') ? '/' : '.')}\n`)),
  which: plain((args, io, shell) => {
    const paths = ['/usr/local/bin', '/usr/bin', '/bin'].map((directory) => joinPath(directory, args[0] ?? ''));
    const found = args[0] ? (paths.find((path) => shell.process.files.find(path)?.kind === 'file') ?? (args[0] in commands ? `/bin/${args[0]}` : undefined)) : undefined;
    if (!found) return 1;
    io.out(`${found}\n`);
    return 0;
  }),
  mktemp: plain((args, io, shell) => {
    const path = joinPath('/tmp', `tmp.${shell.process.random.suffix(6)}`);
    if (args.includes('-d')) shell.process.files.makeDirectory(path, 0o700);
    else shell.process.files.write(path, '', 0o600);
    io.out(`${path}\n`);
  }),
  wget,
  curl,
  'redis-cli': redisCli,
  nslookup,
  nc,
  netstat,
  sysctl,
  ...pingCommands,
  dig,
  /** `getent hosts NAME…`: what the C library finds, /etc/hosts first. */
  getent: plain(([database, ...names], io, shell) => {
    if (database !== 'hosts') return 1;
    let status = 0;
    for (const name of names) {
      const { addresses, name: found } = shell.process.resolve(name);
      if (addresses.length === 0) status = 2;
      for (const address of addresses.slice(0, 1)) io.out(`${address.padEnd(15)} ${found}\n`);
    }
    return status;
  }),
};

/** What a directory of programs holds. */
export const commandNames: readonly string[] = ['sh', 'ash', 'true', 'false', 'test', '[', ...Object.keys(commands).filter((name) => !(name in packageCommands))].sort();

