// A day on which somebody takes a snapshot and later puts it back.
import type { Cluster } from '../../../lib/book/exercise.ts';
import { plain } from '../../../lib/book/plain-json.ts';
import type { Random, Snapshot } from '../../../lib/index.ts';

/** What happened, in order. `name` is an object's, `file` lies in the pod's container. */
export type Happening =
  | { do: 'set'; map: string; color: string }
  | { do: 'drop'; map: string }
  | { do: 'run'; pod: string }
  | { do: 'kill'; pod: string }
  | { do: 'write'; pod: string; file: string }
  | { do: 'snapshot' };

/** What is there after the restore. */
export interface Remains {
  maps: Record<string, string>;
  pods: string[];
  files: string[];
}

export interface Day {
  story: Happening[];
  predicted: any;
  truth: Remains;
}

const dayNames = ['a', 'b'];

/** Days in a cluster: what the answer foretold of each, and what came. */
export async function live(cluster: Cluster, random: Random, answer: (story: Happening[]) => unknown): Promise<Day[]> {
  const days: Day[] = [];
  for (const day of dayNames) {
    const story = storyOf(random.fork(day), day);
    const predicted = plain(await answer(structuredClone(story)));
    days.push({ story, predicted, truth: happen(cluster, story, day) });
  }
  return days;
}

function happen(cluster: Cluster, story: readonly Happening[], day: string): Remains {
  let snapshot: Snapshot | undefined;
  for (const one of story) {
    if (one.do === 'snapshot') snapshot = cluster.etcd.snapshot();
    else carryOut(cluster, one);
    cluster.advance('3s');
  }
  cluster.restore(snapshot!);
  cluster.advance('30s');
  return remains(cluster, day);
}

function carryOut({ kubectl }: Cluster, one: Exclude<Happening, { do: 'snapshot' }>): void {
  const manifest = (map: string, color: string) => JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: map }, data: { color } });
  if (one.do === 'set') kubectl.run('apply -f -', { stdin: manifest(one.map, one.color) });
  if (one.do === 'drop') kubectl.run(`delete configmap ${one.map}`);
  if (one.do === 'run') kubectl.run(`run ${one.pod} --image=busybox -- sh -c 'trap "exit 0" TERM; sleep 86400 & wait'`);
  if (one.do === 'kill') kubectl.run(`delete pod ${one.pod}`);
  if (one.do === 'write') kubectl.run(`exec ${one.pod} -- touch /tmp/${one.file}`);
}

function remains({ client, kubectl }: Cluster, day: string): Remains {
  const own = (name: string) => name.startsWith(`${day}-`);
  const maps = client.list('ConfigMap', { namespace: 'default' }).items.filter(({ metadata }) => own(metadata.name));
  const pods = client.list('Pod', { namespace: 'default' }).items.map(({ metadata }) => metadata.name).filter(own);
  const files: string[] = [];
  for (const pod of pods) files.push(...kubectl.run(`exec ${pod} -- ls /tmp`).stdout.split('\n').filter(own));
  return { maps: Object.fromEntries(maps.map(({ metadata, data }) => [metadata.name, data!['color']!])), pods: pods.sort(), files: files.sort() };
}

const colors = ['red', 'green', 'blue'];

/** Only what can be done happens: nobody deletes what is not there. */
function storyOf(random: Random, day: string): Happening[] {
  const name = (kind: string, n: number) => `${day}-${kind}${n}`;
  const there = new Set<string>();
  let file = 0;
  const next = (): Happening => {
    for (;;) {
      const [map, pod] = [name('map', 1 + random.int(3)), name('pod', 1 + random.int(2))];
      const chance = random.next();
      if (chance < 0.3) return { do: 'set', map, color: random.pick(colors) };
      if (chance < 0.45 && there.has(map)) return { do: 'drop', map };
      if (chance < 0.65 && !there.has(pod)) return { do: 'run', pod };
      if (chance < 0.8 && there.has(pod)) return { do: 'kill', pod };
      if (chance >= 0.8 && there.has(pod)) return { do: 'write', pod, file: name('file', ++file) };
    }
  };
  const story: Happening[] = [{ do: 'run', pod: name('pod', 1) }];
  there.add(name('pod', 1));
  const at = 4 + random.int(5);
  for (let i = 0; i < 11; i++) {
    if (i === at) {
      const pod = name('pod', 1);
      if (!there.has(pod)) story.push({ do: 'run', pod });
      there.add(pod);
      story.push({ do: 'write', pod, file: name('file', ++file) }, { do: 'snapshot' });
    }
    const one = next();
    story.push(one);
    if (one.do === 'set') there.add(one.map);
    if (one.do === 'run') there.add(one.pod);
    if (one.do === 'drop') there.delete(one.map);
    if (one.do === 'kill') there.delete(one.pod);
  }
  // On the first day the pod that the snapshot knows, and its file, surely go.
  if (day === dayNames[0] && there.has(name('pod', 1))) story.push({ do: 'kill', pod: name('pod', 1) });
  return story;
}
