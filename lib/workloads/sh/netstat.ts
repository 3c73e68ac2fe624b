// netstat, as busybox prints it: what listens in the pod.
import { flags, type Command } from './commands/command.ts';

/** Differs from Linux: all that listens does so on all addresses, and nobody sees connections, which are over when they are asked about. */
export const netstat: Command = function* (argv, io, shell) {
  const letters = flags(argv.slice(1));
  const all = letters.includes('a');
  const listening = all || letters.includes('l');
  io.out(`Active Internet connections (${all ? 'servers and established' : listening ? 'only servers' : 'w/o servers'})\n`);
  io.out(row(['Proto', 'Recv-Q', 'Send-Q', 'Local Address', 'Foreign Address', 'State']));
  const ports = listening && !/^[^t]*u[^t]*$/.test(letters) ? (shell.process.listening?.() ?? []) : [];
  for (const port of ports) io.out(row(['tcp', '0', '0', `:::${port}`, ':::*', 'LISTEN']));
  return 0;
};

const row = ([protocol = '', received = '', sent = '', local = '', foreign = '', state = '']: readonly string[]) => `${protocol.padEnd(5)} ${received.padStart(6)} ${sent.padStart(6)} ${local.padEnd(23)} ${foreign.padEnd(23)} ${state.padEnd(12)}\n`;
