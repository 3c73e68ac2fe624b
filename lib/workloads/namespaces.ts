// Namespaces as /proc/PID/ns shows them: one number for each thing that a process may have to itself.

export const namespaceTypes = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'] as const;
export type NamespaceType = (typeof namespaceTypes)[number];
export type Namespaces = Readonly<Record<NamespaceType, number>>;

/** Those that process 1 of the host has; the kernel's fixed numbers (include/linux/proc_ns.h), and the first that it hands out. */
export const hostNamespaces: Namespaces = { cgroup: 4026531835, ipc: 4026531839, mnt: 4026531841, net: 4026531840, pid: 4026531836, time: 4026531834, user: 4026531837, uts: 4026531838 };

/**
 * A container has a process, mount and cgroup namespace of its own, and shares the network, host name and IPC of its sandbox.
 * Users and clocks are the host's.
 */
export function namespacesOf({ pid, sandbox, hostNetwork, ownCgroup }: { pid: number; sandbox: number; hostNetwork: boolean; ownCgroup: boolean }): Namespaces {
  const [own, shared] = [4026532160 + pid, 4026533160 + sandbox];
  return {
    ...hostNamespaces,
    mnt: own,
    pid: own + 1,
    ...(ownCgroup && { cgroup: own + 2 }),
    ipc: shared + 1,
    ...(!hostNetwork && { uts: shared, net: shared + 2 }),
  };
}
