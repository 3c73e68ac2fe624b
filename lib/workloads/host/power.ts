// A machine is restarted from its own shell; free shows its memory.
import type { Machine } from '../../machine/index.ts';
import { type Command, commandError, flags, plain } from '../sh/commands/command.ts';

const reboot = (machine: Machine): Command =>
  plain((_, io, shell) => {
    if (shell.process.user.uid !== 0) return commandError(io, 'Call to Reboot failed: Interactive authentication required.', 1);
    machine.reboot();
    return 0;
  });

const units: Record<string, number> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** As procps 4.0. */
function human(bytes: number): string {
  const names = ['B', 'Ki', 'Mi', 'Gi', 'Ti'];
  let [value, i] = [bytes, 0];
  while (value >= 1000 && i < names.length - 1) [value, i] = [value / 1024, i + 1];
  return `${value < 10 && i > 0 ? value.toFixed(1) : Math.round(value)}${names[i]}`;
}

const free = (machine: Machine): Command =>
  plain((args, io) => {
    const letters = flags(args);
    const unit = units[[...letters].find((letter) => letter in units) ?? 'k']!;
    const shown = (bytes: number) => (letters.includes('h') ? human(bytes) : String(Math.floor(bytes / unit))).padStart(12);
    const { memory, memoryUsed, memoryAvailable, swap } = machine;
    const line = (title: string, values: readonly number[]) => `${title.padEnd(8)}${values.map(shown).join('')}\n`;
    io.out('               total        used        free      shared  buff/cache   available\n');
    io.out(line('Mem:', [memory, memoryUsed, memoryAvailable, 0, 0, memoryAvailable]));
    io.out(line('Swap:', [swap, 0, swap]));
  });

export const powerCommands = (machine: Machine): Record<string, Command> => ({ reboot: reboot(machine), free: free(machine) });
