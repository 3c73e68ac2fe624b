// apt and apt-get of a machine, as apt 1.6 to 2.0 say it.
// Differs from apt: nothing is fetched, questions are answered with yes, and of the steps of an installation the last one is shown.
import type { Machine } from '../../../machine/index.ts';
import { type Command, commandError, plain } from '../../sh/commands/command.ts';
import { archiveOf, type Package } from './archive.ts';
import { type Installed, installedOn } from './database.ts';
import { orphans, planInstall, planRemoval, relation } from './plan.ts';

type Out = (text: string) => void;

const reading = 'Reading package lists... Done\nBuilding dependency tree       \nReading state information... Done\n';
const impossible = 'Some packages could not be installed. This may mean that you have\nrequested an impossible situation or if you are using the unstable\ndistribution that some required packages have not yet been created\nor been moved out of Incoming.\nThe following information may help to resolve the situation:\n\nThe following packages have unmet dependencies:\n';

/** Names in lines of up to 79 columns. */
function listed(title: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  let [lines, line] = ['', ' '];
  for (const name of names) {
    if (line.length + 1 + name.length > 79) [lines, line] = [`${lines}${line}\n`, ' '];
    line += ` ${name}`;
  }
  return `${title}\n${lines}${line}\n`;
}

const summary = (added: number, removed: number) => `0 upgraded, ${added} newly installed, ${removed} to remove and 0 not upgraded.\n`;

interface Desk {
  machine: Machine;
  archive: Readonly<Record<string, Package>>;
  installed: Map<string, Installed>;
  tool: string;
  out: Out;
  err: Out;
}

function noLonger({ installed, tool, out }: Desk): void {
  out(listed('The following packages were automatically installed and are no longer required:', orphans(installed)));
  if (orphans(installed).length > 0) out(`Use 'sudo ${tool} autoremove' to remove them.\n`);
}

/** A name that several packages stand for leads to the only one that does. */
function realNames(words: readonly string[], { archive, installed, out }: Desk): string[] | string {
  const all = new Map<string, Package>([...Object.entries(archive), ...[...installed].map(([name, { package: one }]): [string, Package] => [name, one])]);
  const found: string[] = [];
  for (const word of words) {
    const providers = [...all].filter(([, { provides = [] }]) => provides.includes(word)).map(([name]) => name);
    if (all.has(word)) found.push(word);
    else if (providers.length === 1) {
      out(`Note, selecting '${providers[0]}' instead of '${word}'\n`);
      found.push(providers[0]!);
    } else return word;
  }
  return found;
}

function install(desk: Desk, words: readonly string[]): number {
  const { archive, installed, out, err } = desk;
  out(reading);
  const names = realNames(words, desk);
  const missing = typeof names === 'string' ? names : names.find((name) => !archive[name]);
  if (missing !== undefined) return said(err, `E: ${installed.has(missing) ? `Package '${missing}' has no installation candidate` : `Unable to locate package ${missing}`}`);
  const { install: added, remove, unmet } = planInstall(names as string[], { archive, installed });
  if (unmet.length > 0) {
    out(impossible + unmet.map(([name, depends]) => ` ${name} : Depends: ${depends}${tail(depends, desk)}\n`).join(''));
    return said(err, 'E: Unable to correct problems, you have held broken packages.');
  }
  for (const name of names as string[]) if (!added.some(([one]) => one === name)) out(`${name} is already the newest version (${archive[name]!.version}).\n`);
  const along = added.map(([name]) => name).filter((name) => !names.includes(name)).sort();
  out(listed('The following additional packages will be installed:', along));
  out(listed('The following packages will be REMOVED:', remove));
  out(listed('The following NEW packages will be installed:', added.map(([name]) => name).sort()) + summary(added.length, remove.length));
  for (const name of remove) drop(desk, name);
  for (const [name, one] of added) {
    installed.set(name, { package: one, automatic: !names.includes(name), configured: true });
    out(`Setting up ${name} (${one.version}) ...\n`);
  }
  return 0;
}

