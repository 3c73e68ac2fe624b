// useradd, usermod and adduser of a machine.
import { FileError, type Machine } from '../../machine/index.ts';
import { commandError, type Command, plain } from '../sh/commands/command.ts';
import { accountOf } from '../root/accounts.ts';

const firstUid = 1000;

interface Wish {
  name: string;
  groups: string[];
  home: boolean;
  shell: string;
  append: boolean;
}

const long: Record<string, string> = { '--create-home': '-m', '--groups': '-G', '--shell': '-s', '--append': '-a', '--user-group': '-U' };

function parse(args: readonly string[]): Wish {
  const wish: Wish = { name: '', groups: [], home: false, shell: '/bin/sh', append: false };
  for (let i = 0; i < args.length; i++) {
    const word = long[args[i]!] ?? args[i]!;
    if (word === '-s') wish.shell = args[++i] ?? '';
    else if (/^-a?G$/.test(word)) Object.assign(wish, { groups: (args[++i] ?? '').split(',').filter(Boolean), append: wish.append || word === '-aG' });
    else if (word === '-m' || word === '-a') Object.assign(wish, word === '-m' ? { home: true } : { append: true });
    else if (word === '-c' || word === '--gecos' || word === '-d') i++;
    else if (!word.startsWith('-')) wish.name = word;
  }
  return wish;
}

/** Puts him into groups; the name of the first that is not there is returned. */
function enterGroups({ files }: Machine, name: string, groups: readonly string[]): string | undefined {
  const lines = (files.read('/etc/group') ?? '').split('\n').filter(Boolean);
  const missing = groups.find((group) => !lines.some((line) => line.startsWith(`${group}:`)));
  if (missing !== undefined) return missing;
  const entered = lines.map((line) => {
    const [group = '', password, gid, members = ''] = line.split(':');
    if (!groups.includes(group)) return line;
    return [group, password, gid, [...new Set([...members.split(',').filter(Boolean), name])].join(',')].join(':');
  });
  files.write('/etc/group', `${entered.join('\n')}\n`);
  return undefined;
}

function add(machine: Machine, { name, groups, home, shell }: Wish): string | undefined {
  const { files } = machine;
  const taken = (files.read('/etc/passwd') ?? '').split('\n').map((line) => Number(line.split(':')[2])).filter((uid) => uid >= firstUid && uid < 60_000);
  const uid = Math.max(firstUid - 1, ...taken) + 1;
  files.write('/etc/passwd', `${files.read('/etc/passwd') ?? ''}${name}:x:${uid}:${uid}::/home/${name}:${shell}\n`);
  files.write('/etc/group', `${files.read('/etc/group') ?? ''}${name}:x:${uid}:\n`);
  if (home) {
    files.makeDirectories(`/home/${name}`);
    files.changeMode(`/home/${name}`, 0o750);
    files.changeOwner(`/home/${name}`, { uid, gid: uid });
  }
  return enterGroups(machine, name, groups);
}

const asRoot = (name: string, run: (machine: Machine, wish: Wish, io: Parameters<Command>[1]) => number) => (machine: Machine): Command =>
  plain((args, io, shell) => {
    const wish = parse(args);
    if (wish.name === '') return commandError(io, `Usage: ${name} [options] LOGIN`, 2);
    if (shell.process.user.uid !== 0) return commandError(io, `${name}: Permission denied.\n${name}: cannot lock /etc/passwd; try again later.`, 1);
    try {
      return run(machine, wish, io);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return commandError(io, `${name}: ${error.message}`, 1);
    }
  });

const newUser = (name: string, usual: Partial<Wish>) =>
  asRoot(name, (machine, wish, io) => {
    if (accountOf(machine.files, wish.name)) return commandError(io, name === 'adduser' ? `adduser: The user \`${wish.name}' already exists.` : `useradd: user '${wish.name}' already exists`, name === 'adduser' ? 1 : 9);
    if (!/^[a-z_][-a-z0-9_]*$/.test(wish.name)) return commandError(io, `${name}: invalid user name '${wish.name}': use --badname to ignore`, 3);
    const missing = add(machine, { ...wish, ...usual });
    return missing === undefined ? 0 : commandError(io, `${name}: group '${missing}' does not exist`, 6);
  });

const usermod = asRoot('usermod', (machine, { name, groups }, io) => {
  if (!accountOf(machine.files, name)) return commandError(io, `usermod: user '${name}' does not exist`, 6);
  const missing = enterGroups(machine, name, groups);
  return missing === undefined ? 0 : commandError(io, `usermod: group '${missing}' does not exist`, 6);
});

/** Differs from Linux: usermod adds to groups and takes out of none, and adduser asks nothing and says nothing. */
export const userCommands = (machine: Machine): Record<string, Command> => ({ useradd: newUser('useradd', {})(machine), adduser: newUser('adduser', { home: true, shell: '/bin/bash' })(machine), usermod: usermod(machine) });
