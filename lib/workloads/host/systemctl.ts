// systemctl: the units of a machine, as systemd 255 (control groups v2) and 245 (v1) say them.
import { FileUnit, fullName, type Job, type Machine, TransactionError, type Unit } from '../../machine/index.ts';
import type { Command } from '../sh/commands/command.ts';
import { enabledBy, setEnabled } from './enable-unit.ts';
import { isNew, reloadWarning, statusOf, waits } from './unit-status.ts';

interface Said {
  out?: string;
  err?: string;
  code?: number;
}

type Steps = Generator<number, Said, void>;
type Verb = (units: readonly string[], machine: Machine, now: boolean) => Said | Steps;

/** How often it looks whether a job is over. */
const glance = 20;

/** The same complaint of several units is made once. */
const joined = (all: readonly Said[], between = ''): Said => ({ out: all.map(({ out = '' }) => out).join(between), err: [...new Set(all.map(({ err = '' }) => err))].join(''), code: all.reduce((worst, { code = 0 }) => Math.max(worst, code), 0) });

/** Does it to each unit; those that are not there are complained of. */
function each(names: readonly string[], machine: Machine, { missing, run, between }: { missing(name: string): Said; run(unit: Unit): Said | void; between?: string }): Said {
  return joined(
    names.map((name) => {
      const unit = machine.systemd.find(name);
      return unit ? (run(unit) ?? {}) : missing(fullName(name));
    }),
    between,
  );
}

const jobVerb = (verb: 'start' | 'stop' | 'restart', { skips = () => false }: { skips?(unit: Unit | undefined): boolean } = {}): Verb =>
  function* (names, machine) {
    const all: Said[] = [];
    for (const name of names) {
      const unit = machine.systemd.find(name);
      if (skips(unit)) continue;
      if (!unit && verb === 'restart') all.push({ err: `Failed to restart ${fullName(name)}: Unit ${fullName(name)} not found.\n`, code: 5 });
      else all.push(yield* oneJob(verb, name, machine));
    }
    return joined(all);
  };

function* oneJob(verb: 'start' | 'stop' | 'restart', name: string, machine: Machine): Steps {
  const { systemd } = machine;
  const unit = systemd.find(name);
  const warning = unit ? reloadWarning(unit, machine) : '';
  try {
    const job = systemd[verb](name);
    while (!job.result) yield glance;
    const failure = failureText(job, fullName(name), machine);
    return { err: `${warning}${failure}`, code: failure ? 1 : 0 };
  } catch (error) {
    if (!(error instanceof TransactionError)) throw error;
    return { err: `${warning}${error.message}\n`, code: /not (found|loaded)\.$/.test(error.message) ? 5 : 1 };
  }
}

function failureText({ result, unit }: Job, name: string, machine: Machine): string {
  if (result === 'done') return '';
  if (result === 'canceled') return `Job for ${name} canceled.\n`;
  const journal = `journalctl -xe${isNew(machine) ? `u ${name}` : ''}`;
  if (result === 'dependency') return `A dependency job for ${name} failed. See 'journalctl -xe' for details.\n`;
  const how = unit instanceof FileUnit ? unit.result : 'exit-code';
  const why = how === 'start-limit-hit' ? 'start of the service was attempted too often' : how === 'timeout' ? 'a timeout was exceeded' : how === 'signal' ? 'a fatal signal was delivered to the control process' : how === 'resources' ? 'the service did not take the steps required by its unit configuration' : 'the control process exited with error code';
  const again = how === 'start-limit-hit' ? `To force a start use "systemctl reset-failed ${name}"\nfollowed by "systemctl start ${name}" again.\n` : '';
  return `Job for ${name} failed because ${why}.\nSee "systemctl status ${name}" and "${journal}" for details.\n${again}`;
}

