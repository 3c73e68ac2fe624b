// supervisorctl: asks supervisord and tells it what to do (supervisor/supervisorctl.py).
import type { Machine } from '../../../machine/index.ts';
import type { Io } from '../../sh/index.ts';
import type { Command } from '../../sh/commands/command.ts';
import type { Child } from './child.ts';
import { SupervisorConfigError } from './config.ts';
import { type Supervisor, supervisorOf } from './daemon.ts';

type Action = (supervisor: Supervisor, names: readonly string[], io: Io) => Generator<number, number>;

const signals: Readonly<Record<string, number>> = { HUP: 1, INT: 2, KILL: 9, TERM: 15 };

export const supervisorctl = (machine: Machine): Command =>
  function* (argv, io) {
    const words = argv.slice(1);
    if (words[0] === '-c') words.splice(0, 2);
    const [name = 'status', ...names] = words;
    const supervisor = supervisorOf(machine);
    if (!supervisor) {
      io.out('unix:///var/run/supervisor.sock no such file\n');
      return 4;
    }
    const action = actions[name];
    if (!action) {
      io.out(`*** Unknown syntax: ${words.join(' ')}\n`);
      return 1;
    }
    return yield* action(supervisor, names, io);
  };

const actions: Record<string, Action> = {
  *status({ children }, names, io) {
    let code = 0;
    const chosen = names.length > 0 && !names.includes('all') ? names.map((name) => childOf(children, name) ?? name) : children;
    const width = Math.max(32, ...children.map(({ config }) => config.name.length));
    for (const one of chosen) {
      if (typeof one === 'string') {
        io.out(`${one}: ERROR (no such process)\n`);
        code = 4;
        continue;
      }
      io.out(`${one.config.name.padEnd(width)} ${one.state.padEnd(9)} ${one.description}\n`);
      if (['STOPPED', 'EXITED', 'FATAL'].includes(one.state)) code ||= 3;
    }
    return code;
  },
  start: (supervisor, names, io) => each(supervisor, names, io, startOne),
  stop: (supervisor, names, io) => each(supervisor, names, io, stopOne),
  *restart(supervisor, names, io) {
    yield* each(supervisor, names, io, function* (child, out) {
      return child.running ? yield* stopOne(child, out) : 0;
    });
    return yield* each(supervisor, names, io, startOne);
  },
  *signal(supervisor, [signal = '', ...names], io) {
    const number = signals[signal.replace(/^SIG/, '')] ?? Number(signal);
    return yield* each(supervisor, names, io, function* (child, out) {
      if (!child.pid) return out.out(`${child.config.name}: ERROR (not running)\n`), 0;
      child.signal(number);
      out.out(`${child.config.name}: signalled\n`);
      return 0;
    });
  },
  *pid({ pid, children }, names, io) {
    if (names.length === 0) io.out(`${pid}\n`);
    for (const name of names) io.out(childOf(children, name) ? `${childOf(children, name)!.pid}\n` : `No such process ${name}\n`);
    return 0;
  },
  *maintail({ logText }, _, io) {
    io.out(logText.slice(-1600));
    return 0;
  },
  *reread(supervisor, _, io) {
    const found = tried(() => supervisor.reread(), io);
    if (!found) return 1;
    const lines = [...found.added.map((name) => `${name}: available`), ...found.changed.map((name) => `${name}: changed`), ...found.removed.map((name) => `${name}: disappeared`)];
    io.out(lines.length > 0 ? `${lines.join('\n')}\n` : 'No config updates to processes\n');
    return 0;
  },
  *update(supervisor, _, io) {
    const found = tried(() => supervisor.reread(), io);
    if (!found) return 1;
    for (const name of [...found.removed, ...found.changed]) {
      const child = childOf(supervisor.children, name)!;
      if (child.running) yield* stopped(child);
      io.out(`${name}: stopped\n`);
      supervisor.replace(name);
      io.out(`${name}: ${found.removed.includes(name) ? 'removed process group' : 'updated process group'}\n`);
    }
    for (const name of found.added) {
      supervisor.replace(name);
      io.out(`${name}: added process group\n`);
    }
    return 0;
  },
  *shutdown(supervisor, _, io) {
    io.out('Shut down\n');
    for (const child of supervisor.children) if (child.running) child.stop();
    while (supervisor.children.some(({ state }) => state === 'STOPPING')) yield 100;
    supervisor.end();
    return 0;
  },
};

const childOf = (children: readonly Child[], name: string) => children.find(({ config }) => name === config.name || name === `${config.name}:${config.name}` || name === `${config.name}:*`);

function tried<T>(run: () => T, io: Io): T | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SupervisorConfigError)) throw error;
    io.out(`ERROR: CANT_REREAD: ${error.message}\n`);
    return undefined;
  }
}

type One = (child: Child, io: Io) => Generator<number, number>;

function* each({ children }: Supervisor, names: readonly string[], io: Io, run: One): Generator<number, number> {
  if (names.length === 0) {
    io.out('Error: requires a process name\n');
    return 1;
  }
  let code = 0;
  for (const name of names.includes('all') ? children.map(({ config }) => config.name) : names) {
    const child = childOf(children, name);
    if (child) code = (yield* run(child, io)) || code;
    else {
      io.out(`${name}: ERROR (no such process)\n`);
      code = 1;
    }
  }
  return code;
}

/** Waits until it has stayed up long enough, or has not. */
function* startOne(child: Child, io: Io): Generator<number, number> {
  const { name } = child.config;
  if (child.state === 'RUNNING' || child.state === 'STARTING') {
    io.out(`${name}: ERROR (already started)\n`);
    return 0;
  }
  child.start();
  const is = (...states: Child['state'][]) => states.includes(child.state);
  if (child.unusable && is('BACKOFF')) {
    io.out(`${name}: ERROR (no such file)\n`);
    return 1;
  }
  while (is('STARTING')) yield 100;
  const well = is('RUNNING', 'EXITED');
  io.out(well ? `${name}: started\n` : `${name}: ERROR (spawn error)\n`);
  return well ? 0 : 7;
}

function* stopOne(child: Child, io: Io): Generator<number, number> {
  if (!child.running) {
    io.out(`${child.config.name}: ERROR (not running)\n`);
    return 0;
  }
  yield* stopped(child);
  io.out(`${child.config.name}: stopped\n`);
  return 0;
}

function* stopped(child: Child): Generator<number, void> {
  child.stop();
  while (child.state === 'STOPPING') yield 100;
}
