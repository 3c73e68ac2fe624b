// Control groups: the files behind a container's limits, in both versions of the kernel's interface.
import { directory, type DirectoryNode, file, type FileNode, link } from '../../machine/index.ts';
import type { ContainerInside } from '../container-inside.ts';
import { cpuPeriod } from '../cpu.ts';

/** What the one tree of control groups v2 can limit. */
const unifiedControllers = 'cpuset cpu io memory hugetlb pids rdma misc\n';

type Files = Record<string, string | (() => string)>;

const made = (read: () => string): FileNode => ({ ...file('', { mode: 0o644 }), read });
const folder = (files: Files) => directory(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, made(typeof text === 'string' ? () => text : text)])), 0o755);

/** `docker-<id>.scope` below /system.slice, `/docker/<id>` with version 1. */
function cgroupPath({ id, pod: { cgroup } }: ContainerInside): string {
  const { parent, scope } = cgroup ?? { parent: '/system.slice', scope: 'cri-containerd' };
  return scope ? `${parent}/${scope}-${id}.scope` : `${parent}/${id}`;
}

/** The controllers of version 1, each with a tree of its own, as /proc/PID/cgroup numbers them. */
const controllers = ['pids', 'freezer', 'cpuset', 'blkio', 'devices', 'memory', 'net_cls,net_prio', 'perf_event', 'cpu,cpuacct', 'hugetlb', 'rdma'];

const quotaOf = ({ config: { cpuLimit } }: ContainerInside) => (cpuLimit === undefined ? undefined : Math.round(cpuLimit * cpuPeriod));
/** cpu.weight of version 2 out of cpu.shares, as runc works it out; where nobody gave any it is the kernel's own. */
const weightOf = ({ config: { cpuShares } }: ContainerInside) => (cpuShares === undefined ? 100 : 1 + Math.floor(((cpuShares - 2) * 9999) / 262_142));
const killed = ({ reason }: ContainerInside) => (reason === 'OOMKilled' ? 1 : 0);

/** /sys/fs/cgroup of a container with version 2: everything in one place. */
function unifiedGroup(container: ContainerInside): DirectoryNode {
  const stat = () => container.cpu.stat(container.clock.now);
  const limit = container.config.memoryLimit;
  return folder({
    'cgroup.controllers': unifiedControllers,
    'cgroup.procs': () => `${container.pid}\n`,
    'cpu.max': `${quotaOf(container) ?? 'max'} ${cpuPeriod}\n`,
    'cpu.stat': () => {
      const { usage, periods, throttled, throttledTime } = stat();
      return `usage_usec ${usage}\nuser_usec ${usage}\nsystem_usec 0\nnr_periods ${periods}\nnr_throttled ${throttled}\nthrottled_usec ${throttledTime}\n`;
    },
    'cpu.weight': () => `${weightOf(container)}\n`,
    'memory.current': () => `${container.memory}\n`,
    'memory.events': () => `low 0\nhigh 0\nmax ${killed(container)}\noom ${killed(container)}\noom_kill ${killed(container)}\n`,
    'memory.max': `${limit ?? 'max'}\n`,
    'pids.current': '1\n',
    'pids.max': 'max\n',
  });
}

/** What version 1 says when there is no limit. */
const unlimited = '9223372036854771712\n';

/** One controller of version 1. */
function legacyGroup(controller: string, container: ContainerInside): DirectoryNode {
  const stat = () => container.cpu.stat(container.clock.now);
  const procs: Files = { 'cgroup.procs': () => `${container.pid}\n` };
  if (controller === 'memory') {
    const limit = container.config.memoryLimit;
    return folder({ ...procs, 'memory.limit_in_bytes': limit === undefined ? unlimited : `${limit}\n`, 'memory.usage_in_bytes': () => `${container.memory}\n`, 'memory.failcnt': () => `${killed(container)}\n`, 'memory.oom_control': () => `oom_kill_disable 0\nunder_oom 0\noom_kill ${killed(container)}\n` });
  }
  if (controller === 'cpu,cpuacct') {
    return folder({
      ...procs,
      'cpu.cfs_period_us': `${cpuPeriod}\n`,
      'cpu.cfs_quota_us': `${quotaOf(container) ?? -1}\n`,
      'cpu.shares': () => `${container.config.cpuShares ?? 1024}\n`,
      'cpu.stat': () => `nr_periods ${stat().periods}\nnr_throttled ${stat().throttled}\nthrottled_time ${stat().throttledTime * 1000}\n`,
      'cpuacct.usage': () => `${stat().usage * 1000}\n`,
    });
  }
  if (controller === 'pids') return folder({ ...procs, 'pids.current': '1\n', 'pids.max': 'max\n' });
  return folder(procs);
}

/** What a container finds at /sys/fs/cgroup. */
export function ownGroup(container: ContainerInside): DirectoryNode {
  if (container.pod.machine.os.cgroup === 2) return unifiedGroup(container);
  return directory({ ...Object.fromEntries(controllers.map((controller) => [controller, legacyGroup(controller, container)])), ...shortNames() });
}

/** `cpu` leads to `cpu,cpuacct`. */
const shortNames = () => Object.fromEntries(controllers.filter((name) => name.includes(',')).flatMap((name) => name.split(',').map((one) => [one, link(name)])));

/** /proc/PID/cgroup; with a cgroup namespace of its own a process sees itself at the root. */
export function cgroupLines(container: ContainerInside, inside: boolean): string {
  const path = cgroupPath(container);
  if (container.pod.machine.os.cgroup === 2) return `0::${inside ? '/' : path}\n`;
  const lines = controllers.map((controller, i) => `${controllers.length + 1 - i}:${controller}:${path}\n`);
  return [...lines, `1:name=systemd:${path}\n`, `0::/system.slice/containerd.service\n`].join('');
}

/** All groups of a host. */
export function hostGroups(containers: readonly ContainerInside[], version: 1 | 2): DirectoryNode {
  if (version === 2) {
    const root = tree(containers, unifiedGroup);
    root.entries.set('cgroup.controllers', file(unifiedControllers, { mode: 0o444 }));
    return root;
  }
  return directory({ ...Object.fromEntries(controllers.map((controller) => [controller, tree(containers, (container) => legacyGroup(controller, container))])), ...shortNames() });
}

function tree(containers: readonly ContainerInside[], groupOf: (container: ContainerInside) => DirectoryNode): DirectoryNode {
  const root = directory({ 'system.slice': {}, 'user.slice': {}, 'init.scope': {} });
  for (const container of containers) {
    const parts = cgroupPath(container).split('/').filter(Boolean);
    const name = parts.pop()!;
    let node = root;
    for (const part of parts) {
      let next = node.entries.get(part);
      if (next?.kind !== 'directory') node.entries.set(part, (next = directory({})));
      node = next as DirectoryNode;
    }
    node.entries.set(name, groupOf(container));
  }
  return root;
}
