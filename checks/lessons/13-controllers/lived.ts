// What becomes of each story under the kind that was chosen for it: it is run, and what happened is told.
import { isReady, type StoryWorld } from './story-world.ts';

/** What happened; a text says why the cluster refused the manifest. */
export interface Lived {
  shop: { fewestReady: number; fresh: boolean; undone: boolean } | string;
  collector: { before: string[]; after: string[] } | string;
  database: { sameName: boolean; lines: number } | string;
  convert: { done: number; unfinished: number } | string;
  etl: { before: number; after: number } | string;
  shell: { ran: number; back: number } | string;
  fixed: { kept: number; pods: number } | string;
  legacy: { pods: number } | string;
}

const sleep = { command: ['sleep', '864000'] };

/** The clock stands at ten to two when the cluster starts, so this story is told first. */
export async function live(world: StoryWorld): Promise<Lived> {
  return { etl: await etl(world), shop: await shop(world), collector: await collector(world), database: await database(world), convert: await convert(world), shell: await shell(world), fixed: await fixed(world), legacy: await legacy(world) };
}

async function shop({ cluster, kubectl, kindOf, apply, alive }: StoryWorld): Promise<Lived['shop']> {
  const wish = (image: string) => ({ replicas: 3, container: { image, readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 1 } } });
  const refused = apply('shop', wish('nginx:1.25'));
  if (refused) return refused;
  cluster.advance('30s');
  const all = (image: string) => alive('shop').length > 0 && alive('shop').every(({ spec }) => spec.containers[0]!.image === image);
  apply('shop', wish('nginx:1.27'));
  let fewestReady = Infinity;
  for (let second = 0; second < 40; second++) {
    cluster.advance('1s');
    fewestReady = Math.min(fewestReady, alive('shop').filter(isReady).length);
  }
  const fresh = all('nginx:1.27');
  await kubectl.text`rollout undo ${kindOf('shop').toLowerCase()} shop`;
  cluster.advance('40s');
  return { fewestReady, fresh, undone: fresh && all('nginx:1.25') };
}

async function collector({ cluster, kubectl, apply, alive }: StoryWorld): Promise<Lived['collector']> {
  const refused = apply('collector', { replicas: 2, container: { image: 'busybox', ...sleep } });
  if (refused) return refused;
  const nodes = () => alive('collector').map(({ spec }) => spec.nodeName!).sort();
  cluster.advance('20s');
  const before = nodes();
  await kubectl.text`taint nodes worker-3 building-`;
  cluster.advance('20s');
  return { before, after: nodes() };
}

async function database({ cluster, kubectl, apply, alive }: StoryWorld): Promise<Lived['database']> {
  const command = ['sh', '-c', 'echo here >> /data/log; sleep 864000'];
  const refused = apply('database', { replicas: 2, container: { image: 'busybox', command } });
  if (refused) return refused;
  cluster.advance('40s');
  const [first] = alive('database');
  if (!first) return { sameName: false, lines: 0 };
  const { name } = first.metadata;
  await kubectl.text`delete pod ${name}`;
  cluster.advance('30s');
  const sameName = alive('database').some(({ metadata }) => metadata.name === name);
  const lines = sameName ? (await kubectl.text`exec ${name} -- cat /data/log`).split('\n').filter((line) => line === 'here').length : 0;
  return { sameName, lines };
}

async function convert({ cluster, apply, pods }: StoryWorld): Promise<Lived['convert']> {
  const refused = apply('convert', { replicas: 3, container: { image: 'busybox', command: ['sh', '-c', 'sleep 3; echo done'] } });
  if (refused) return refused;
  cluster.advance('1m');
  const done = pods('convert').filter(({ status }) => status.phase === 'Succeeded').length;
  return { done, unfinished: pods('convert').length - done };
}

async function etl({ cluster, apply, pods }: StoryWorld): Promise<Lived['etl']> {
  const refused = apply('etl', { replicas: 1, container: { image: 'busybox', command: ['sh', '-c', 'sleep 3; echo done'] } });
  if (refused) return refused;
  cluster.advance('1m');
  const before = pods('etl').length;
  cluster.advance('10m');
  return { before, after: pods('etl').filter(({ status }) => status.phase === 'Succeeded').length };
}

async function shell({ cluster, kubectl, apply, pods, alive }: StoryWorld): Promise<Lived['shell']> {
  const refused = apply('shell', { replicas: 1, container: { image: 'busybox', ...sleep } });
  if (refused) return refused;
  cluster.advance('10s');
  const ran = alive('shell').length;
  for (const { metadata } of pods('shell')) await kubectl.text`delete pod ${metadata.name}`;
  cluster.advance('30s');
  return { ran, back: pods('shell').length };
}

async function fixed({ cluster, apply, alive }: StoryWorld): Promise<Lived['fixed']> {
  const wish = (image: string) => ({ replicas: 2, container: { image }, selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['fixed', 'spare'] }] } });
  const refused = apply('fixed', wish('nginx:1.25'));
  if (refused) return refused;
  cluster.advance('20s');
  const before = alive('fixed').map(({ metadata }) => metadata.uid);
  apply('fixed', wish('nginx:1.27'));
  cluster.advance('40s');
  return { kept: alive('fixed').filter(({ metadata }) => before.includes(metadata.uid)).length, pods: before.length };
}

async function legacy({ cluster, apply, alive }: StoryWorld): Promise<Lived['legacy']> {
  const refused = apply('legacy', { apiVersion: 'v1', replicas: 2, selector: { app: 'legacy' }, container: { image: 'nginx' } });
  if (refused) return refused;
  cluster.advance('20s');
  return { pods: alive('legacy').length };
}
