// supervisord and supervisorctl as they are typed on a machine, and kill for what they keep. Differs from a real host: supervisor is
// installed already, and supervisord always goes into the background.
import type { Machine } from '../../../machine/index.ts';
import type { Command } from '../../sh/commands/command.ts';
import { commands } from '../../sh/commands.ts';
import { SupervisorConfigError } from './config.ts';
import { supervisorctl } from './ctl.ts';
import { Supervisor, supervisorOf } from './daemon.ts';

const usual = ['/etc/supervisord.conf', '/etc/supervisor/supervisord.conf'];

const supervisord = (machine: Machine): Command =>
  function* (argv, io) {
    const at = argv.findIndex((word) => word === '-c' || word === '--configuration');
    const path = at >= 0 ? (argv[at + 1] ?? '') : (usual.find((one) => machine.files.find(one)) ?? '');
    try {
      if (!path) throw new SupervisorConfigError('No config file found at default paths (etc/supervisord.conf, supervisord.conf, /etc/supervisord.conf, /etc/supervisor/supervisord.conf); use the -c option to specify a config file at a different path');
      if (supervisorOf(machine)) throw new SupervisorConfigError('Another program is already listening on a port that one of our HTTP servers is configured to use.  Shut this program down first before starting supervisord.');
      new Supervisor(machine, path);
    } catch (error) {
      if (!(error instanceof SupervisorConfigError)) throw error;
      io.err(`Error: ${error.message}\nFor help, use /usr/bin/supervisord -h\n`);
      return 2;
    }
    return 0;
  };

const numbers: Readonly<Record<string, number>> = { HUP: 1, INT: 2, KILL: 9, TERM: 15 };

/** A process of supervisord gets the signal; for all others there is the shell's own kill. */
const kill = (machine: Machine): Command =>
  function* (argv, io, shell) {
    const [option = '', ...rest] = argv.slice(1);
    const given = /^-(?:s)?(\w+)$/.exec(option)?.[1];
    const number = given === undefined ? 15 : (numbers[given.replace(/^SIG/, '')] ?? Number(given));
    const pids = (given === undefined ? [option, ...rest] : rest).map(Number);
    const children = supervisorOf(machine)?.children ?? [];
    const own = pids.map((pid) => children.find((child) => pid > 0 && child.pid === pid));
    if (own.length === 0 || own.some((child) => !child)) return yield* commands['kill']!(argv, io, shell);
    for (const child of own) child!.signal(number);
    return 0;
  };

export const supervisorCommands = (machine: Machine): Record<string, Command> => ({ supervisord: supervisord(machine), supervisorctl: supervisorctl(machine), kill: kill(machine) });