const enabling = (on: boolean): Verb =>
  function* (names, machine, now) {
    const said = each(names, machine, {
      missing: (name) => ({ err: `Failed to ${on ? 'enable' : 'disable'} unit: Unit file ${name} does not exist.\n`, code: 1 }),
      run: (unit) => ({ err: setEnabled(unit, machine, on) }),
    });
    if (!now) return said;
    const there = names.filter((name) => machine.systemd.find(name));
    const jobs: Said[] = [];
    for (const name of there) jobs.push(yield* oneJob(on ? 'start' : 'stop', name, machine));
    return joined([said, ...jobs]);
  };

/** The files of a unit as they lie on the disk, each under its path. */
const cat: Verb = (names, machine) =>
  each(names, machine, {
    missing: (name) => ({ err: `No files found for ${name}.\n`, code: 1 }),
    run: (unit) => {
      if (!(unit instanceof FileUnit)) return { err: `${fullName(unit.name)}: 이 책이 처음부터 깔아 둔 서비스라 유닛 파일이 없다\n`, code: 1 };
      const { fragment, dropIns } = unit.loaded;
      return { err: reloadWarning(unit, machine), out: [fragment, ...dropIns].map(({ path, text }) => `# ${path}\n${text.replace(/\n?$/, '\n')}`).join('\n') };
    },
  });

const stateVerbs: Readonly<Record<string, Verb>> = {
  status: (names, machine) =>
    each(names, machine, { between: '\n', missing: (name) => ({ err: `Unit ${name} could not be found.\n`, code: 4 }), run: (unit) => ({ err: reloadWarning(unit, machine), out: statusOf(unit, machine), code: unit.state === 'active' ? 0 : 3 }) }),
  'is-active': (names, machine) => each(names, machine, { missing: () => ({ out: 'inactive\n', code: isNew(machine) ? 4 : 3 }), run: (unit) => ({ out: `${waits(unit) ? 'activating' : unit.state}\n`, code: unit.state === 'active' ? 0 : 3 }) }),
  'is-failed': (names, machine) => each(names, machine, { missing: () => ({ out: 'inactive\n', code: 1 }), run: (unit) => ({ out: `${waits(unit) ? 'activating' : unit.state}\n`, code: unit.state === 'failed' ? 0 : 1 }) }),
  'is-enabled': (names, machine) =>
    each(names, machine, {
      missing: (name) => (isNew(machine) ? { out: 'not-found\n', code: 4 } : { err: `Failed to get unit file state for ${name}: No such file or directory\n`, code: 1 }),
      run: (unit) => ({ out: `${enabledBy(unit, machine)}\n`, code: enabledBy(unit, machine) === 'disabled' ? 1 : 0 }),
    }),
};

const verbs: Readonly<Record<string, Verb>> = {
  ...stateVerbs,
  start: jobVerb('start'),
  stop: jobVerb('stop'),
  restart: jobVerb('restart'),
  'try-restart': jobVerb('restart', { skips: (unit) => unit?.state !== 'active' }),
  enable: enabling(true),
  disable: enabling(false),
  cat,
  'daemon-reload': (_, machine) => (machine.systemd.reload(), {}),
  'reset-failed': (names, machine) => {
    for (const unit of machine.systemd.fileUnits) if (names.length === 0 || names.map(fullName).includes(unit.fullName)) unit.forgive();
    return {};
  },
};

function* said(machine: Machine, verb: string, { units, now }: { units: readonly string[]; now: boolean }): Steps {
  if (!Object.hasOwn(verbs, verb)) return { err: `Unknown command verb ${isNew(machine) ? `'${verb}'` : verb}.\n`, code: 1 };
  if (units.length === 0 && !/^(daemon-reload|reset-failed)$/.test(verb)) return { err: 'Too few arguments.\n', code: 1 };
  const answer = verbs[verb]!(units, machine, now);
  return Symbol.iterator in answer ? yield* answer : answer;
}

/** Differs from systemd: of a unit that this book has put there no process and no log is shown, and all units are services. */
export const systemctl = (machine: Machine): Command =>
  function* (argv, io) {
    const words = argv.slice(1);
    const [verb = '', ...units] = words.filter((word) => !word.startsWith('-'));
    const { out = '', err = '', code = 0 } = yield* said(machine, verb, { units, now: words.includes('--now') });
    io.err(err);
    io.out(out);
    return code;
  };
