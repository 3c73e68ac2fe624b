// The other road: the same line, with the real kubectl over HTTPS, to a cluster in the same state.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Cluster } from '../../../lib/cluster/index.ts';
import { published } from '../../../lib/cluster/published/index.ts';
import { manualTime, serve, wallTime } from '../../../lib/serve/index.ts';
import { type Outcome, realKubectl } from '../real-kubectl.ts';
import { isReading, normal, ruleFor } from './rules.ts';
import { keys, type Line, type Story } from './story.ts';

export interface Difference {
  line: string;
  real: string;
  own: string;
}

/** What a command of a cell takes, when it has looked (milliseconds). */
const commandTime = 100;

/** A line that stands once in a lesson, in a loop, is compared so often. */
const repeats = 2;

/** Every line of a story by the other road. */
export async function differences(story: Story, program: string, namespace = 'default'): Promise<Difference[]> {
  const found: Difference[] = [];
  let road: (Road & { at: number }) | undefined;
  const times = new Map<string, number>();
  for (const [i, line] of story.lines.entries()) {
    const text = line.argv.join(' ');
    const time = (times.get(text) ?? 0) + 1;
    times.set(text, time);
    if (ruleFor(line) || time > repeats) continue;
    // Readers leave the cluster as it was: they share one.
    if (!road || !isReading(line) || !unchanged(story, road.at, i)) {
      await road?.close();
      road = { ...(await openRoad(story.before(line), { program, namespace, reads: isReading(line) })), at: i };
    }
    if (isReading(line)) road.advanceTo((i - road.at) * commandTime);
    const real = await road.run(line);
    const [a, b] = [real, line.own].map((outcome) => normal(line, outcome));
    if (a !== b) found.push({ line: `kubectl ${text}`, real: a!, own: b! });
    if (!isReading(line)) {
      await road.close();
      road = undefined;
    }
  }
  await road?.close();
  return found;
}

/** True when only readers stand between two lines. */
function unchanged({ lines }: Story, from: number, to: number): boolean {
  const [first, last] = [lines[from]!, lines[to]!];
  return lines.slice(from, to).every(isReading) && last.at - first.at === to - from;
}

interface RoadOptions {
  program: string;
  namespace: string;
  reads: boolean;
}

/** What is published on the internet, which the real kubectl does not have here, lies in a file. */
const pageOf = (url: string) => `${url.replace(/\W+/g, '-')}.yaml`;

interface Road {
  run(line: Line): Promise<Outcome>;
  /** To so many milliseconds after it was opened. */
  advanceTo(after: number): void;
  close(): Promise<void>;
}

/** Who only reads finds the moment of the line; who waits needs time to pass. */
async function openRoad(cluster: Cluster, { program, namespace, reads }: RoadOptions): Promise<Road> {
  const time = reads ? manualTime(cluster) : wallTime(cluster, { speed: 10, onError() {} });
  const serving = await serve(cluster, { port: 0, keys, time });
  const kubectl = realKubectl(program, serving, { namespace });
  const { clock } = cluster.client;
  const opened = clock.now;
  return {
    advanceTo: (after) => cluster.advance(opened + after - clock.now),
    run(line: Line) {
      const pages = line.argv.flatMap((word): [string, string][] => (published(word) === undefined ? [] : [[pageOf(word), published(word)!]]));
      for (const [path, text] of [...line.files, ...pages]) {
        mkdirSync(dirname(join(kubectl.home, path)), { recursive: true });
        writeFileSync(join(kubectl.home, path), text);
      }
      const argv = line.argv.map((word) => (published(word) === undefined ? word : pageOf(word)));
      return kubectl.run(argv[0] === 'kubectl' ? argv.slice(1) : argv, line.stdin);
    },
    close: () => serving.close(),
  };
}
