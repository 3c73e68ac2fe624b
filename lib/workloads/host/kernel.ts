// The kernel of a machine from its shell: modules, parameters, swap.
import { loadModule, type Machine, readParameters, savedParameters } from '../../machine/index.ts';
import { resolvePath } from '../../machine/index.ts';
import { type Command, commandError, flags, operands, plain } from '../sh/commands/command.ts';

/** Modules that can be loaded → their size. */
const modules: Readonly<Record<string, number>> = { br_netfilter: 32_768, bridge: 421_888, ip_vs: 221_184, ip_vs_rr: 12_288, ip_vs_sh: 12_288, ip_vs_wrr: 12_288, stp: 12_288, llc: 16_384, ip_tables: 36_864, ip6_tables: 36_864, iptable_nat: 12_288, nf_conntrack: 208_896, overlay: 212_992, vxlan: 155_648, wireguard: 114_688 };

/** What a module needs is loaded before it. */
const needs: Readonly<Record<string, readonly string[]>> = { br_netfilter: ['bridge'], bridge: ['stp', 'llc'], stp: ['llc'], ip_vs: ['nf_conntrack'], ip_vs_rr: ['ip_vs'], ip_vs_sh: ['ip_vs'], ip_vs_wrr: ['ip_vs'], iptable_nat: ['ip_tables', 'nf_conntrack'] };

const usersOf = (machine: Machine, name: string) => [...machine.kernelModules].filter((other) => needs[other]?.includes(name));

function load(machine: Machine, name: string): void {
  for (const other of needs[name] ?? []) if (!machine.kernelModules.has(other)) load(machine, other);
  loadModule(machine, name);
}

/** With it goes what nobody needs any more. False while somebody needs it. */
function unload(machine: Machine, name: string): boolean {
  if (usersOf(machine, name).length > 0) return false;
  machine.kernelModules.delete(name);
  for (const other of needs[name] ?? []) unload(machine, other);
  return true;
}

const modprobe = (machine: Machine) =>
  plain((args, io) => {
    let status = 0;
    for (const name of operands(args)) {
      const real = name.replaceAll('-', '_');
      if (!(real in modules)) status = commandError(io, `modprobe: FATAL: Module ${name} not found in directory /lib/modules/${machine.os.kernel}`, 1);
      else if (!flags(args).includes('r')) load(machine, real);
      else if (!unload(machine, real)) status = commandError(io, `modprobe: FATAL: Module ${real} is in use.`, 1);
    }
    return status;
  });

/** Differs from Linux: only other modules are counted as users. */
const lsmod = (machine: Machine) =>
  plain((_, io) => {
    io.out('Module                  Size  Used by\n');
    for (const name of [...machine.kernelModules].reverse()) io.out(`${name.padEnd(19)} ${String(modules[name] ?? 16_384).padStart(8)}  ${[usersOf(machine, name).length, usersOf(machine, name).join(',')].filter((word) => word !== '').join(' ')}\n`);
  });

/** `name=value` is set until the machine is switched off; `--system` sets what the files of sysctl.d say. */
const sysctl = (machine: Machine) =>
  plain((args, io, shell) => {
    const quiet = flags(args).includes('q');
    const words = operands(args);
    const known = (name: string) => machine.sysctl.has(name) && (!name.startsWith('net.bridge.') || machine.kernelModules.has('br_netfilter'));
    const set = ([name, value]: readonly [string, string]) => {
      if (!known(name)) return commandError(io, `sysctl: cannot stat /proc/sys/${name.replaceAll('.', '/')}: No such file or directory`, 1);
      machine.sysctl.set(name, value);
      if (!quiet) io.out(`${name} = ${value}\n`);
      return 0;
    };
    const worst = (codes: readonly number[]) => codes.reduce((most, code) => Math.max(most, code), 0);
    if (args.includes('--system')) return worst(savedParameters(machine).map(set));
    if (flags(args).includes('p')) {
      const path = words[0] ?? '/etc/sysctl.conf';
      const text = machine.files.read(resolvePath(path, shell.cwd));
      return text === undefined ? commandError(io, `sysctl: cannot open ${JSON.stringify(path)}: No such file or directory`, 1) : worst(readParameters(text.split('\n').map((line) => line.replace(/[#;].*/, '').trim())).map(set));
    }
    if (flags(args).includes('a')) return void [...machine.sysctl].filter(([name]) => known(name)).sort(([a], [b]) => (a < b ? -1 : 1)).forEach(([name, value]) => io.out(`${name} = ${value}\n`));
    return worst(
      words.map((word) => {
        const [name = '', value] = word.split(/=(.*)/s, 2);
        const dotted = name.replaceAll('/', '.');
        if (value !== undefined) return set([dotted, value]);
        if (!known(dotted)) return commandError(io, `sysctl: cannot stat /proc/sys/${dotted.replaceAll('.', '/')}: No such file or directory`, 1);
        io.out(flags(args).includes('n') ? `${machine.sysctl.get(dotted)}\n` : `${dotted} = ${machine.sysctl.get(dotted)}\n`);
        return 0;
      }),
    );
  });

/** Differs from Linux: a machine has one file to swap to, and all of it is free. */
const swapon = (machine: Machine) =>
  plain((args, io) => {
    if (flags(args).includes('a') || args.includes('--all')) machine.swap = machine.swapFile;
    else if (args.length === 0 || args.includes('--show') || flags(args).includes('s')) {
      if (machine.swap > 0) io.out(`NAME      TYPE SIZE USED PRIO\n/swap.img file ${`${(machine.swap / 2 ** 30).toFixed(0)}G`.padStart(4)}   0B   -2\n`);
    } else return commandError(io, `swapon: cannot open ${args.at(-1)}: No such file or directory`, 255);
    return 0;
  });

const swapoff = (machine: Machine) =>
  plain((args, io) => {
    if (!flags(args).includes('a') && !args.includes('--all') && !operands(args).includes('/swap.img')) return commandError(io, args.length === 0 ? 'swapoff: bad usage\nTry \'swapoff --help\' for more information.' : `swapoff: ${operands(args)[0] ?? ''}: swapoff failed: No such file or directory`, 1);
    machine.swap = 0;
    return 0;
  });

export const kernelCommands = (machine: Machine): Record<string, Command> => ({ modprobe: modprobe(machine), lsmod: lsmod(machine), sysctl: sysctl(machine), swapon: swapon(machine), swapoff: swapoff(machine) });
