// Package managers and new users, as far as somebody tries them in a container.
import { joinPath } from '../../../machine/index.ts';
import type { Io, Shell } from '../shell.ts';
import { type Command, commandError, flags, operands, plain } from './command.ts';

/** Bytes of what a package brings. Differs from Kubernetes: one file each, and nothing that it needs. */
const packages: Record<string, number> = { vim: 4_000_000, curl: 520_000, git: 9_700_000, nano: 880_000, procps: 2_300_000, 'net-tools': 990_000, iproute2: 3_300_000, wget: 990_000, python3: 24_000_000, gcc: 155_000_000, make: 1_600_000 };

const lists = '/var/lib/apt/lists/archive_dists_main_binary-amd64_Packages';

function systemOf({ process }: Shell): string {
  return /^ID=(\w+)$/m.exec(process.files.read('/etc/os-release') ?? '')?.[1] ?? '';
}

function put(path: string, bytes: number, { process: { files } }: Shell): void {
  files.makeDirectories(path.slice(0, path.lastIndexOf('/')));
  files.write(path, '', 0o755);
  const node = files.find(path);
  if (node?.kind === 'file') node.bytes = bytes;
}

/** `apt-get`, and `apt`, which is made for people and says so. */
const apt = (name: 'apt' | 'apt-get') => plain((args, io, shell) => {
  if (!/^(debian|ubuntu)$/.test(systemOf(shell))) return commandError(io, `${shell.name}: ${name}: not found`, 127);
  if (name === 'apt') io.err('\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n\n');
  if (shell.process.user.uid !== 0) return commandError(io, 'E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)\nE: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?', 100);
  const say = /q/.test(flags(args.filter((word) => /^-q+$/.test(word)))) ? () => {} : io.out;
  const [action, ...names] = operands(args);
  if (action === 'update') {
    put(lists, 19_000_000, shell);
    say('Reading package lists...\n');
    return 0;
  }
  if (action === 'clean') return 0;
  if (action !== 'install') return commandError(io, `E: Invalid operation ${action ?? ''}`, 100);
  const unknown = names.find((name) => !packages[name] || !shell.process.files.find(lists));
  if (unknown) return commandError(io, `E: Unable to locate package ${unknown}`, 100);
  say(`Reading package lists...\nBuilding dependency tree...\nThe following NEW packages will be installed:\n  ${names.join(' ')}\n`);
  for (const name of names) {
    put(joinPath('/usr/bin', name), packages[name]!, shell);
    say(`Setting up ${name} ...\n`);
  }
  return 0;
});

const apk = plain((args, io, shell) => {
  if (systemOf(shell) !== 'alpine') return commandError(io, `${shell.name}: apk: not found`, 127);
  const [action, ...names] = operands(args);
  if (action !== 'add') return 0;
  const unknown = names.filter((name) => !packages[name]);
  if (unknown.length > 0) return commandError(io, `ERROR: unable to select packages:\n${unknown.map((name) => `  ${name} (no such package):\n    required by: world[${name}]`).join('\n')}`, unknown.length);
  for (const [i, name] of names.entries()) {
    put(joinPath('/usr/bin', name), packages[name]!, shell);
    io.out(`(${i + 1}/${names.length}) Installing ${name}\n`);
  }
  return 0;
});

const useradd = plain((args, io: Io, shell) => {
  const name = operands(args).at(-1) ?? '';
  const { files } = shell.process;
  const text = files.read('/etc/passwd') ?? '';
  if (text.split('\n').some((line) => line.startsWith(`${name}:`))) return commandError(io, `useradd: user '${name}' already exists`, 9);
  const id = 1000 + text.split('\n').filter((line) => /^[^:]*:x:1\d\d\d:/.test(line)).length;
  files.write('/etc/passwd', `${text}${name}:x:${id}:${id}::/home/${name}:/bin/sh\n`);
  files.write('/etc/group', `${files.read('/etc/group') ?? ''}${name}:x:${id}:\n`);
  files.makeDirectories(`/home/${name}`);
  return 0;
});

export const packageCommands: Record<string, Command> = { apt: apt('apt'), 'apt-get': apt('apt-get'), apk, useradd, adduser: useradd };
