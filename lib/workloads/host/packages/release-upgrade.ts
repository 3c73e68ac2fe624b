// do-release-upgrade: whether there is a newer Ubuntu, as of July 2020 (20.04 was out, 20.04.1 was not).
import type { Machine } from '../../../machine/index.ts';
import { type Command, commandError, plain } from '../../sh/commands/command.ts';
import { releaseOf } from './archive.ts';

const settings = '/etc/update-manager/release-upgrades';

/** `Prompt=` of the settings; on an LTS it is `lts` unless somebody changed it. */
const promptOf = ({ files }: Machine) => /^Prompt=(\w+)/m.exec(files.read(settings) ?? '')?.[1] ?? 'lts';

/** What `Prompt=normal` leads to; from LTS to LTS one goes when the first point release is out. */
const newer: Readonly<Record<string, string>> = { '18.04': '20.04' };

function answer(machine: Machine, development: boolean): [text: string, code: number] {
  const prompt = promptOf(machine);
  if (prompt === 'never') return [`In ${settings} Prompt \nis set to never so upgrading is not possible.\n`, 1];
  if (development && prompt === 'lts') return [`There is no development version of an LTS available.\nTo upgrade to the latest non-LTS development release \nset Prompt=normal in ${settings}.\n`, 1];
  const next = prompt === 'normal' ? newer[releaseOf(machine)] : undefined;
  return next ? [`New release '${next}' available.\nRun 'do-release-upgrade' to upgrade to it.\n`, 0] : ['No new release found.\n', 1];
}

/** Differs from Ubuntu: it only looks, as with -c. */
export const releaseUpgrade = (machine: Machine): Command =>
  plain((args, io, shell) => {
    if (shell.process.user.uid !== 0 && !args.includes('-c')) return commandError(io, 'You need to be root to run this', 1);
    const [text, code] = answer(machine, args.includes('-d') || args.includes('--devel-release'));
    io.out(`Checking for a new Ubuntu release\n${text}`);
    return code;
  });
