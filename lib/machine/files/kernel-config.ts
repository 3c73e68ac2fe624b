// How a kernel was built.
const builtIn = 'NAMESPACES NET_NS PID_NS IPC_NS UTS_NS CGROUPS CGROUP_CPUACCT CGROUP_DEVICE CGROUP_FREEZER CGROUP_SCHED CPUSETS MEMCG INET EXT4_FS PROC_FS BLK_DEV_DM'.split(' ');
const modules = 'NETFILTER_XT_TARGET_REDIRECT NETFILTER_XT_MATCH_COMMENT OVERLAY_FS BRIDGE_NETFILTER'.split(' ');

/** As /boot/config-… of Ubuntu. Differs from a real one: only what somebody asks about. */
export const kernelConfig = (release: string): string => `#\n# Linux/x86 ${release.replace(/-.*/, '')} Kernel Configuration\n#\n${builtIn.map((name) => `CONFIG_${name}=y\n`).join('')}${modules.map((name) => `CONFIG_${name}=m\n`).join('')}`;
