// What happens to a cluster whose ReplicaSets are kept by the learner's controller, and what goes wrong meanwhile.
import type { Cluster } from '../../../lib/book/exercise.ts';
import { type Client, type Controller, isPodActive, type KubeObject, type Manifest, type Pod, type Random } from '../../../lib/index.ts';
import { crashAfter } from './crash.ts';

export interface PodCard {
  name: string;
  namespace: string;
  app: string | undefined;
  image: string;
  /** `ReplicaSet/web`: its controller. */
  owner: string | undefined;
}
export type Moment = PodCard[];
export interface Story {
  begun: Moment;
  drifted: Moment;
  refilled: Moment;
  /** What was made or relabelled by hand. */
  stray: Moment;
  lost: { name: string; moment: Moment };
  shrunk: { before: Moment; after: Moment };
  crashed: Moment;
  stale: { most: number; moment: Moment };
  rest: { writes: number; status: number | undefined; moment: Moment };
}

export const images = { template: 'nginx:1.25', orphan: 'httpd:2.4', next: 'nginx:1.27' };
/** How many pods `web` has at each stage. */
export const sizes = { begun: 4, shrunk: 2, crashed: 8, stale: 12 };
export const key = { namespace: 'default', name: 'web' };

export function tell(cluster: Cluster, random: Random, answer: (client: Client) => Controller): Story {
  cluster.replace('replicaset', guarded(answer));
  const scale = (replicas: number) => cluster.client.patch('ReplicaSet', key, { spec: { replicas } });
  const after = (time: string) => {
    cluster.advance(time);
    return moment(cluster);
  };
  const begun = after('1m');
  cluster.client.patch('ReplicaSet', key, { spec: { template: { spec: { containers: [{ name: 'app', image: images.next }] } } } });
  const drifted = after('1m');
  removeOne(cluster, random);
  const refilled = after('30s');
  create(cluster, 'stray', { app: 'web' });
  const stray = after('30s');
  const lost = relabelOne(cluster, random);
  const afterLoss = after('30s');
  scale(sizes.shrunk);
  const shrunk = { before: afterLoss, after: after('30s') };
  return { begun, drifted, refilled, stray, lost: { name: lost, moment: afterLoss }, shrunk, crashed: crashes(cluster, random, scale), stale: late(cluster, random, scale), rest: rest(cluster) };
}

/** It dies again and again while it makes pods. */
function crashes(cluster: Cluster, random: Random, scale: (replicas: number) => void): Moment {
  scale(sizes.crashed);
  for (let i = 0; i < 3; i++) {
    crashAfter(cluster, 1 + random.int(2));
    cluster.advance('2s');
    cluster.fault.start('kube-controller-manager');
  }
  cluster.advance('1m');
  return moment(cluster);
}

/** What happens to pods reaches its cache up to two seconds late. */
function late(cluster: Cluster, random: Random, scale: (replicas: number) => void): Story['stale'] {
  const { loop } = cluster;
  const { pump } = loop;
  let most = 0;
  loop.delay = (actor) => (actor.name === 'kube-controller-manager/informer/Pod' ? 200 + random.int(1800) : 0);
  loop.pump = () => {
    pump();
    most = Math.max(most, ofWeb(moment(cluster)).length);
  };
  scale(sizes.stale);
  cluster.advance('30s');
  removeOne(cluster, random);
  cluster.advance('90s');
  loop.delay = undefined;
  loop.pump = pump;
  return { most, moment: moment(cluster) };
}

function rest(cluster: Cluster): Story['rest'] {
  cluster.advance('90s');
  const before = writes(cluster);
  cluster.advance('2m');
  return { writes: writes(cluster) - before, status: cluster.client.find('ReplicaSet', key)?.status?.replicas, moment: moment(cluster) };
}

/** An answer that is no controller is told so before the story begins. */
function guarded(answer: unknown): (client: Client) => Controller {
  if (typeof answer !== 'function') throw new TypeError('두 번째 인수는 함수여야 한다: (client) => ({ name, watches, reconcile })');
  return (client) => {
    const controller = answer(client) as Controller | undefined;
    if (typeof controller?.reconcile !== 'function' || !Array.isArray(controller.watches)) throw new TypeError('컨트롤러에는 name, watches, reconcile이 있어야 한다.');
    return controller;
  };
}

export function create(cluster: Cluster, name: string, labels: Record<string, string>, { namespace = 'default', image = images.template } = {}): void {
  cluster.client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'app', image }] } });
}

/** A pod of the ReplicaSet that has ended for good and is still there, as an evicted one is. */
export function leaveEnded(cluster: Cluster, { metadata: { name, uid } }: KubeObject): void {
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid, controller: true }];
  const spec = { restartPolicy: 'Never', containers: [{ name: 'app', image: 'busybox', command: ['false'] }] };
  cluster.client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'ended', namespace: 'default', labels: { app: 'web' }, ownerReferences }, spec });
}

const mine = (cluster: Cluster): Pod[] => cluster.client.list('Pod', { namespace: 'default' }).items.filter((pod) => isPodActive(pod) && controllerOf(pod)?.name === 'web');
const controllerOf = ({ metadata }: Pod) => metadata.ownerReferences?.find(({ controller }) => controller);
const writes = (cluster: Cluster) => cluster.requests().filter(({ user, verb }) => user.endsWith(':replicaset-controller') && verb !== 'get' && verb !== 'list' && verb !== 'watch').length;

function removeOne(cluster: Cluster, random: Random): void {
  const pods = mine(cluster);
  if (pods.length > 0) cluster.client.delete(random.pick(pods));
}

/** Somebody takes a pod out to look at it in peace. */
function relabelOne(cluster: Cluster, random: Random): string {
  const pods = mine(cluster);
  if (pods.length === 0) return '';
  const { name } = random.pick(pods).metadata;
  cluster.client.patch('Pod', { namespace: 'default', name }, { metadata: { labels: { app: 'quarantine' } } });
  return name;
}

function moment(cluster: Cluster): Moment {
  const pods = (cluster.client.list('Pod').items as Pod[]).filter(isPodActive);
  return pods.map((pod) => {
    const owner = controllerOf(pod);
    const { name, namespace = '', labels } = pod.metadata;
    return { name, namespace, app: labels?.app, image: pod.spec.containers[0]!.image!, owner: owner && `${owner.kind}/${owner.name}` };
  });
}

export const ofWeb = (at: Moment): PodCard[] => at.filter(({ owner }) => owner === 'ReplicaSet/web');
export const count = (at: Moment, name: string): number => at.filter(({ owner }) => owner === `ReplicaSet/${name}`).length;

export function replicaSet(name: string, replicas: number): Manifest {
  const template = { metadata: { labels: { app: name } }, spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'app', image: images.template }] } };
  return { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name, namespace: 'default' }, spec: { replicas, selector: { matchLabels: { app: name } }, template } };
}
