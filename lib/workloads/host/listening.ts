// Who listens where: ss (iproute2 6.1), netstat (net-tools 2.10) and lsof, of a machine.
// Differs from Linux: connections that stand are not shown, and everything listens on all addresses.
import type { Machine } from '../../machine/index.ts';
import { type Command, flags, plain } from '../sh/commands/command.ts';

export interface Open {
  port: number;
  program: string;
  pid: number;
}

/** Differs from Linux: a process that has no number of its own here gets one from its first port. */
function openPorts(machine: Machine): Open[] {
  const pids = new Map<string, number>();
  return machine.listeners.map(([port, program]) => {
    const pid = pids.get(program) ?? 600 + (port % 997);
    pids.set(program, pid);
    return { port, program, pid };
  });
}

const ss = (machine: Machine) =>
  plain((args, io) => {
    const letters = flags(args);
    const withPrograms = letters.includes('p');
    io.out(`State  Recv-Q Send-Q Local Address:Port  Peer Address:Port${withPrograms ? 'Process' : ''}\n`);
    if (letters.includes('u') && !letters.includes('t')) return;
    for (const { port, program, pid } of letters.includes('l') || letters.includes('a') ? openPorts(machine) : []) io.out(`LISTEN 0      4096   ${`*:${port}`.padStart(18)} ${'*:*'.padStart(17)}${withPrograms ? ` users:(("${program}",pid=${pid},fd=7))` : ''}\n`);
  });

const row = (words: readonly string[]) => `${words.map((word, i) => word.padEnd([5, 6, 6, 23, 23, 11][i] ?? 0)).join(' ').trimEnd()}\n`;

const netstat = (machine: Machine) =>
  plain((args, io) => {
    const letters = flags(args);
    const withPrograms = letters.includes('p');
    io.out(`Active Internet connections (${letters.includes('a') ? 'servers and established' : letters.includes('l') ? 'only servers' : 'w/o servers'})\n`);
    io.out(`Proto Recv-Q Send-Q Local Address           Foreign Address         State      ${withPrograms ? ' PID/Program name    ' : ''}\n`);
    if (letters.includes('u') && !letters.includes('t')) return;
    for (const { port, program, pid } of /[al]/.test(letters) ? openPorts(machine) : []) io.out(row(['tcp6', '     0', '     0', `:::${port}`, ':::*', 'LISTEN', ...(withPrograms ? [`${pid}/${program}`] : [])]));
  });

/** `lsof -i :6443`. */
const lsof = (machine: Machine) =>
  plain((args, io) => {
    const wanted = /:(\d+)$/.exec(args.at(-1) ?? '')?.[1];
    const found = openPorts(machine).filter(({ port }) => wanted === undefined || port === Number(wanted));
    if (found.length === 0) return 1;
    io.out('COMMAND     PID USER   FD   TYPE DEVICE SIZE/OFF NODE NAME\n');
    for (const { port, program, pid } of found) io.out(`${program.slice(0, 9).padEnd(9)} ${String(pid).padStart(5)} root    7u  IPv6 ${String(20_000 + port).padStart(6)}      0t0  TCP *:${port} (LISTEN)\n`);
    return 0;
  });

export const listeningCommands = (machine: Machine): Record<string, Command> => ({ ss: ss(machine), netstat: netstat(machine), lsof: lsof(machine) });
