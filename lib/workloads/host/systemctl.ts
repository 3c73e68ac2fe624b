// systemctl: the units of a machine, as systemd 255 (control groups v2) and 245 (v1) say them.
import type { Machine, Unit } from '../../machine/index.ts';
import type { Command } from '../sh/commands/command.ts';

interface Said {
  out?: string;
  err?: string;
  code?: number;
}

type Verb = (units: readonly string[], machine: Machine, now: boolean) => Said;

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const short = (name: string) => name.replace(/\.service$/, '');
const full = (name: string) => (/\.[a-z]+$/.test(name) ? name : `${name}.service`);
const isNew = ({ os }: Machine) => os.cgroup === 2;

function ago(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const units: readonly [number, string][] = [[86_400, 'day'], [3_600, 'h'], [60, 'min'], [1, 's']];
  const [first, second] = units.map(([size, name], i) => [Math.floor((i === 0 ? seconds : seconds % units[i - 1]![0]) / size), name] as const).filter(([n], i, all) => n > 0 || i === all.length - 1);
  const text = (part: readonly [number, string] | undefined) => (part === undefined ? '' : part[1] === 'day' ? `${part[0]} day${part[0] === 1 ? '' : 's'}` : `${part[0]}${part[1]}`);
  const both = first![0] === 0 ? '0s' : first![1] === 's' || !second || second[0] === 0 ? text(first) : `${text(first)} ${text(second)}`;
  return `${both} ago`;
}

const stamp = (time: number) => `${days[new Date(time).getUTCDay()]} ${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
const bullet = (unit: Unit, machine: Machine) => (!isNew(machine) || unit.state === 'active' ? '●' : unit.state === 'failed' ? '×' : '○');
/** A unit that systemd starts again by itself. */
const waits = (unit: Unit) => unit.state === 'failed' && unit.restarting;

function statusOf(unit: Unit, machine: Machine): string {
  const { name, description, state, since, clock } = unit;
  const enabled = unit.enabled ? 'enabled' : 'disabled';
  const preset = `${isNew(machine) ? '' : 'vendor '}preset: enabled`;
  const how = state === 'active' ? 'active (running)' : waits(unit) ? 'activating (auto-restart) (Result: exit-code)' : state === 'failed' ? 'failed (Result: exit-code)' : 'inactive (dead)';
  const when = state === 'inactive' && since === 0 ? '' : ` since ${stamp(since)}; ${ago(clock.now - since)}`;
  return `${bullet(unit, machine)} ${full(name)} - ${description}\n     Loaded: loaded (${isNew(machine) ? '/usr' : ''}/lib/systemd/system/${full(name)}; ${enabled}; ${preset})\n     Active: ${how}${when}\n`;
}

const find = (machine: Machine, name: string) => machine.units.get(short(name));

/** Does it to each unit; those that are not there are complained of. */
function each(names: readonly string[], machine: Machine, { missing, run }: { missing(name: string): Said; run(unit: Unit): Said | void }): Said {
  const all = names.map((name) => {
    const unit = find(machine, name);
    return unit ? (run(unit) ?? {}) : missing(full(name));
  });
  return { out: all.map(({ out = '' }) => out).join(''), err: all.map(({ err = '' }) => err).join(''), code: all.reduce((worst, { code = 0 }) => Math.max(worst, code), 0) };
}

const notFound = (verb: string) => (name: string) => ({ err: `Failed to ${verb} ${name}: Unit ${name} not ${verb === 'stop' ? 'loaded' : 'found'}.\n`, code: 5 });
const change = (verb: string, run: (unit: Unit) => void): Verb => (names, machine) => each(names, machine, { missing: notFound(verb), run });

function enable(unit: Unit, machine: Machine, on: boolean): Said {
  if (unit.enabled === on) return {};
  unit.enabled = on;
  const link = `/etc/systemd/system/multi-user.target.wants/${full(unit.name)}`;
  return { err: on ? `Created symlink ${link} → ${isNew(machine) ? '/usr' : ''}/lib/systemd/system/${full(unit.name)}.\n` : isNew(machine) ? `Removed "${link}".\n` : `Removed ${link}.\n` };
}

const enabling = (on: boolean): Verb => (names, machine, now) =>
  each(names, machine, {
    missing: (name) => ({ err: `Failed to ${on ? 'enable' : 'disable'} unit: Unit file ${name} does not exist.\n`, code: 1 }),
    run(unit) {
      const said = enable(unit, machine, on);
      if (now && on) unit.start();
      if (now && !on) unit.stop();
      return said;
    },
  });

const verbs: Readonly<Record<string, Verb>> = {
  status: (names, machine) =>
    each(names, machine, { missing: (name) => ({ err: `Unit ${name} could not be found.\n`, code: 4 }), run: (unit) => ({ out: statusOf(unit, machine), code: unit.state === 'active' ? 0 : 3 }) }),
  start: change('start', (unit) => unit.start()),
  stop: change('stop', (unit) => unit.stop()),
  restart: change('restart', (unit) => unit.restart()),
  enable: enabling(true),
  disable: enabling(false),
  'is-active': (names, machine) => each(names, machine, { missing: () => ({ out: 'inactive\n', code: isNew(machine) ? 4 : 3 }), run: (unit) => ({ out: `${waits(unit) ? 'activating' : unit.state}\n`, code: unit.state === 'active' ? 0 : 3 }) }),
  'is-enabled': (names, machine) =>
    each(names, machine, {
      missing: (name) => (isNew(machine) ? { out: 'not-found\n', code: 4 } : { err: `Failed to get unit file state for ${name}: No such file or directory\n`, code: 1 }),
      run: ({ enabled }) => ({ out: enabled ? 'enabled\n' : 'disabled\n', code: enabled ? 0 : 1 }),
    }),
  'daemon-reload': () => ({}),
  'reset-failed': () => ({}),
};

function said(machine: Machine, verb: string, { units, now }: { units: readonly string[]; now: boolean }): Said {
  if (!Object.hasOwn(verbs, verb)) return { err: `Unknown command verb ${isNew(machine) ? `'${verb}'` : verb}.\n`, code: 1 };
  if (units.length === 0 && !/^(daemon-reload|reset-failed)$/.test(verb)) return { err: 'Too few arguments.\n', code: 1 };
  return verbs[verb]!(units, machine, now);
}

/** Differs from systemd: of a unit no process, no memory and no log is shown, and all units are services. */
export const systemctl = (machine: Machine): Command =>
  function* (argv, io) {
    const words = argv.slice(1);
    const [verb = '', ...units] = words.filter((word) => !word.startsWith('-'));
    const { out = '', err = '', code = 0 } = said(machine, verb, { units, now: words.includes('--now') });
    io.out(out);
    io.err(err);
    return code;
  };
