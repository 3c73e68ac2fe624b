// journalctl: the journal of a machine, of all or of one unit.
import { fullName, type JournalEntry, type Machine } from '../../machine/index.ts';
import { type Command, commandError, plain } from '../sh/commands/command.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Jan 01 00:00:03 lab systemd[1]: Started web.service - Web.` */
export function journalLine({ time, identifier, pid, text }: JournalEntry, { hostname }: Machine): string {
  const date = new Date(time);
  return `${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2, '0')} ${date.toISOString().slice(11, 19)} ${hostname} ${identifier}[${pid}]: ${text}`;
}

interface Wanted {
  units: string[];
  lines: number | undefined;
  format: string;
  thisBoot: boolean;
  backwards: boolean;
}

const ignored = /^(--no-pager|-e|--pager-end|-x|--catalog|-xe|-ex|-a|--all|-q|--quiet|--no-hostname)$/;

/** A string: what is wrong with the words. */
function read(args: readonly string[]): Wanted | string {
  const wanted: Wanted = { units: [], lines: undefined, format: 'short', thisBoot: false, backwards: false };
  for (let i = 0; i < args.length; i++) {
    const [, name = args[i]!, given] = /^(--?[\w-]+)=(.*)$/s.exec(args[i]!) ?? [];
    const value = () => given ?? args[++i] ?? '';
    const letters = /^-(xeu|xu|eu|fu)$/.test(name);
    if (name === '-u' || name === '--unit' || letters) wanted.units.push(fullName(value()));
    else if (name === '-n' || name === '--lines') wanted.lines = Number(value());
    else if (name === '-o' || name === '--output') wanted.format = value();
    else if (name === '-b' || name === '--boot') wanted.thisBoot = true;
    else if (name === '-r' || name === '--reverse') wanted.backwards = true;
    else if (!ignored.test(name)) return name.startsWith('--') ? `journalctl: unrecognized option '${name}'` : name.startsWith('-') ? `journalctl: invalid option -- '${name.slice(1)}'` : `Failed to add match '${name}': Invalid argument`;
  }
  return wanted;
}

/** Differs from systemd: without a pager, and `-f` is not known. */
export const journalctl = (machine: Machine): Command =>
  plain((args, io) => {
    const wanted = read(args);
    if (typeof wanted === 'string') return commandError(io, wanted, 1);
    const { units, lines, format, thisBoot, backwards } = wanted;
    const found = machine.systemd.journal.entries.filter((entry) => (units.length === 0 || units.includes(entry.unit ?? '')) && (!thisBoot || entry.boot === machine.boots));
    const shown = lines === undefined ? found : lines === 0 ? [] : found.slice(-lines);
    if (shown.length === 0) return void io.out('-- No entries --\n');
    let boot = shown[0]!.boot;
    for (const entry of backwards ? [...shown].reverse() : shown) {
      if (entry.boot !== boot) io.out(machine.os.cgroup === 2 ? `-- Boot ${machine.bootId.replaceAll('-', '')} --\n` : '-- Reboot --\n');
      boot = entry.boot;
      io.out(`${format === 'cat' ? entry.text : journalLine(entry, machine)}\n`);
    }
    return 0;
  });
