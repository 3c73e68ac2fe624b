// What is installed on a machine. Differs from dpkg: it is remembered, not read from /var/lib/dpkg.
import type { Machine } from '../../../machine/index.ts';
import { archiveOf, type Package } from './archive.ts';

export interface Installed {
  package: Package;
  /** It came along with another. */
  automatic: boolean;
  /** False: unpacked, but something that it needs is missing. */
  configured: boolean;
}

const databases = new WeakMap<Machine, Map<string, Installed>>();

/** A server's first installation: it can be reached by ssh. */
const first: readonly [name: string, automatic: boolean][] = [['openssh-client', false], ['openssh-server', false], ['openssh-sftp-server', true], ['ncurses-term', true], ['ssh-import-id', true], ['update-manager-core', false]];

export function installedOn(machine: Machine): Map<string, Installed> {
  let known = databases.get(machine);
  if (!known) {
    const archive = archiveOf(machine) ?? {};
    known = new Map(first.flatMap(([name, automatic]): [string, Installed][] => (archive[name] ? [[name, { package: archive[name], automatic, configured: true }]] : [])));
    databases.set(machine, known);
  }
  return known;
}
