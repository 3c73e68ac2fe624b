// What a machine's shell has that a container's has not, because it is about the machine itself.
import type { Machine } from '../../machine/index.ts';
import type { Command } from '../sh/commands/command.ts';
import { su, sudo } from './become.ts';
import { interfaceCommands } from './interfaces.ts';
import { journalctl } from './journalctl.ts';
import { kernelCommands } from './kernel.ts';
import { listeningCommands } from './listening.ts';
import { nameCommands } from './names.ts';
import { netplanCommands } from './netplan.ts';
import { packageCommands } from './packages/index.ts';
import { powerCommands } from './power.ts';
import { supervisorCommands } from './supervisor/index.ts';
import { systemctl } from './systemctl.ts';
import { systemdAnalyze } from './systemd-analyze.ts';
import { userCommands } from './users.ts';

export { type Account, accountOf, actAs, loginEnvironment } from '../root/accounts.ts';
export { internetAddress, internetListener } from './downloads.ts';
export { createExecutor, type HostProgram } from './executor.ts';

const systemdCommands = (machine: Machine): Record<string, Command> => ({ systemctl: systemctl(machine), journalctl: journalctl(machine), 'systemd-analyze': systemdAnalyze(machine) });

export const machineCommands = (machine: Machine): Record<string, Command> => ({ ...kernelCommands(machine), ...nameCommands(machine), ...listeningCommands(machine), ...interfaceCommands(machine), ...netplanCommands(machine), ...powerCommands(machine), ...userCommands(machine), ...packageCommands(machine), ...systemdCommands(machine), ...supervisorCommands(machine), sudo: sudo(machine), su: su(machine) });
