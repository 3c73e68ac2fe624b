// /proc as far as people look into it: who process 1 is, what it may do, what the machine has.
import { directory, type DirectoryNode, file, type FileNode, type Privileges } from '../../machine/index.ts';
import type { ContainerInside } from '../container-inside.ts';
import { cgroupLines } from './cgroup.ts';
import { namespaceLinks } from './host-proc.ts';

/** Capabilities in the order of their bits (include/uapi/linux/capability.h). */
const names =
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'.split(
    ' ',
  );
const usual = 'CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE'.split(' ');

/** What a container's processes may do: runtimes give fourteen, a privileged one has all. */
export function capabilitiesOf({ privileged, add, drop }: Pick<Privileges, 'privileged' | 'add' | 'drop'>): Set<string> {
  if (privileged || add.includes('ALL')) return new Set(names.filter((name) => privileged || !drop.includes(name)));
  const held = new Set(drop.includes('ALL') ? [] : usual.filter((name) => !drop.includes(name)));
  for (const name of add) held.add(name.replace(/^CAP_/, ''));
  return held;
}

function mask(held: ReadonlySet<string>): string {
  let bits = 0n;
  for (const [i, name] of names.entries()) if (held.has(name)) bits |= 1n << BigInt(i);
  return bits.toString(16).padStart(16, '0');
}

export function procFiles(container: ContainerInside): DirectoryNode {
  const { argv, user, privileges } = container;
  const { machine } = container.pod;
  const held = mask(capabilitiesOf(privileges));
  // A process that is not root keeps none of them in force.
  const effective = user.uid === 0 ? held : '0'.repeat(16);
  const ids = (id: number) => Array(4).fill(id).join('\t');
  const name = (argv[0] ?? '').replace(/.*\//, '').slice(0, 15);
  const status = () => `Name:\t${name}\nState:\tS (sleeping)\nPid:\t1\nPPid:\t0\nUid:\t${ids(user.uid)}\nGid:\t${ids(user.gid)}\nVmRSS:\t${Math.ceil(container.memory / 1024)} kB\nCapInh:\t0000000000000000\nCapPrm:\t${effective}\nCapEff:\t${effective}\nCapBnd:\t${held}\nCapAmb:\t0000000000000000\nNoNewPrivs:\t${privileges.mayEscalate ? 0 : 1}\nSeccomp:\t${privileges.filtered ? 2 : 0}\n`;
  const kilobytes = (bytes: number) => `${String(Math.floor(bytes / 1024)).padStart(12)} kB\n`;
  const process = directory({ status: made(status), cmdline: file(argv.map((word) => `${word}\0`).join('')), comm: file(`${name}\n`), cgroup: made(() => cgroupLines(container, machine.os.cgroup === 2)), ns: namespaceLinks(container.namespaces) }, 0o555);
  return directory(
    {
      1: process,
      self: process,
      cpuinfo: made(() => Array.from({ length: machine.cpus }, (_, i) => `processor\t: ${i}\n`).join('\n')),
      meminfo: made(() => `MemTotal:${kilobytes(machine.memory)}MemFree:${kilobytes(machine.memoryAvailable)}MemAvailable:${kilobytes(machine.memoryAvailable)}SwapTotal:${kilobytes(machine.swap)}`),
      version: file(`Linux version ${machine.os.kernel}\n`),
      sys: parameters(container),
    },
    0o555,
  );
}

/** /proc/sys: defaults of a new namespace, and what the pod has set. */
function parameters({ pod }: ContainerInside): Tree {
  const root: Tree = { kernel: { hostname: file(''), osrelease: file(`${pod.machine.os.kernel}\n`) } };
  for (const [name, value] of Object.entries({ ...defaults, ...pod.sysctls })) {
    const parts = name.split('.').map((part) => part.replaceAll('/', '.'));
    const last = parts.pop()!;
    const at = parts.reduce<Tree>((tree, part) => (tree[part] ??= {}) as Tree, root);
    at[last] = file(`${value}\n`);
  }
  return root;
}

interface Tree {
  [name: string]: FileNode | Tree;
}

/** Of a fresh network and IPC namespace (Linux 5.x). */
const defaults: Readonly<Record<string, string>> = { 'kernel.shm_rmid_forced': '0', 'kernel.msgmax': '8192', 'kernel.shmmax': '18446744073692774399', 'net.core.somaxconn': '4096', 'net.ipv4.ip_forward': '1', 'net.ipv4.ip_local_port_range': '32768\t60999', 'net.ipv4.ip_unprivileged_port_start': '0', 'net.ipv4.ping_group_range': '0\t2147483647', 'net.ipv4.tcp_syncookies': '1', 'net.ipv4.tcp_keepalive_time': '7200' };

const made = (read: () => string): FileNode => ({ ...file('', { mode: 0o444 }), read });
