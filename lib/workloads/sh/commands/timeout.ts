// timeout: a command that is stopped when its time is over.
import { duration } from '../../../sim/index.ts';
import type { Going } from '../going.ts';
import type { Running$ } from '../shell.ts';
import type { Command } from './command.ts';
import { Misused, optioned, Refused } from './getopt.ts';
import { withoutShell } from './xargs.ts';

const signals: Record<string, { number: number; said: string }> = { TERM: { number: 15, said: 'Terminated\n' }, KILL: { number: 9, said: 'Killed\n' }, INT: { number: 2, said: '\n' }, HUP: { number: 1, said: 'Hangup\n' }, QUIT: { number: 3, said: 'Quit\n' } };

/** Runs the steps for so many milliseconds; undefined where they did not end by then. */
function* within(limit: number, steps: Running$): Generator<number, number | undefined, void> {
  for (let left = limit; ; ) {
    const step = steps.next();
    if (step.done) return step.value;
    yield Math.min(step.value, left);
    left -= step.value;
    if (left > 0) continue;
    steps.return(0);
    return undefined;
  }
}

export const timeout: Command = optioned('timeout', { values: 'skt', stops: true }, function* ({ values, rest }, io, shell) {
  const [time = '', ...argv] = values['t'] === undefined ? rest : [values['t'], ...rest];
  if (argv.length === 0) throw new Misused('');
  if (!/^\d+(\.\d+)?[smhd]?$/.test(time)) throw new Refused(`invalid number '${time}'`);
  const name = (values['s'] ?? 'TERM').replace(/^SIG/, '');
  const signal = signals[name] ?? Object.values(signals).find(({ number }) => String(number) === name);
  if (!signal) throw new Refused(`bad signal name '${values['s']}'`);
  const milliseconds = duration(/[smhd]$/.test(time) ? time : `${time}s`);
  // What goes on in it ends by itself.
  const going: Going = { endless: 0, counting: 0 };
  const inner = Object.assign(shell.copy(shell.signals), { going });
  const steps = withoutShell('timeout', argv, io, inner, `timeout: can't execute '${argv[0]}': No such file or directory\n`);
  const status = milliseconds === 0 ? yield* steps : yield* within(milliseconds, steps);
  if (status !== undefined) return status;
  io.err(signal.said);
  return 128 + signal.number;
});
