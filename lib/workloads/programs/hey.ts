// hey (rakyll/hey): many requests at once, and how long their answers took.
import { Latency } from '../load/latency.ts';
import type { Command } from '../sh/index.ts';
import { options } from '../sh/commands/command.ts';
import { parseUrl, request } from '../sh/fetch.ts';
import { duration } from '../../sim/index.ts';

const usage = 'Usage: hey [options...] <url>\n\nOptions:\n  -n  Number of requests to run. Default is 200.\n  -c  Number of workers to run concurrently. Default is 50.\n  -q  Rate limit, in queries per second (QPS) per worker.\n  -z  Duration of application to send requests. If n is specified, n is ignored.\n  -m  HTTP method.\n  -H  Custom HTTP header.\n  -t  Timeout for each request in seconds. Default is 20.\n';

/** Milliseconds until it looks again who answers, and how quickly. */
const glance = 1_000;

/** Differs from hey: nothing of DNS, dialling, writing and reading by themselves ("Details"), and a timeout loses no request. */
export const hey: Command = function* (argv, io, shell) {
  const { values, rest } = options(argv.slice(1), 'ncqzmtHTAdDoax');
  const [workers, number, rate] = [Number(values['c'] ?? 50), Number(values['n'] ?? 200), Number(values['q'] ?? 0)];
  const url = rest[0] === undefined ? undefined : parseUrl(rest[0]);
  const repetition = shell.process.repeat?.({ users: workers, ...(rate > 0 && { most: (workers * rate) / 1000 }) });
  if (!url || !repetition || !(workers > 0) || (!values['z'] && number < workers)) {
    io.err(url && number < workers ? '-n cannot be less than -c.\n' : usage);
    return 1;
  }
  const most = values['z'] ? Infinity : Math.floor(number / workers) * workers;
  const until = values['z'] ? duration(values['z']) : Infinity;
  const [latency, outcomes] = [new Latency(), new Map<string, number>()];
  let [took, done, size] = [0, 0, 0];
  shell.repetition = repetition;
  try {
    while (took < until && done < most) {
      repetition.begin();
      const before = shell.process.clock.now;
      const { response, error } = yield* request(shell, url, values['m'] ?? 'GET', Number(values['t'] ?? 20) * 1000, { 'User-Agent': 'hey/0.0.1' });
      const waited = shell.onClock ? shell.process.clock.now - before : 0;
      repetition.done(shell.onClock ? undefined : Math.round(response?.delay ?? 0));
      const each = repetition.rounds;
      const step = Math.max(1, Math.min(glance, until - took, each > 0 ? (most - done) / each : glance) - waited);
      yield Math.ceil(step);
      took += waited + Math.ceil(step);
      const count = Math.min(most - done, each * (waited + step));
      done += count;
      const name = response ? `[${response.status}]` : `Get "${rest[0]}": ${troubles[error ?? ''] ?? 'EOF'}`;
      outcomes.set(name, (outcomes.get(name) ?? 0) + count);
      size = response?.body.length ?? size;
      if (response) latency.add(repetition.answers(count));
    }
  } finally {
    repetition.end();
    shell.repetition = undefined;
  }
  io.out(report(latency, { seconds: took / 1000, size, outcomes }));
  return 0;
};

const troubles: Record<string, string> = { 'no-such-host': 'dial tcp: no such host', refused: 'dial tcp: connect: connection refused', timeout: 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)', unreachable: 'dial tcp: connect: no route to host' };

interface Run {
  seconds: number;
  /** Bytes of an answer. */
  size: number;
  outcomes: ReadonlyMap<string, number>;
}

const inSeconds = (milliseconds: number) => (milliseconds / 1000).toFixed(4);

function report(latency: Latency, { seconds, size, outcomes }: Run): string {
  const count = Math.round(latency.count);
  const good = [...outcomes].filter(([name]) => name.startsWith('['));
  const bad = [...outcomes].filter(([name]) => !name.startsWith('['));
  const [fastest, slowest] = count > 0 ? [latency.quantile(1 / (count + 1)), latency.quantile(count / (count + 1))] : [0, 0];
  const lines = ['', 'Summary:', `  Total:\t${seconds.toFixed(4)} secs`, `  Slowest:\t${inSeconds(slowest)} secs`, `  Fastest:\t${inSeconds(fastest)} secs`, `  Average:\t${inSeconds(latency.mean)} secs`, `  Requests/sec:\t${(count / seconds).toFixed(4)}`, '  '];
  if (size > 0) lines.push(`  Total data:\t${size * count} bytes`, `  Size/request:\t${size} bytes`, '');
  lines.push('Response time histogram:', ...histogram(latency, { fastest, slowest, count }), '', '', 'Latency distribution:');
  for (const part of [10, 25, 50, 75, 90, 95, 99]) if (count > 0) lines.push(`  ${part}% in ${inSeconds(latency.quantile(part / 100))} secs`);
  lines.push('', 'Status code distribution:', ...good.map(([name, times]) => `  ${name}\t${Math.round(times)} responses`), '');
  if (bad.length > 0) lines.push('Error distribution:', ...bad.map(([name, times]) => `  [${Math.round(times)}]\t${name}`), '');
  return `${lines.join('\n')}\n`;
}

/** Ten steps from the fastest to the slowest, with the fastest by itself. */
function histogram(latency: Latency, { fastest, slowest, count }: { fastest: number; slowest: number; count: number }): string[] {
  const bounds = Array.from({ length: 11 }, (_, i) => fastest + ((slowest - fastest) * i) / 10);
  const upTo = bounds.map((bound, i) => (i === 0 ? Math.min(1, count) : i === 10 ? count : Math.round(latency.within(bound) * count)));
  const counts = upTo.map((sum, i) => Math.max(0, sum - (upTo[i - 1] ?? 0)));
  const most = Math.max(1, ...counts);
  return bounds.map((bound, i) => `  ${(bound / 1000).toFixed(3)} [${counts[i]}]\t|${'■'.repeat(Math.round((counts[i]! * 40) / most))}`);
}
