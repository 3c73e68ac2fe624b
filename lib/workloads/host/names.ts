// What a machine is called: hostname and hostnamectl (systemd 255; 245 with control groups v1).
import type { Machine } from '../../machine/index.ts';
import { type Command, commandError, flags, operands, plain } from '../sh/commands/command.ts';

const label = /^[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;
const isValid = (name: string) => name.length <= 64 && name.split('.').every((part) => label.test(part));

/** Of several words it shows how it is used: `hostname set-hostname NAME` sets nothing. */
const hostname = (machine: Machine) =>
  plain((args, io, shell) => {
    const [name, ...more] = operands(args);
    if (more.length > 0) return commandError(io, 'Usage: hostname [-b] {hostname|-F file}         set host name (from file)\n       hostname [-a|-A|-d|-f|-i|-I|-s|-y]       display formatted name\n       hostname                                 display host name', 255);
    if (name !== undefined) {
      if (shell.process.user.uid !== 0) return commandError(io, 'hostname: you must be root to change the host name', 1);
      if (!isValid(name)) return commandError(io, 'hostname: the specified hostname is invalid', 1);
      machine.hostname = name;
    } else io.out(`${/[iI]/.test(flags(args)) ? machine.ips.join(' ') : machine.hostname}\n`);
    return 0;
  });

function status({ hostname: name, machineId, bootId, os }: Machine, savedName: string): string {
  const rows: [string, string][] = [
    ['Static hostname', savedName],
    ...(savedName === name ? [] : [['Transient hostname', name] as [string, string]]),
    ['Icon name', 'computer-vm'],
    ['Chassis', 'vm'],
    ['Machine ID', machineId],
    ['Boot ID', bootId.replaceAll('-', '')],
    ['Operating System', os.image],
    ['Kernel', `Linux ${os.kernel}`],
    ['Architecture', os.arch === 'amd64' ? 'x86-64' : 'arm64'],
  ];
  return rows.map(([title, value]) => `${title.padStart(os.cgroup === 2 ? 16 : 18)}: ${value}\n`).join('');
}

const hostnamectl = (machine: Machine) =>
  plain((args, io, shell) => {
    const [verb = 'status', name] = operands(args);
    const saved = (machine.files.read('/etc/hostname') ?? '').trim();
    if (verb === 'status') return void io.out(status(machine, saved));
    const set = verb === 'set-hostname' || (verb === 'hostname' && name !== undefined);
    if (verb === 'hostname' && !set) return void io.out(`${saved}\n`);
    if (!set) return commandError(io, `Unknown command verb ${machine.os.cgroup === 2 ? `'${verb}'` : verb}.`, 1);
    if (name === undefined) return commandError(io, 'Too few arguments.', 1);
    if (shell.process.user.uid !== 0) return commandError(io, 'Could not set static hostname: Interactive authentication required.', 1);
    if (!isValid(name)) return commandError(io, `Could not set static hostname: Invalid static hostname '${name}'`, 1);
    machine.hostname = name;
    machine.files.write('/etc/hostname', `${name}\n`);
    return 0;
  });

export const nameCommands = (machine: Machine): Record<string, Command> => ({ hostname: hostname(machine), hostnamectl: hostnamectl(machine) });
