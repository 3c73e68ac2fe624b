// The node check of k8s.io/system-validators: kernel, Docker, operating system, control groups.
import type { Steps } from '../frame/command.ts';
import { exitError, type KubeadmHost } from '../host.ts';
import type { Check, Findings } from './check.ts';

const colors = { good: 32, bad: 31, warn: 33 } as const;
type Report = (key: string, value: string, verdict: keyof typeof colors) => void;
const colored = (text: string, color: number) => `\x1b[0;${color}m${text}\x1b[0m`;

const required = 'NAMESPACES NET_NS PID_NS IPC_NS UTS_NS CGROUPS CGROUP_CPUACCT CGROUP_DEVICE CGROUP_FREEZER CGROUP_SCHED CPUSETS MEMCG INET EXT4_FS PROC_FS NETFILTER_XT_TARGET_REDIRECT NETFILTER_XT_MATCH_COMMENT'.split(' ');
const aliases: Readonly<Record<string, string>> = { NETFILTER_XT_TARGET_REDIRECT: 'IP_NF_TARGET_REDIRECT', OVERLAY_FS: 'OVERLAYFS_FS' };
const optional = { OVERLAY_FS: 'Required for overlayfs.', AUFS_FS: 'Required for aufs.', BLK_DEV_DM: 'Required for devicemapper.' };
const cgroups = { 1: ['cpu', 'cpuacct', 'cpuset', 'devices', 'freezer', 'memory', 'pids'], 2: ['cpu', 'cpuset', 'devices', 'freezer', 'memory', 'pids'] } as const;

/** All that is found is printed only when something of it is wrong. */
export const systemVerification = ({ docker }: { docker: boolean }): Check => ({
  name: 'SystemVerification',
  *look(host) {
    let printed = '';
    const report: Report = (key, value, verdict) => void (printed += `${colored(key, 37)}: ${colored(value, colors[verdict])}\n`);
    const parts = [kernel(host, report)];
    if (docker) parts.push(yield* dockerEngine(host, report));
    parts.push(operatingSystem(host, report), controlGroups(host, report));
    const [errors, warnings] = [parts.flatMap((part) => part.errors ?? []), parts.flatMap((part) => part.warnings ?? [])];
    if (errors.length > 0) host.out(`[preflight] The system verification failed. Printing the output from the verification:\n${printed}`);
    return { errors, warnings };
  },
});

function kernel({ files, machine }: KubeadmHost, report: Report): Findings {
  const { kernel: release } = machine.os;
  const errors: string[] = [];
  const supported = /^3\.[1-9][0-9].*$|^([4-9]|[1-9][0-9]+)\.([0-9]+)\.([0-9]+).*$/.test(release);
  report('KERNEL_VERSION', release, supported ? 'good' : 'bad');
  if (!supported) errors.push(`unsupported kernel release: ${release}`);
  const config = ['/boot/config-', '/usr/src/linux-', '/usr/lib/modules/'].map((before) => files.read(`${before}${release}${before.includes('linux-') ? '/.config' : before.includes('modules') ? '/config' : ''}`)).find((text) => text !== undefined);
  if (config === undefined) return { errors: [...errors, `failed to parse kernel config: unable to load kernel module: "configs", output: "modprobe: FATAL: Module configs not found in directory /lib/modules/${release}\\n", err: exit status 1`] };
  const options = new Map([...config.matchAll(/^CONFIG_([A-Z0-9_]+)=([myn])/gm)].map(([, name, value]) => [name!, value!]));
  const bad = [...required, ...Object.keys(optional)].filter((name) => !hasOption(options, name, report) && required.includes(name));
  return { errors: bad.length > 0 ? [...errors, `unexpected kernel config: ${bad.map((name) => `CONFIG_${aliases[name] ?? name}`).join(' ')}`] : errors };
}

