// Package managers of a machine whose archive is known.
import type { Machine } from '../../../machine/index.ts';
import type { Command } from '../../sh/commands/command.ts';
import { apt } from './apt.ts';
import { hasArchive } from './archive.ts';
import { dpkg } from './dpkg.ts';
import { releaseUpgrade } from './release-upgrade.ts';

export const packageCommands = (machine: Machine): Record<string, Command> => (hasArchive(machine) ? { apt: apt(machine, 'apt'), 'apt-get': apt(machine, 'apt-get'), 'apt-cache': apt(machine, 'apt-cache'), dpkg: dpkg(machine), 'do-release-upgrade': releaseUpgrade(machine) } : {});
