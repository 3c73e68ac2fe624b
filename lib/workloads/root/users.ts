// Users and groups as the images' /etc/passwd and /etc/group have them.
import type { Credentials } from '../../machine/index.ts';

/** Name → uid and gid, in the order of the file. */
const users: [name: string, uid: number, gid: number, home: string, shell: string][] = [
  ['root', 0, 0, '/root', '/bin/sh'],
  ['daemon', 1, 1, '/usr/sbin', '/bin/false'],
  ['bin', 2, 2, '/bin', '/bin/false'],
  ['sys', 3, 3, '/dev', '/bin/false'],
  ['www-data', 33, 33, '/var/www', '/bin/false'],
  ['nginx', 101, 101, '/nonexistent', '/bin/false'],
  ['nobody', 65534, 65534, '/home', '/bin/false'],
];

export const passwd = users.map(([name, uid, gid, home, shell]) => `${name}:x:${uid}:${gid}:${name}:${home}:${shell}\n`).join('');
export const group = users.map(([name, , gid]) => `${name}:x:${gid}:\n`).join('');

/** The credentials behind an image's `USER`: `1000`, `1000:2000`, `nginx`. */
export function imageUser(text: string): Credentials {
  const [user = '', group] = text.split(':');
  const known = users.find(([name]) => name === user);
  const uid = known?.[1] ?? Number.parseInt(user);
  return { uid, gid: group ? Number.parseInt(group) : (known?.[2] ?? 0), groups: [] };
}

export function homeOf(passwd: string, uid: number): string {
  return entryOf(passwd, uid)?.[5] ?? '/';
}

/** The name of a uid in a passwd file, or of a gid in a group file. */
export const nameOf = (file: string, id: number): string | undefined => entryOf(file, id)?.[0];

/** The id of a name in such a file. */
export const idOf = (file: string, name: string): number | undefined => {
  const fields = file.split('\n').map((line) => line.split(':')).find((line) => line[0] === name);
  return fields && Number(fields[2]);
};

const entryOf = (file: string, id: number) => file.split('\n').map((line) => line.split(':')).find((line) => line[2] === String(id));
