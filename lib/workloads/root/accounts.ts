// Who has an account on a machine, as /etc/passwd and /etc/group say; and a process in his name.
import type { Credentials, FileView } from '../../machine/index.ts';
import type { Process } from '../program.ts';

export interface Account extends Credentials {
  name: string;
  home: string;
  shell: string;
}

const rows = (files: FileView, path: string) => (files.read(path) ?? '').split('\n').filter(Boolean).map((line) => line.split(':'));

export function accountOf(files: FileView, name: string): Account | undefined {
  const row = rows(files, '/etc/passwd').find((one) => one[0] === name);
  if (!row) return undefined;
  const [, , uid, gid, , home = '/', shell = '/bin/sh'] = row;
  return { name, uid: Number(uid), gid: Number(gid), groups: groupsOf(files, name).map(({ gid: id }) => id), home, shell };
}

export const accountName = (files: FileView, uid: number): string | undefined => rows(files, '/etc/passwd').find((row) => row[2] === String(uid))?.[0];

/** The groups that name him as a member, beside his own. */
export const groupsOf = (files: FileView, name: string): { name: string; gid: number }[] => rows(files, '/etc/group').filter(([, , , members = '']) => members.split(',').includes(name)).map(([group = '', , gid]) => ({ name: group, gid: Number(gid) }));

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What the environment of a fresh login says. */
export const loginEnvironment = ({ name, home, shell }: Account): Record<string, string> => ({ HOME: home, LOGNAME: name, PATH: path, SHELL: shell, USER: name });

/** The same process, as somebody else who sees the same files. */
export const actAs = (process: Process, { uid, gid, groups, home }: Account, { env, files = process.files }: { env: Record<string, string>; files?: FileView }): Process => ({ ...process, env, user: { uid, gid, groups }, files: files.as({ uid, gid, groups }), workingDirectory: files.isDirectory(home) ? home : '/' });
