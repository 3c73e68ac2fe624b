// What a kernel shows of itself in /proc.
import { type DirectoryNode, file, type FileNode } from './files/inode.ts';
import { directory } from './files/host.ts';
import type { Machine } from './machine.ts';

const made = (read: () => string): FileNode => ({ ...file('', { mode: 0o444 }), read });

/** Controllers of its control groups, in the order of /proc/cgroups. */
export const cgroupControllers: readonly string[] = ['cpuset', 'cpu', 'cpuacct', 'blkio', 'memory', 'devices', 'freezer', 'net_cls', 'perf_event', 'net_prio', 'hugetlb', 'pids', 'rdma', 'misc'];

const swaps = ({ swap }: Machine) => `Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n${swap > 0 ? `/swap.img                               file\t\t${Math.floor(swap / 1024) - 4}\t\t0\t\t-2\n` : ''}`;

const cgroups = ({ cgroups: enabled }: Machine) => `#subsys_name\thierarchy\tnum_cgroups\tenabled\n${cgroupControllers.map((name, i) => `${name}\t${i + 1}\t${enabled.has(name) ? 80 : 1}\t${enabled.has(name) ? 1 : 0}\n`).join('')}`;

/** Parameters of a bridge are there while br_netfilter is loaded. */
function sysctls(machine: Machine): DirectoryNode {
  const root = directory({}, 0o555);
  for (const name of machine.sysctl.keys()) {
    if (name.startsWith('net.bridge.') && !machine.kernelModules.has('br_netfilter')) continue;
    const names = name.split('.');
    const last = names.pop()!;
    let at = root;
    for (const one of names) {
      const next = at.entries.get(one);
      if (next?.kind === 'directory') at = next;
      else at.entries.set(one, (at = directory({}, 0o555)));
    }
    at.entries.set(last, made(() => `${machine.sysctl.get(name)}\n`));
  }
  return root;
}

/** Files of /proc that are about the kernel, not about processes. */
export const kernelProc = (machine: Machine): { swaps: FileNode; cgroups: FileNode; sys: DirectoryNode } => ({ swaps: made(() => swaps(machine)), cgroups: made(() => cgroups(machine)), sys: sysctls(machine) });
