// dpkg: files of packages one by one, without anybody who fetches what they need.
import type { Machine } from '../../../machine/index.ts';
import { type Command, commandError, plain } from '../../sh/commands/command.ts';
import { downloadable } from './archive.ts';
import { installedOn } from './database.ts';
import { isMet, relation } from './plan.ts';

/** `docker-ce_19.03.12_amd64.deb` → `docker-ce` */
const nameOf = (path: string) => path.replace(/.*\//, '').replace(/_.*$|\.deb$/, '');

/** Unpacks them all, then configures what can be. */
function unpack(machine: Machine, paths: readonly string[], { out, err }: { out(text: string): void; err(text: string): void }): number {
  const [installed, files] = [installedOn(machine), downloadable(machine)];
  const unknown = paths.find((path) => !files[nameOf(path)]);
  if (unknown !== undefined) return err(`dpkg: error: cannot access archive '${unknown}': No such file or directory\n`), 2;
  for (const path of paths) {
    const name = nameOf(path);
    const one = files[name]!;
    out(`${installed.has(name) ? '' : `Selecting previously unselected package ${name}.\n`}Preparing to unpack ${path} ...\nUnpacking ${name} (${one.version}) ...\n`);
    installed.set(name, { package: one, automatic: false, configured: false });
  }
  return configure(machine, paths.map(nameOf), { out, err });
}

/** What others in the same line need is configured first. */
function configure(machine: Machine, names: readonly string[], { out, err }: { out(text: string): void; err(text: string): void }): number {
  const installed = installedOn(machine);
  const left = new Set(names);
  const ready = (text: string) => isMet(text, new Map([...installed].filter(([, { configured }]) => configured).map(([name, { package: one }]) => [name, one])));
  const missing = (name: string) => (installed.get(name)!.package.depends ?? []).filter((text) => !ready(text));
  for (let next = [...left].find((name) => missing(name).length === 0); next; next = [...left].find((name) => missing(name).length === 0)) {
    installed.get(next)!.configured = true;
    out(`Setting up ${next} (${installed.get(next)!.package.version}) ...\n`);
    left.delete(next);
  }
  for (const name of left) {
    const why = missing(name).map((text) => ` ${name} depends on ${text}; however:\n  Package ${relation(text).name} is not ${installed.has(relation(text).name) ? 'configured yet' : 'installed'}.\n`);
    err(`dpkg: dependency problems prevent configuration of ${name}:\n${why.join('')}\ndpkg: error processing package ${name} (--install):\n dependency problems - leaving unconfigured\n`);
  }
  if (left.size > 0) err(`Errors were encountered while processing:\n${[...left].map((name) => ` ${name}\n`).join('')}`);
  return left.size > 0 ? 1 : 0;
}

const head = 'Desired=Unknown/Install/Remove/Purge/Hold\n| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend\n|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)\n||/ Name                 Version                              Architecture Description\n+++-====================-====================================-============-==============\n';

function list(machine: Machine, patterns: readonly string[]): string {
  const fits = (name: string) => patterns.length === 0 || patterns.some((pattern) => new RegExp(`^${pattern.replace(/[.+]/g, '\\$&').replaceAll('*', '.*')}$`).test(name));
  return head + [...installedOn(machine)].filter(([name]) => fits(name)).sort().map(([name, { package: one, configured }]) => `${configured ? 'ii' : 'iU'}  ${name.padEnd(20)} ${one.version.padEnd(36)} ${'amd64'.padEnd(12)} ${one.what}\n`).join('');
}

export const dpkg = (machine: Machine): Command =>
  plain((args, io, shell) => {
    const words = args.filter((word) => !word.startsWith('-'));
    if (args.includes('-l') || args.includes('--list')) return void io.out(list(machine, words));
    if (!args.includes('-i') && !args.includes('--install')) return commandError(io, 'dpkg: error: need an action option', 2);
    if (shell.process.user.uid !== 0) return commandError(io, 'dpkg: error: requested operation requires superuser privilege', 2);
    return unpack(machine, words, io);
  });
