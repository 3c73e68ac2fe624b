// Who, where and when: id, date, hostname, ps, kill and their like.
import { joinPath, resolvePath } from '../../../machine/index.ts';
import { idOf, nameOf } from '../../root/users.ts';
import type { Io, Shell } from '../shell.ts';
import { accountOf } from '../../root/accounts.ts';
import { attempt, type Command, commandError, flags, operands, plain } from './command.ts';
import { date } from './date.ts';

function named(shell: Shell, file: string, id: number): string | undefined {
  return nameOf(shell.process.files.read(file) ?? '', id);
}

function id(args: readonly string[], io: Io, shell: Shell): number {
  const [asked] = operands(args);
  const user = asked === undefined ? shell.process.user : accountOf(shell.process.files, asked);
  if (!user) return commandError(io, `id: unknown user ${asked}`, 1);
  const { uid, gid, groups } = user;
  const letters = flags(args);
  const all = [...new Set([gid, ...groups])];
  const shown = (file: string, number: number) => {
    const name = named(shell, file, number);
    return name ? `${number}(${name})` : String(number);
  };
  const pick = (file: string, number: number) => (letters.includes('n') ? (named(shell, file, number) ?? String(number)) : String(number));
  if (letters.includes('u')) io.out(`${pick('/etc/passwd', uid)}\n`);
  else if (letters.includes('g')) io.out(`${pick('/etc/group', gid)}\n`);
  else if (letters.includes('G')) io.out(`${all.map((g) => pick('/etc/group', g)).join(' ')}\n`);
  else io.out(`uid=${shown('/etc/passwd', uid)} gid=${shown('/etc/group', gid)} groups=${all.map((g) => shown('/etc/group', g)).join(',')}\n`);
  return 0;
}

function ps(_: readonly string[], io: Io, shell: Shell): void {
  const { argv = [], user, processes } = shell.process;
  const rows = processes?.call(shell.process) ?? [{ pid: 1, uid: user.uid, argv }];
  io.out('PID   USER     TIME  COMMAND\n');
  for (const row of rows) io.out(`${String(row.pid).padStart(5)} ${(named(shell, '/etc/passwd', row.uid) ?? String(row.uid)).padEnd(8)}  0:00 ${row.argv.join(' ')}\n`);
  // Differs from a real one: it does not see itself.
}

/** The kernel's name, the host's, the kernel's release: one kernel, whoever asks. */
function unameWords(letters: string, { process }: Shell): string[] {
  const words: [letter: string, word: string][] = [['s', 'Linux'], ['n', process.hostname], ['r', (process.files.read('/proc/sys/kernel/osrelease') ?? '').trim()], ['v', '#1 SMP'], ['m', 'x86_64'], ['o', 'GNU/Linux']];
  return words.filter(([letter]) => letters.includes('a') || (letters || 's').includes(letter)).map(([, word]) => word);
}

export const systemCommands: Record<string, Command> = {
  hostname: plain((args, io, shell) => io.out(`${/[iI]/.test(flags(args)) ? shell.process.ips.join(' ') : shell.process.hostname}\n`)),
  date,
  id: plain(id),
  groups: plain((args, io, shell) => id(['-Gn', ...args], io, shell)),
  whoami: plain((_, io, shell) => {
    const name = named(shell, '/etc/passwd', shell.process.user.uid);
    if (name) io.out(`${name}\n`);
    else io.err(`whoami: unknown uid ${shell.process.user.uid}\n`);
    return name ? 0 : 1;
  }),
  uname: plain((args, io, shell) => io.out(`${unameWords(flags(args), shell).join(' ')}\n`)),
  nproc: plain((_, io, shell) => io.out(`${shell.process.files.read('/proc/cpuinfo')?.match(/^processor/gm)?.length ?? 1}\n`)),
  ps: plain(ps),
  kill: plain((args, _, shell) => {
    if (operands(args).at(-1) !== '1') return 1;
    // Process 1 hears only what it has a handler for: even a kill -9 from inside its container does nothing.
    if (!args.includes('-9') && !args.includes('-KILL')) shell.process.terminate();
    return 0;
  }),
  ip: plain((args, io, shell) => {
    if (args[0] === 'link' && args[1] === 'add' && !shell.process.may('NET_ADMIN')) {
      io.err('ip: RTNETLINK answers: Operation not permitted\n');
      return 2;
    }
    if (/^a(ddr)?$/.test(args[0] ?? '')) io.out(`1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue\n    inet 127.0.0.1/8 scope host lo\n2: eth0@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue\n${shell.process.ips.map((own) => `    inet${own.includes(':') ? '6' : ''} ${own}/${own.includes(':') ? 64 : 24} scope global eth0\n`).join('')}`);
    return 0;
  }),
  chown: plain((args, io, shell) => changeOwner(args, io, shell)),
  sync: plain(() => 0),
  clear: plain(() => 0),
};

function changeOwner(args: readonly string[], io: Io, shell: Shell): number {
  const [who = '', ...paths] = operands(args);
  const [user = '', group] = who.split(/[:.]/);
  const { files } = shell.process;
  const idIn = (file: string, name: string | undefined) => (!name ? undefined : /^\d+$/.test(name) ? Number(name) : idOf(files.read(file) ?? '', name));
  const [uid, gid] = [idIn('/etc/passwd', user), idIn('/etc/group', group)];
  if (user && uid === undefined) {
    io.err(`chown: unknown user/group ${who}\n`);
    return 1;
  }
  let status = 0;
  const owner = { ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) };
  const change = (path: string, all: boolean) => {
    files.changeOwner(path, owner);
    if (all && files.findLink(path)?.kind === 'directory') for (const name of files.list(path)) change(joinPath(path, name), true);
  };
  for (const path of paths) status |= attempt(io, (reason) => `chown: ${path}: ${reason}`, () => change(resolvePath(path, shell.cwd), flags(args).includes('R')));
  return status;
}
