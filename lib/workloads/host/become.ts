// sudo and su: a command in somebody else's name, and what of the environment goes along.
// Differs from Linux: nobody is asked for a password; who is in the group `sudo` may do everything, others nothing.
import type { FileView, Machine } from '../../machine/index.ts';
import type { Command } from '../sh/commands/command.ts';
import { commandError } from '../sh/commands/command.ts';
import { ExitShell } from '../sh/leaving.ts';
import { type Io, type Running$, Shell } from '../sh/shell.ts';
import { type Account, accountName, accountOf, actAs, groupsOf, loginEnvironment } from '../root/accounts.ts';

interface Asked {
  user: string;
  /** -E: the environment stays as it is. */
  keep: boolean;
  /** -i: as after a login; -s: a shell; -H: the other's HOME in any case. */
  login: boolean;
  shell: boolean;
  home: boolean;
  variables: [name: string, value: string][];
  command: string[];
}

const usage = 'usage: sudo -h | -K | -k | -V\nusage: sudo [-EHis] [-u user] [VAR=value] [command [arg ...]]';

/** Undefined for a line that sudo does not understand. */
function parse(args: readonly string[]): Asked | undefined {
  const asked: Asked = { user: 'root', keep: false, login: false, shell: false, home: false, variables: [], command: [] };
  let at = 0;
  for (; at < args.length; at++) {
    const word = args[at]!;
    const [, name = '', value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
    if (word === '-u' || word === '--user') asked.user = args[++at] ?? '';
    else if (/^-[EHisn]+$/.test(word)) Object.assign(asked, { keep: asked.keep || word.includes('E'), home: asked.home || word.includes('H'), login: asked.login || word.includes('i'), shell: asked.shell || word.includes('s') });
    else if (name) asked.variables.push([name, value]);
    else if (word === '--') {
      at++;
      break;
    } else if (word.startsWith('-')) return undefined;
    else break;
  }
  asked.command = args.slice(at);
  return asked.command.length > 0 || asked.login || asked.shell ? asked : undefined;
}

/** Until Ubuntu 19.04 sudo left HOME as it was (a patch of Ubuntu's, keep_home_by_default). */
const keepsHome = ({ os }: Machine) => /^Ubuntu 1([0-8]\.|9\.04)/.test(os.image);

const mayAll = (files: FileView, { uid }: { uid: number }) => uid === 0 || groupsOf(files, accountName(files, uid) ?? '').some(({ name }) => name === 'sudo');

/** Names that sudo takes along although it begins with an empty environment. */
const kept = ['DISPLAY', 'LANG', 'LANGUAGE', 'LS_COLORS', 'TERM', 'TZ'];

function environment({ keep, login, home, variables }: Asked, target: Account, { machine, shell }: { machine: Machine; shell: Shell }): Record<string, string> {
  const before = Object.fromEntries(shell.variables);
  const invoker = accountName(machine.files, shell.process.user.uid) ?? '';
  const own = { ...loginEnvironment(target), SUDO_USER: invoker, SUDO_UID: String(shell.process.user.uid) };
  const taken = Object.fromEntries(kept.flatMap((name) => (before[name] === undefined ? [] : [[name, before[name]!]])));
  const stays = !login && !home && (keep || keepsHome(machine)) && before['HOME'] !== undefined;
  return { ...(keep && !login ? before : taken), ...own, ...(stays && { HOME: before['HOME']! }), ...Object.fromEntries(variables) };
}

/** Another shell of another user; `extra` are the commands of this machine. */
export function* runAs(shell: Shell, target: Account, { env, files, cwd, io, run }: { env: Record<string, string>; files: FileView; cwd: string; io: Io; run(inner: Shell): Running$ }): Running$ {
  const inner = new Shell(actAs(shell.process, target, { env, files }), { extra: shell.extra });
  inner.cwd = cwd;
  try {
    return yield* run(inner);
  } catch (error) {
    if (error instanceof ExitShell) return error.status;
    throw error;
  }
}

export const sudo = (machine: Machine): Command =>
  function* (argv, io, shell) {
    const { files } = machine;
    const asked = parse(argv.slice(1));
    if (!asked) return commandError(io, usage, 1);
    const target = accountOf(files, asked.user);
    if (!target) return commandError(io, `sudo: unknown user ${asked.user}`, 1);
    const invoker = shell.process.user;
    if (!mayAll(files, invoker)) return commandError(io, `${accountName(files, invoker.uid) ?? invoker.uid} is not in the sudoers file.${machine.os.cgroup === 1 ? '  This incident will be reported.' : ''}`, 1);
    const env = environment(asked, target, { machine, shell });
    const cwd = asked.login ? target.home : shell.cwd;
    return yield* runAs(shell, target, { env, files, cwd, io, *run(inner) {
      const name = asked.command[0];
      if (name === undefined) return yield* inner.script(io.stdin, io);
      // A program, not what only a shell knows.
      if (!asked.login && !asked.shell && /^(cd|export|source|\.|alias|ulimit)$/.test(name)) return commandError(io, `sudo: ${name}: command not found`, 1);
      return yield* inner.command(asked.command, io);
    } });
  };

/** `su [-] [user] [-c script]` */
export const su = (machine: Machine): Command =>
  function* (argv, io, shell) {
    const words = argv.slice(1);
    const at = words.findIndex((word) => word === '-c' || word === '--command');
    const script = at < 0 ? io.stdin : (words[at + 1] ?? '');
    const rest = at < 0 ? words : words.toSpliced(at, 2);
    const login = rest.some((word) => word === '-' || word === '-l' || word === '--login');
    const name = rest.find((word) => !word.startsWith('-')) ?? 'root';
    const { files } = machine;
    const target = accountOf(files, name);
    if (!target) return commandError(io, `su: user ${name} does not exist or the user entry does not contain all the required fields`, 1);
    if (shell.process.user.uid !== 0) return commandError(io, 'su: Authentication failure', 1);
    const env = login ? loginEnvironment(target) : { ...Object.fromEntries(shell.variables), HOME: target.home, SHELL: target.shell, ...(target.uid !== 0 && { USER: name, LOGNAME: name }) };
    return yield* runAs(shell, target, { env, files, cwd: login ? target.home : shell.cwd, io, run: (inner) => inner.script(script, io) });
  };
