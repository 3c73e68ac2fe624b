// Help texts in the template of cobra 1.1.
import type { KubeadmCommand } from './command.ts';
import { flagUsages, type KubeadmFlag, toggle } from './flags.ts';

/** A command with all above it, the root first. */
export type Line = readonly KubeadmCommand[];

export const pathOf = (line: Line): string => line.map(({ name }) => name).join(' ');
export const helpFlag = (name: string): KubeadmFlag => toggle('help', `help for ${name}`, { short: 'h' });

const available = (commands: readonly KubeadmCommand[] = []): KubeadmCommand[] =>
  commands.filter((command) => !command.deprecated && (command.run !== undefined || available(command.commands).length > 0));

function usageLine(line: Line): string {
  const { words, bareUsage } = line.at(-1)!;
  const use = `${pathOf(line)}${words ? ` ${words}` : ''}`;
  return bareUsage || use.includes('[flags]') ? use : `${use} [flags]`;
}

/** Those of the commands above that this one knows too. */
export const inherited = (line: Line): KubeadmFlag[] => line.slice(0, -1).flatMap(({ persistent = [] }) => persistent);

export function usage(line: Line): string {
  const command = line.at(-1)!;
  const { name, aliases, example, flags = [], persistent = [], commands = [] } = command;
  const path = pathOf(line);
  const below = available(commands);
  const parts: string[] = ['Usage:'];
  if (command.run) parts.push(`\n  ${usageLine(line)}`);
  if (below.length > 0) parts.push(`\n  ${path} [command]`);
  if (aliases) parts.push(`\n\nAliases:\n  ${[name, ...aliases].join(', ')}`);
  if (example) parts.push(`\n\nExamples:\n${example}`);
  if (below.length > 0) {
    const width = Math.max(11, ...commands.map((one) => one.name.length));
    const sorted = [...below].sort((a, b) => (a.name < b.name ? -1 : 1));
    parts.push('\n\nAvailable Commands:', ...sorted.map((one) => `\n  ${one.name.padEnd(width)} ${one.short}`));
  }
  parts.push(`\n\nFlags:\n${flagUsages([...flags, ...persistent, helpFlag(name)]).trimEnd()}`);
  const global = inherited(line);
  if (global.length > 0) parts.push(`\n\nGlobal Flags:\n${flagUsages(global).trimEnd()}`);
  if (below.length > 0) parts.push(`\n\nUse "${path} [command] --help" for more information about a command.`);
  return `${parts.join('')}\n`;
}

export function help(line: Line): string {
  const { long, short } = line.at(-1)!;
  return `${(long || short).trimEnd()}\n\n${usage(line)}`;
}
