// What happens to a cluster whose ReplicaSets are kept by the learner's controller.
import type { Cluster } from '../../../lib/book/exercise.ts';
import { type Client, type Controller, isPodActive, isPodReady, type Pod, type Random } from '../../../lib/index.ts';

/** What stood in the cluster at one moment of the story. */
export interface Moment {
  pods: { name: string; app: string; image: string; ready: boolean }[];
  status: number | undefined;
}
export type Story = Record<'begun' | 'dying' | 'killed' | 'scaledUp' | 'before' | 'scaledDown' | 'crashed' | 'late' | 'later', Moment> & { writes: number; wantedUp: number; wantedDown: number };

export const stranger = 'stranger';
export const images: Record<string, string> = { web: 'nginx:1.25', api: 'httpd:2.4' };

export async function tell(cluster: Cluster, kubectl: Cluster['kubectl'], random: Random, answer: (client: Client) => Controller): Promise<Story> {
  cluster.replace('replicaset', guarded(answer));
  const kill = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const pods = active(cluster).filter(({ metadata }) => metadata.name !== stranger);
      if (pods.length > 0) await kubectl.text`delete pod ${random.pick(pods).metadata.name} --wait=false`;
      cluster.advance(1000 * random.int(4));
    }
  };
  const [wantedUp, wantedDown] = [4 + random.int(3), 1 + random.int(2)];
  cluster.advance('1m');
  const begun = moment(cluster);
  const dying = await stuck(cluster, kubectl, random);
  await kill(8);
  cluster.advance('30s');
  const killed = moment(cluster);
  await kubectl.text`scale deployment web --replicas=${String(wantedUp)}`;
  cluster.advance('1m');
  const scaledUp = moment(cluster);
  await kubectl.text`scale deployment web --replicas=${String(wantedDown)}`;
  cluster.advance('1m');
  const scaledDown = moment(cluster);
  cluster.fault.crash('kube-controller-manager');
  await kill(3);
  cluster.advance('1m');
  cluster.fault.start('kube-controller-manager');
  cluster.advance('1m');
  const [crashed, writesBefore] = [moment(cluster), writes(cluster)];
  cluster.advance('1m');
  const late = moment(cluster);
  cluster.advance('1m');
  return { begun, dying, killed, scaledUp, before: scaledUp, scaledDown, crashed, late, later: moment(cluster), writes: writes(cluster) - writesBefore, wantedUp, wantedDown };
}

/** A pod is deleted on a node whose kubelet is down: it stays, Terminating, until somebody there can end it. */
async function stuck(cluster: Cluster, kubectl: Cluster['kubectl'], random: Random): Promise<Moment> {
  const pods = active(cluster).filter(({ metadata, spec }) => metadata.name !== stranger && spec.nodeName);
  if (pods.length === 0) return moment(cluster);
  const { metadata, spec } = random.pick(pods);
  cluster.fault.crash('kubelet', spec.nodeName);
  await kubectl.text`delete pod ${metadata.name} --wait=false`;
  cluster.advance('20s');
  const seen = moment(cluster);
  cluster.fault.start('kubelet', spec.nodeName);
  cluster.advance('20s');
  return seen;
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

const active = (cluster: Cluster): Pod[] => cluster.client.list('Pod').items.filter(isPodActive);

function moment(cluster: Cluster): Moment {
  const pods = active(cluster).map((pod) => ({
    name: pod.metadata.name,
    app: pod.metadata.labels?.app ?? '',
    image: pod.spec.containers[0]!.image!,
    ready: isPodReady(pod),
  }));
  const sets = cluster.client.list('ReplicaSet').items.filter(({ metadata }) => metadata.labels?.app === 'web');
  return { pods, status: sets[0]?.status?.replicas };
}

export const names = (at: Moment, app: string) => at.pods.filter((pod) => pod.app === app && pod.name !== stranger).map(({ name }) => name);
export const count = (at: Moment, app: string) => names(at, app).length;

const writes = (cluster: Cluster) => cluster.requests().filter(({ userAgent, verb }) => userAgent === 'kube-controller-manager' && verb !== 'get' && verb !== 'list' && verb !== 'watch').length;