/** Options that are optional say what they are for when they are not there. */
function hasOption(options: ReadonlyMap<string, string>, name: string, report: Report): boolean {
  const found = [name, aliases[name]].find((one) => one !== undefined && options.has(one));
  const value = found && options.get(found);
  const description = optional[name as keyof typeof optional];
  const there = value === 'y' || value === 'm';
  const state = value === 'y' ? 'enabled' : value === 'm' ? 'enabled (as module)' : value === 'n' ? 'disabled' : 'not set';
  report(`CONFIG_${found ?? aliases[name] ?? name}`, there || !description ? state : `${state} - ${description}`, there ? 'good' : description ? 'warn' : 'bad');
  return there;
}

function* dockerEngine(host: KubeadmHost, report: Report): Steps<Findings> {
  const finished = yield* host.run('docker', 'info', '--format', '{{json .}}');
  const failed = exitError(finished);
  if (!finished || failed) return { errors: [`failed executing "docker info --format '{{json .}}'"\\noutput: ${finished?.output ?? ''}\\nerror: ${failed}`] };
  const { Driver = '', ServerVersion = '', ServerErrors } = JSON.parse(finished.output) as { Driver?: string; ServerVersion?: string; ServerErrors?: string[] };
  if (ServerErrors) return { errors: [`error verifying Docker info: ${JSON.stringify(ServerErrors.join('", "'))}`] };
  const validated = /1\.1[1-3]\..*|17\.0[3,6,9]\..*|18\.0[6,9]\..*|19\.03\..*/.test(ServerVersion);
  const newer = !validated && /\d{2}\.\d+\.\d+(?:-[a-z]{2})?/.test(ServerVersion);
  report('DOCKER_VERSION', ServerVersion, validated || newer ? 'good' : 'bad');
  if (newer) return { warnings: [`this Docker version is not on the list of validated versions: ${ServerVersion}. Latest validated version: 19.03`] };
  if (!validated) return { errors: [`unsupported docker version: ${ServerVersion}`] };
  const known = ['aufs', 'overlay', 'overlay2', 'devicemapper', 'zfs'].includes(Driver);
  report('DOCKER_GRAPH_DRIVER', Driver, known ? 'good' : 'bad');
  return known ? {} : { errors: [`unsupported graph driver: ${Driver}`] };
}

function operatingSystem({ machine }: KubeadmHost, report: Report): Findings {
  const name = machine.os.os === 'linux' ? 'Linux' : 'Windows_NT';
  report('OS', name, name === 'Linux' ? 'good' : 'bad');
  return name === 'Linux' ? {} : { errors: [`unsupported operating system: ${name}`] };
}

function controlGroups({ files, machine, release }: KubeadmHost, report: Report): Findings {
  const { cgroup } = machine.os;
  const lines = (files.read('/proc/cgroups') ?? '').split('\n').filter((line) => line && !line.startsWith('#'));
  const there = cgroup === 2 ? ['devices', 'freezer', ...(files.read('/sys/fs/cgroup/cgroup.controllers') ?? '').split(/\s+/)] : lines.map((line) => line.split(/\s+/)).filter(([, , , enabled]) => enabled !== '0').map(([name]) => name!);
  const missing = (wanted: readonly string[], verdict: 'bad' | 'warn') =>
    wanted.filter((name) => {
      const found = there.includes(name);
      report(`CGROUPS_${name.toUpperCase()}`, found ? 'enabled' : 'missing', found ? 'good' : verdict);
      return !found;
    });
  const [lacking, wishes] = [missing(cgroups[cgroup], 'bad'), missing(['hugetlb'], 'warn')];
  const warnings = [...(cgroup === 1 && release.version.has('cgroup-v1-maintenance') ? ['cgroups v1 support is in maintenance mode, please migrate to cgroups v2'] : []), ...(wishes.length > 0 ? [`missing optional cgroups: ${wishes.join(' ')}`] : [])];
  return { ...(lacking.length > 0 && { errors: [`missing required cgroups: ${lacking.join(' ')}`] }), ...(warnings.length > 0 && { warnings }) };
}
