// What a host's shell has to look at processes and namespaces: ps and lsns, as procps and util-linux have them.
import type { Machine } from '../machine/index.ts';
import { type Command, commandError, plain } from './sh/commands/command.ts';
import { type HostProcess, hostProcesses } from './root/host-proc.ts';
import { type NamespaceType, namespaceTypes } from './namespaces.ts';
import type { Container } from './container.ts';
import { unshare } from './unshare.ts';

type Column = [title: string, width: number, value: (process: HostProcess) => string | number];

/** Columns of `ps -o`; a negative width aligns at the left. */
const columns: Record<string, Column> = {
  pid: ['PID', 7, ({ pid }) => pid],
  ppid: ['PPID', 7, ({ parent }) => parent],
  user: ['USER', -8, ({ user }) => user],
  comm: ['COMMAND', -15, ({ command }) => command.split(' ')[0]!.replace(/.*\//, '').slice(0, 15)],
  args: ['COMMAND', -27, ({ command }) => command],
  pidns: ['PIDNS', 10, ({ namespaces }) => namespaces.pid],
  netns: ['NETNS', 10, ({ namespaces }) => namespaces.net],
  mntns: ['MNTNS', 10, ({ namespaces }) => namespaces.mnt],
  utsns: ['UTSNS', 10, ({ namespaces }) => namespaces.uts],
  ipcns: ['IPCNS', 10, ({ namespaces }) => namespaces.ipc],
};
columns['cmd'] = ['CMD', -27, ({ command }) => command];

function aligned(cells: readonly (readonly [text: string, width: number])[]): string {
  return `${cells.map(([text, width], i) => (width > 0 ? text.padStart(width) : i === cells.length - 1 ? text : text.padEnd(-width))).join(' ')}\n`;
}

const ps = (processes: () => readonly HostProcess[]) =>
  plain((args, io, shell) => {
    const words = args.filter((word) => !/^[A-Z]?\d+$/.test(word));
    const format = args[args.findIndex((word) => /^-[a-z]*o$/.test(word)) + 1];
    const custom = args.some((word) => /^-[a-z]*o$/.test(word));
    const pid = /^\d+$/.test(args.at(-1) ?? '') && args.includes('-p') ? Number(args.at(-1)) : undefined;
    const shown = processes().filter((process) => pid === undefined || process.pid === pid);
    if (custom) {
      const chosen = (format ?? '').split(',').map((name) => columns[name]);
      if (chosen.some((column) => !column)) return commandError(io, `error: unknown user-defined format specifier "${(format ?? '').split(',').find((name) => !columns[name])}"`, 1);
      io.out(aligned(chosen.map((column) => [column![0], column![1]])));
      for (const process of shown) io.out(aligned(chosen.map((column) => [String(column![2](process)), column![1]])));
      return 0;
    }
    if (!words.some((word) => /e|A|a/.test(word)) && pid === undefined) {
      io.out(`    PID TTY          TIME CMD\n`);
      return 0;
    }
    if (args.some((word) => /^-?[ax]*u[ax]*$/.test(word))) {
      // Differs from ps: of what a process uses nothing is shown.
      io.out('USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n');
      for (const { user, pid, command } of shown) io.out(`${user.padEnd(8)} ${String(pid).padStart(7)}  0.0  0.0      0     0 ?        Ss   ${new Date(shell.process.clock.now).toISOString().slice(11, 16)}   0:00 ${command}\n`);
      return 0;
    }
    const started = new Date(shell.process.clock.now).toISOString().slice(11, 16);
    io.out('UID          PID    PPID  C STIME TTY          TIME CMD\n');
    for (const { user, pid, parent, command } of shown) io.out(`${user.padEnd(8)} ${String(pid).padStart(7)} ${String(parent).padStart(7)}  0 ${started} ?        00:00:00 ${command}\n`);
    return 0;
  });

const lsns = (processes: () => readonly HostProcess[]) =>
  plain((args, io) => {
    const type = args[args.indexOf('-t') + 1];
    const wanted = args.includes('-t') ? namespaceTypes.filter((one) => one === type) : namespaceTypes;
    const rows = new Map<string, { type: NamespaceType; ns: number; all: HostProcess[] }>();
    for (const process of processes()) {
      for (const one of wanted) {
        const key = `${one} ${process.namespaces[one]}`;
        const row = rows.get(key);
        if (row) row.all.push(process);
        else rows.set(key, { type: one, ns: process.namespaces[one], all: [process] });
      }
    }
    const sorted = [...rows.values()].sort((a, b) => a.ns - b.ns);
    io.out('        NS TYPE   NPROCS   PID USER   COMMAND\n');
    for (const { ns, type, all } of sorted) io.out(`${String(ns).padStart(10)} ${type.padEnd(6)} ${String(all.length).padStart(6)} ${String(all[0]!.pid).padStart(5)} ${all[0]!.user.padEnd(6)} ${all[0]!.command}\n`);
    return 0;
  });

export function hostCommands(containers: () => readonly Container[], daemons: readonly string[], { processes: hosted }: Machine): Record<string, Command> {
  const processes = () => hostProcesses(containers(), daemons, hosted.values());
  return { ps: ps(processes), lsns: lsns(processes), unshare };
}
