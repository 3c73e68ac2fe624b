// ping: echo requests, one a second. Which words it says is that of busybox in containers and of iputils on machines.
import type { Echo } from '../../machine/index.ts';
import { type Command, options } from './commands/command.ts';
import { goingOn } from './going.ts';
import { busybox, iputils, type PingWords, type Told } from './ping-words.ts';
import type { Io, Running$, Shell } from './shell.ts';

interface Asked {
  host: string;
  ip: string;
  count: number;
  /** Milliseconds between two requests, until the last reply is given up, and altogether. */
  interval: number;
  patience: number;
  deadline: number;
  size: number;
  /** Hops that a request may take. */
  hops: number;
  quiet: boolean;
}

const ping = (words: PingWords, family?: 6): Command =>
  function* (argv, io, shell) {
    const { values, letters, rest } = options(argv.slice(1), 'cstwWIip');
    const [host = ''] = rest;
    const refused = whyNot(host, shell, words);
    if (refused) return say(io, refused);
    const wanted = family ?? (letters.includes('6') ? 6 : letters.includes('4') ? 4 : undefined);
    const ip = addressOf(host, shell, wanted);
    if (!ip) return say(io, words.unknown(host));
    const seconds = (letter: string, otherwise: number) => Number(values[letter] ?? otherwise) * 1000;
    const asked = { host, ip, count: Number(values['c'] ?? Infinity), interval: seconds('i', 1), patience: seconds('W', 10), deadline: seconds('w', Infinity), size: Number(values['s'] ?? 56), hops: Number(values['t'] ?? 64), quiet: letters.includes('q') };
    const steps = requests(asked, words, { io, shell });
    return yield* asked.count === Infinity && asked.deadline === Infinity ? goingOn(shell.going, 'endless', steps) : steps;
  };

const say = (io: Io, { text, status }: { text: string; status: number }) => {
  io.err(text);
  return status;
};

/** Who is not allowed to make packets of its own gets no socket. */
function whyNot(host: string, { process }: Shell, words: PingWords): { text: string; status: number } | undefined {
  if (host === '') return words.usage;
  return process.may('NET_RAW') ? undefined : words.denied;
}

function addressOf(host: string, { process }: Shell, family?: 4 | 6): string | undefined {
  if (host === 'localhost') return family === 6 ? '::1' : '127.0.0.1';
  return host.includes(':') || /^\d+\.\d+\.\d+\.\d+$/.test(host) ? host : process.resolve(host, family).addresses[0];
}

function* requests(asked: Asked, words: PingWords, { io, shell }: { io: Io; shell: Shell }): Running$ {
  const { ip, count, size, quiet, interval, deadline } = asked;
  const { random } = shell.process;
  const id = 1 + random.int(65_535);
  const told: Told = { host: asked.host, ip, size, sent: 0, times: [], errors: 0, took: 0 };
  let over = false;
  io.out(words.head(told));
  try {
    while (told.sent < count) {
      const echo: Echo = shell.process.ping?.(ip, id) ?? { error: 'unreachable' };
      if (echo.error === 'unreachable') return (over = true), say(io, words.unreachable);
      told.sent++;
      hear(echo, told);
      if (told.sent < count) {
        if (told.took + interval >= deadline) break;
        yield interval;
        told.took += interval;
      } else if (told.times.length < count) yield told.times.length > 0 ? 1000 : Math.min(asked.patience, deadline - told.took);
    }
  } finally {
    // Whoever interrupts it is told how far it came.
    if (!over) io.out(words.end(told));
  }
  return told.times.length === 0 || (Number.isFinite(deadline) && told.times.length < count && Number.isFinite(count)) ? 1 : 0;

  function hear(echo: Echo, { sent, times }: Told): void {
    if (echo.error !== undefined) {
      if (echo.error === 'refused') told.errors++;
      if (echo.error === 'refused' && !quiet) io.out(words.refused(echo.by ?? ip, sent));
      return;
    }
    if (64 - echo.ttl >= asked.hops) return;
    // Differs from a real network: a cable takes always about as long.
    const time = 0.045 + 0.28 * echo.cables + 0.03 * random.next();
    times.push(time);
    if (!quiet) io.out(words.reply({ ip, size: size + 8, sent, ttl: echo.ttl, time }));
  }
}

/** As busybox has them. */
export const pingCommands: Readonly<Record<string, Command>> = { ping: ping(busybox), ping6: ping(busybox, 6) };
/** As a machine has them. */
export const machinePing: Readonly<Record<string, Command>> = { ping: ping(iputils), ping6: ping(iputils, 6) };
