// The processes of containers, as they themselves and as their host see them.
import type { Container } from './container.ts';
import type { ProcessRow } from './program.ts';
import { nameOf, passwd } from './root/users.ts';

/** The id of a process that came to those of others. */
const firstGuest = 7;

/** What `ps` shows inside: the container's own, or those of all whose namespace it shares. */
export function processesInside(container: Container): ProcessRow[] {
  const { processesOf } = container.config;
  if (processesOf === undefined) return [row(container, 1)];
  const running = container.pod.containers.filter(({ state }) => state === 'running').reverse();
  if (processesOf) return running.filter(({ config }) => config.name === processesOf).map((one) => row(one, 1)).concat(row(container, firstGuest));
  // The process that holds the namespace comes first.
  return [{ pid: 1, uid: 65535, argv: ['/pause'] }, ...running.map((one, i) => row(one, firstGuest * (i + 1)))];
}

const row = ({ user, argv }: Container, pid: number): ProcessRow => ({ pid, uid: user.uid, argv });

/** What `ps` shows on the host. Differs from Kubernetes: one for each container, whatever its program would start. */
export function processesOnHost({ state, pid, argv, user }: Container): { pid: number; parent: number; command: string; user: string }[] {
  if (state !== 'running') return [];
  return [{ pid, parent: pid - 14, command: titleOf(argv), user: nameOf(passwd, user.uid) ?? String(user.uid) }];
}

/** A command line as processes show it: entry points give way to what they start. */
function titleOf([first = '', ...rest]: readonly string[]): string {
  return (rest.length > 0 && /(^|\/)(docker-[\w-]*)?entrypoint(\.sh)?$/.test(first) ? rest : [first, ...rest]).join(' ');
}
