// The other road: the same line, with the real kubectl over HTTPS, to a cluster in the same state.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Cluster } from '../../../lib/cluster/index.ts';
import { createKeys, manualTime, serve, wallTime } from '../../../lib/serve/index.ts';
import { type Outcome, realKubectl } from '../real-kubectl.ts';
import { isReading, normal, ruleFor } from './rules.ts';
import type { Line, Story } from './story.ts';

export interface Difference {
  line: string;
  real: string;
  own: string;
}

/** A line that stands once in a lesson, in a loop, is compared so often. */
const repeats = 2;

/** Every line of a story by the other road. */
export async function differences(story: Story, program: string, namespace = 'default'): Promise<Difference[]> {
  const found: Difference[] = [];
  let road: { at: number; run(line: Line): Promise<Outcome>; close(): Promise<void> } | undefined;
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

const keys = await createKeys();

interface RoadOptions {
  program: string;
  namespace: string;
  reads: boolean;
}

/** Who only reads finds the moment of the line; who waits needs time to pass. */
async function openRoad(cluster: Cluster, { program, namespace, reads }: RoadOptions) {
  const time = reads ? manualTime(cluster) : wallTime(cluster, { speed: 10, onError() {} });
  const serving = await serve(cluster, { port: 0, keys, time });
  const kubectl = realKubectl(program, serving, { namespace });
  return {
    run(line: Line) {
      for (const [path, text] of line.files) {
        mkdirSync(dirname(join(kubectl.home, path)), { recursive: true });
        writeFileSync(join(kubectl.home, path), text);
      }
      return kubectl.run(line.argv[0] === 'kubectl' ? line.argv.slice(1) : line.argv, line.stdin);
    },
    close: () => serving.close(),
  };
}
