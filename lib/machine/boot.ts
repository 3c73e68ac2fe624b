// What a machine finds again when it boots: swap that /etc/fstab names, parameters of sysctl.d, modules of modules-load.d.
import type { Machine } from './machine.ts';

const lines = (text: string) => text.split('\n').map((line) => line.replace(/[#;].*/, '').trim()).filter(Boolean);

/** The lines of all files of a folder with this ending, in the order of their names. */
function linesOf({ files }: Machine, folder: string): string[] {
  if (!files.isDirectory(folder)) return [];
  return files.list(folder).filter((name) => name.endsWith('.conf')).sort().flatMap((name) => lines(files.read(`${folder}/${name}`) ?? ''));
}

/** `net.ipv4.ip_forward = 1`; `/` stands for a dot as well. */
export function readParameters(texts: readonly string[]): [name: string, value: string][] {
  return texts.flatMap((line): [string, string][] => {
    const [, name, value] = /^-?\s*([^=\s]+)\s*=\s*(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name.replaceAll('/', '.'), value!]];
  });
}

export const savedParameters = (machine: Machine): [string, string][] => readParameters([...linesOf(machine, '/etc/sysctl.d'), ...lines(machine.files.read('/etc/sysctl.conf') ?? '')]);

/** True when /etc/fstab has a swap that is switched on at boot. */
export const swapInTable = ({ files }: Machine): boolean => lines(files.read('/etc/fstab') ?? '').some((line) => line.split(/\s+/)[2] === 'swap' && !/\bnoauto\b/.test(line.split(/\s+/)[3] ?? ''));

/** A module that is loaded brings its parameters along. */
export function loadModule({ kernelModules, sysctl }: Machine, name: string): void {
  kernelModules.add(name);
  if (name !== 'br_netfilter') return;
  for (const table of ['iptables', 'ip6tables', 'arptables']) {
    const parameter = `net.bridge.bridge-nf-call-${table}`;
    if (!sysctl.has(parameter)) sysctl.set(parameter, '1');
  }
}

/** As the machine was made, and then what its files say. While nobody has looked at them they say what they said. */
export function bootKernel(machine: Machine, made: { swap: number; modules: readonly string[]; sysctl: ReadonlyMap<string, string> }): void {
  machine.kernelModules.clear();
  machine.sysctl.clear();
  for (const [name, value] of made.sysctl) machine.sysctl.set(name, value);
  for (const name of [...made.modules, ...(machine.filesUsed ? linesOf(machine, '/etc/modules-load.d') : [])]) loadModule(machine, name);
  if (!machine.filesUsed) return void (machine.swap = made.swap);
  for (const [name, value] of savedParameters(machine)) if (machine.sysctl.has(name)) machine.sysctl.set(name, value);
  machine.swap = swapInTable(machine) ? made.swap : 0;
  machine.hostname = machine.files.read('/etc/hostname')?.trim() || machine.hostname;
  if (machine.files.read(commandLine) !== undefined) readCommandLine(machine);
}

/** Of a Raspberry Pi: what its firmware hands to the kernel. */
export const commandLine = '/boot/firmware/cmdline.txt';

/** The firmware switches the memory controller off; the kernel's parameters switch it on again. Of the file only the first line is read. */
export function readCommandLine(machine: Machine): void {
  const words = (machine.files.read(commandLine) ?? '').split('\n')[0]!.split(/\s+/);
  machine.cmdline = ['cgroup_disable=memory', ...words].filter(Boolean).join(' ');
  const on = words.includes('cgroup_enable=memory') || words.includes('cgroup_memory=1');
  if (on) machine.cgroups.add('memory');
  else machine.cgroups.delete('memory');
}
