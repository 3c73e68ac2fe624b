// What a machine's shell has that a container's has not, because it is about the machine itself.
import type { Machine } from '../../machine/index.ts';
import type { Command } from '../sh/commands/command.ts';
import { journalctl } from './journalctl.ts';
import { kernelCommands } from './kernel.ts';
import { systemctl } from './systemctl.ts';
import { systemdAnalyze } from './systemd-analyze.ts';

export { internetAddress, internetListener } from './downloads.ts';
export { createExecutor, type HostProgram } from './executor.ts';

export const machineCommands = (machine: Machine): Record<string, Command> => ({ ...kernelCommands(machine), systemctl: systemctl(machine), journalctl: journalctl(machine), 'systemd-analyze': systemdAnalyze(machine) });
