import { type After, type Cluster, type ClusterExercise, type Stage, wrong } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { same } from '../../../lib/book/same.ts';
import { type Deployment, isPodActive, isPodReady, type Pod } from '../../../lib/index.ts';

const wanted = 5;
const least = 4;
const most = 6;
const images = { old: 'nginx:1.25', new: 'nginx:1.27', api: 'httpd:2.4', broken: 'httpd:2.44' };

/** How many pods of `web` there were, at any step between the beginning and the end of the answer. */
interface Extremes {
  ready: number;
  pods: number;
}

export const seamlessRollout: ClusterExercise = {
  id: 'controllers-3',
  title: '무중단 교체',
  withholds: ['createCluster'],
  kind: 'cluster',
  cluster: { nodes: 3 },
  async start({ cluster, kubectl }) {
    await kubectl`create deployment web --image=${images.old} --replicas=${String(wanted)}`;
    await kubectl`create deployment api --image=${images.api} --replicas=2`;
    cluster.client.patch('Deployment', { namespace: 'default', name: 'web' }, { spec: { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 3 } } } });
    cluster.advance('30s');
    await kubectl`set image deployment/api httpd=${images.broken}`;
    cluster.advance('1m');
    return { web: find(cluster, 'web').metadata.uid, api: find(cluster, 'api').metadata.uid };
  },
  async perform({ cluster, kubectl }, answer: (stage: Stage) => unknown) {
    const seen: Extremes = { ready: wanted, pods: wanted };
    const { loop } = cluster;
    const { pump } = loop;
    loop.pump = () => {
      pump();
      const pods = podsOf(cluster, 'web');
      seen.ready = Math.min(seen.ready, pods.filter(isPodReady).length);
      seen.pods = Math.max(seen.pods, pods.length);
    };
    await answer({ cluster, kubectl });
    cluster.advance('2m');
    loop.pump = pump;
    return seen;
  },
  checks: [
    {
      name: '새 이미지로 모두 바뀌었다',
      points: 2,
      hint: '전략을 고친 다음 kubectl set image로 이미지를 바꾼다. 지우고 새로 만들면 그 사이에 손님을 놓친다.',
      run({ cluster, given }) {
        untouched(cluster, 'web', given);
        same(runs(cluster, 'web', images.new), wanted, `${images.new}로 준비된 web 파드 수`);
      },
    },
    {
      name: '준비된 파드가 넷 아래로 내려가지 않았다',
      points: 2,
      hint: 'maxUnavailable은 다섯 가운데 몇이 한꺼번에 없어도 되는지다. 교체를 시작하기 전에 고친다.',
      run: ({ result, cluster }) => bounded(cluster, (result as Extremes).ready >= least, `준비된 파드가 ${(result as Extremes).ready}개까지 줄었다.`),
    },
    {
      name: '파드가 여섯을 넘지 않았다',
      points: 2,
      hint: 'maxSurge는 다섯보다 몇이나 더 있어도 되는지다.',
      run: ({ result, cluster }) => bounded(cluster, (result as Extremes).pods <= most, `파드가 ${(result as Extremes).pods}개까지 늘었다.`),
    },
    {
      name: 'api를 앞의 리비전으로 되돌렸다',
      points: 2,
      hint: 'kubectl rollout undo deployment/api. 되돌리면 옛 레플리카셋을 다시 쓰므로 도는 파드는 그대로다.',
      run: undone,
    },
  ],
};

function undone({ cluster, given }: After): void {
  untouched(cluster, 'api', given);
  same(runs(cluster, 'api', images.api), 2, `${images.api}로 준비된 api 파드 수`);
  same(podsOf(cluster, 'api').length, 2, 'api 파드 수');
}

/** Whoever changed nothing has kept every limit. */
function bounded(cluster: Cluster, holds: boolean, otherwise: string): void {
  if (runs(cluster, 'web', images.new) === 0) wrong('아직 교체하지 않았다.');
  if (!holds) wrong(otherwise);
}

function untouched(cluster: Cluster, name: 'web' | 'api', given: Record<string, string>): void {
  const { metadata, spec } = find(cluster, name);
  if (metadata.uid !== given[name]) wrong(`디플로이먼트 ${josa(name, '을/를')} 지우고 새로 만들었다.`);
  if (name === 'web' && spec.replicas !== wanted) wrong(`web의 레플리카가 ${josa(spec.replicas, '이/가')} 되었다.`);
}

const find = (cluster: Cluster, name: string): Deployment => cluster.client.find('Deployment', { namespace: 'default', name }) ?? wrong(`디플로이먼트 ${josa(name, '이/가')} 없다.`);
const podsOf = (cluster: Cluster, app: string): Pod[] => cluster.client.list('Pod', { namespace: 'default', labelSelector: `app=${app}` }).items.filter(isPodActive);
const runs = (cluster: Cluster, app: string, image: string): number => podsOf(cluster, app).filter((pod) => isPodReady(pod) && pod.spec.containers[0]!.image === image).length;