/** apt says nothing of a name that other packages stand for as well. */
function tail(depends: string, { archive, installed }: Desk): string {
  const { name } = relation(depends);
  const stands = ({ provides = [] }: Package) => provides.includes(name);
  if (Object.values(archive).some(stands) || [...installed.values()].some(({ package: one }) => stands(one))) return '';
  return archive[name] ? ' but it is not going to be installed' : ' but it is not installable';
}

function drop({ installed, out }: Desk, name: string): void {
  out(`Removing ${name} (${installed.get(name)!.package.version}) ...\n`);
  installed.delete(name);
}

const said = (err: Out, text: string) => (err(`${text}\n`), 100);

function remove(desk: Desk, words: readonly string[], { purge, begun = false }: { purge: boolean; begun?: boolean }): number {
  const { installed, out, err } = desk;
  if (!begun) out(reading);
  const names = realNames(words, desk);
  if (typeof names === 'string') return said(err, `E: Unable to locate package ${names}`);
  for (const name of names) if (!installed.has(name)) out(`Package '${name}' is not installed, so not removed\n`);
  const here = names.filter((name) => installed.has(name));
  const gone = planRemoval(here, new Map([...installed].map(([name, { package: one }]) => [name, one])));
  const left: Desk = { ...desk, installed: new Map([...installed].filter(([name]) => !gone.includes(name))) };
  noLonger(left);
  out(listed('The following packages will be REMOVED:', gone.map((name) => (purge ? `${name}*` : name))) + summary(0, gone.length));
  for (const name of gone) drop(desk, name);
  return 0;
}

function autoremove(desk: Desk): number {
  desk.out(reading);
  const gone = orphans(desk.installed);
  if (gone.length > 0) return remove({ ...desk, out: desk.out }, gone, { purge: false, begun: true });
  desk.out(summary(0, 0));
  return 0;
}

function show({ archive, out, err }: Desk, [name = '']: readonly string[]): number {
  const one = archive[name];
  if (!one) return said(err, `N: Unable to locate package ${name}\nE: No packages found`);
  const fields: [string, string | undefined][] = [['Package', name], ['Version', one.version], ['Depends', one.depends?.join(', ')], ['Recommends', one.recommends?.join(', ')], ['Conflicts', one.conflicts?.join(', ')], ['Provides', one.provides?.join(', ')], ['Description', one.what]];
  out(fields.flatMap(([key, value]) => (value ? [`${key}: ${value}\n`] : [])).join('') + '\n');
  return 0;
}

const actions: Readonly<Record<string, (desk: Desk, words: readonly string[]) => number>> = {
  update: ({ out }) => (out('Reading package lists... Done\n'), 0),
  install,
  remove: (desk, words) => remove(desk, words, { purge: false }),
  purge: (desk, words) => remove(desk, words, { purge: true }),
  autoremove: (desk) => autoremove(desk),
  show,
};

const known = new Set(['y', 'q', 'qq', 'f', 's', 'yq', 'yqq']);

/** The first option that apt does not understand, in its words. */
function wrongOption(words: readonly string[]): string | undefined {
  for (const word of words) {
    const letters = /^-([^-].*)$/.exec(word)?.[1];
    if (!letters || known.has(letters)) continue;
    const letter = [...letters].find((one) => !/[yqfsdVum]/.test(one)) ?? letters[0];
    return letters.length > 1 ? `E: Command line option '${letter}' [from ${word}] is not understood in combination with the other options.` : `E: Command line option '${letter}' [from ${word}] is not known.`;
  }
  return undefined;
}

export const apt = (machine: Machine, tool: 'apt' | 'apt-get' | 'apt-cache'): Command =>
  plain((args, io, shell) => {
    const wrong = wrongOption(args);
    if (wrong) return commandError(io, wrong, 100);
    const [action = '', ...words] = args.filter((word) => !word.startsWith('-'));
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (!run) return commandError(io, `E: Invalid operation ${action}`, 100);
    if (shell.process.user.uid !== 0 && action !== 'show') return commandError(io, 'E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)\nE: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?', 100);
    return run({ machine, archive: archiveOf(machine) ?? {}, installed: installedOn(machine), tool, out: io.out, err: io.err }, words);
  });
