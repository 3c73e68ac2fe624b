// `systemctl status`: what systemd 255 (control groups v2) and 245 (v1) say of a unit.
import { changedOnDisk, endingText, FileUnit, fullName, type Machine, type Unit } from '../../machine/index.ts';
import { enabledBy } from './enable-unit.ts';
import { journalLine } from './journalctl.ts';

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
export const isNew = ({ os }: Machine): boolean => os.cgroup === 2;
/** Lines of the journal that a status ends with. */
const shownLines = 10;

function ago(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const units: readonly [number, string][] = [[86_400, 'day'], [3_600, 'h'], [60, 'min'], [1, 's']];
  const [first, second] = units.map(([size, name], i) => [Math.floor((i === 0 ? seconds : seconds % units[i - 1]![0]) / size), name] as const).filter(([n], i, all) => n > 0 || i === all.length - 1);
  const text = (part: readonly [number, string] | undefined) => (part === undefined ? '' : part[1] === 'day' ? `${part[0]} day${part[0] === 1 ? '' : 's'}` : `${part[0]}${part[1]}`);
  const both = first![0] === 0 ? '0s' : first![1] === 's' || !second || second[0] === 0 ? text(first) : `${text(first)} ${text(second)}`;
  return `${both} ago`;
}

const stamp = (time: number) => `${days[new Date(time).getUTCDay()]} ${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
/** A unit that systemd starts again by itself. */
export const waits = (unit: Unit): boolean => unit.restarting;

function bullet(unit: Unit, machine: Machine): string {
  if (!isNew(machine) || unit.state === 'active' || unit.state === 'activating' || unit.state === 'deactivating') return '●';
  return unit.state === 'failed' ? '×' : '○';
}

function loadedText(unit: Unit, machine: Machine): string {
  const preset = `${isNew(machine) ? '' : 'vendor '}preset: enabled`;
  if (!(unit instanceof FileUnit)) return `loaded (${isNew(machine) ? '/usr' : ''}/lib/systemd/system/${fullName(unit.name)}; ${unit.enabled ? 'enabled' : 'disabled'}; ${preset})`;
  const { loaded, definition } = unit;
  const state = enabledBy(unit, machine);
  return `${definition.refused ?? 'loaded'} (${definition.refused ? `Reason: Unit ${unit.fullName} has a bad unit file setting.` : `${loaded.fragment.path}; ${state === 'static' && isNew(machine) ? state : `${state}; ${preset}`}`})`;
}

function activeText(unit: Unit): string {
  const result = unit instanceof FileUnit ? unit.result : 'exit-code';
  if (unit.state === 'active') return `active (${unit instanceof FileUnit && unit.sub === 'exited' ? 'exited' : 'running'})`;
  if (waits(unit)) return `activating (auto-restart) (Result: ${result})`;
  if (unit.state === 'activating' || unit.state === 'deactivating') return `${unit.state} (${(unit as FileUnit).sub})`;
  return unit.state === 'failed' ? `failed (Result: ${result})` : 'inactive (dead)';
}

/** Differs from systemd: tasks, memory and CPU time are not shown. */
export function statusOf(unit: Unit, machine: Machine): string {
  const { state, since, clock } = unit;
  const described = unit instanceof FileUnit ? (unit.definition.description ?? unit.fullName) : unit.description;
  const never = state === 'inactive' && (unit instanceof FileUnit ? unit.ran.length === 0 : since === 0);
  const when = never ? '' : ` since ${stamp(since)}; ${ago(clock.now - since)}`;
  const head = `${bullet(unit, machine)} ${fullName(unit.name)} - ${described}\n     Loaded: ${loadedText(unit, machine)}\n`;
  const active = `     Active: ${activeText(unit)}${when}\n`;
  return unit instanceof FileUnit ? `${head}${dropIns(unit)}${active}${processes(unit, machine)}${recent(unit, machine)}` : `${head}${active}`;
}

/** `/etc/systemd/system/web.service.d`, and the files in it as a tree. */
function dropIns({ loaded }: FileUnit): string {
  const folders = new Map<string, string[]>();
  for (const { path } of loaded.dropIns) {
    const end = path.lastIndexOf('/');
    folders.set(path.slice(0, end), [...(folders.get(path.slice(0, end)) ?? []), path.slice(end + 1)]);
  }
  return [...folders].map(([folder, names], i) => `${i === 0 ? '    Drop-In: ' : '             '}${folder}\n             └─${names.join(', ')}\n`).join('');
}

function processes(unit: FileUnit, machine: Machine): string {
  const { definition, ran, main } = unit;
  const docs = definition.documentation.map((one, i) => `${i === 0 ? '       Docs: ' : '             '}${one}\n`).join('');
  const ended = ran.filter((one) => one.ending && (one !== main || unit.state !== 'active')).map(({ pid, directive, argv, ending }) => `    Process: ${pid} ${directive}=${argv.join(' ')} (${endingText(ending!)})\n`);
  const command = main?.argv[0]!.replace(/.*\//, '').slice(0, 15);
  const mainLine = main ? `   Main PID: ${main.pid} (${main.ending ? endingText(main.ending) : command})\n` : '';
  const alive = ran.filter(({ ending, pid }) => !ending && machine.processes.has(pid));
  const group = alive.length > 0 ? `     CGroup: /system.slice/${unit.fullName}\n${alive.map(({ pid, argv }, i) => `             ${i === alive.length - 1 ? '└' : '├'}─${pid} ${argv.join(' ')}\n`).join('')}` : '';
  return `${docs}${ended.join('')}${mainLine}${group}`;
}

function recent(unit: FileUnit, machine: Machine): string {
  const lines = machine.systemd.journal.entries.filter((entry) => entry.unit === unit.fullName && entry.boot === machine.boots).slice(-shownLines);
  return lines.length > 0 ? `\n${lines.map((entry) => `${journalLine(entry, machine)}\n`).join('')}` : '';
}

/** What systemctl says first where the disk says something else than what systemd has read. */
export function reloadWarning(unit: Unit, { files }: Machine): string {
  if (!(unit instanceof FileUnit) || !changedOnDisk(files, unit.fullName, unit.loaded)) return '';
  return `Warning: The unit file, source configuration file or drop-ins of ${unit.fullName} changed on disk. Run 'systemctl daemon-reload' to reload units.\n`;
}
