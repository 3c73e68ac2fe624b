// /proc and /sys/fs/cgroup of a host: its own processes, and those of its containers under other numbers.
import { directory, type DirectoryNode, file, type FileNode, type HostedProcess, kernelProc, link, type Machine } from '../../machine/index.ts';
import type { Container } from '../container.ts';
import { processesOnHost } from '../processes.ts';
import { hostNamespaces, type Namespaces, namespaceTypes } from '../namespaces.ts';
import { cgroupLines, hostGroups } from './cgroup.ts';

export interface HostProcess {
  pid: number;
  parent: number;
  user: string;
  command: string;
  namespaces: Namespaces;
  container?: Container;
}

/** Differs from a real host: of its own processes only those that matter to containers. */
export function hostProcesses(containers: readonly Container[], daemons: readonly string[], hosted: Iterable<HostedProcess> = []): HostProcess[] {
  const own = (pid: number, parent: number, command: string): HostProcess => ({ pid, parent, user: 'root', command, namespaces: hostNamespaces });
  const all = [own(1, 0, '/sbin/init'), ...daemons.map((command, i) => own(612 + i * 131, 1, command))];
  for (const { pid, parent, user, argv } of hosted) all.push({ ...own(pid, parent, argv.join(' ')), user });
  for (const container of containers) {
    for (const { pid, parent, command, user } of processesOnHost(container)) {
      all.push(own(parent, 1, `/usr/bin/containerd-shim-runc-v2 -namespace ${container.pod.namespace ? 'k8s.io' : 'moby'} -id ${container.id} -address /run/containerd/containerd.sock`));
      all.push({ pid, parent, user, command, namespaces: container.namespaces, container });
    }
  }
  return all.sort((a, b) => a.pid - b.pid);
}

/** /proc/PID/ns: links that say who shares what. */
export const namespaceLinks = (namespaces: Namespaces): DirectoryNode => directory(Object.fromEntries(namespaceTypes.map((type) => [type, link(`${type}:[${namespaces[type]}]`)])), 0o511);

const made = (read: () => string): FileNode => ({ ...file('', { mode: 0o444 }), read });

function hostProc(processes: readonly HostProcess[], machine: Machine): DirectoryNode {
  const entries = processes.map(({ pid, command, namespaces, container }) => {
    const cgroup = container ? cgroupLines(container, false) : machine.os.cgroup === 2 ? '0::/init.scope\n' : '1:name=systemd:/init.scope\n';
    return [String(pid), directory({ cmdline: file(command.split(' ').map((word) => `${word}\0`).join('')), comm: file(`${command.split(' ')[0]!.replace(/.*\//, '').slice(0, 15)}\n`), cgroup: file(cgroup), ns: namespaceLinks(namespaces) }, 0o555)] as const;
  });
  const { sys, ...kernel } = kernelProc(machine);
  sys.entries.set('kernel', directory({ hostname: file(`${machine.hostname}\n`), osrelease: file(`${machine.os.kernel}\n`) }));
  const kilobytes = (bytes: number) => `${String(Math.floor(bytes / 1024)).padStart(12)} kB\n`;
  return directory(
    {
      ...Object.fromEntries(entries),
      self: link('1'),
      cpuinfo: made(() => Array.from({ length: machine.cpus }, (_, i) => `processor\t: ${i}\n`).join('\n')),
      meminfo: made(() => `MemTotal:${kilobytes(machine.memory)}MemFree:${kilobytes(machine.memoryAvailable)}MemAvailable:${kilobytes(machine.memoryAvailable)}SwapTotal:${kilobytes(machine.swap)}`),
      cmdline: made(() => `${machine.cmdline}\n`),
      version: file(`Linux version ${machine.os.kernel}\n`),
      ...kernel,
      sys,
    },
    0o555,
  );
}

/** Lays both over a machine's disk. Made anew whenever somebody looks: processes come and go. */
export function mountKernel(machine: Machine, containers: () => readonly Container[], daemons: readonly string[]): void {
  machine.mounts.push(
    { path: '/proc', type: 'proc', source: () => hostProc(hostProcesses(containers(), daemons, machine.processes.values()), machine) },
    { path: '/sys/fs/cgroup', type: machine.os.cgroup === 2 ? 'cgroup2' : 'tmpfs', source: () => hostGroups(containers().filter(({ state }) => state === 'running'), machine.os.cgroup) },
    { path: '/sys/class/dmi/id', type: 'sysfs', source: () => directory({ product_uuid: { ...made(() => `${machine.productUuid}\n`), mode: 0o400 }, product_name: file('VirtualBox\n', { mode: 0o444 }) }) },
    { path: '/sys/class/net/eth0', type: 'sysfs', source: () => directory({ address: made(() => `${machine.mac}\n`) }) },
    { path: '/sys/class/net/eth0/statistics', type: 'sysfs', source: () => directory({ rx_bytes: file(`${machine.received}\n`), tx_bytes: file(`${machine.sent}\n`) }) },
  );
}
