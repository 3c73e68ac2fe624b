import { type After, type Cluster, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { same } from '../../../lib/book/same.ts';
import { type Deployment, isPodReady, type Pod, type PodSpec } from '../../../lib/index.ts';

interface Given {
  /** Templates as they were made. */
  specs: Record<string, PodSpec>;
  taints: Record<string, object[]>;
}

const places = { meter: { 'node-role.kubernetes.io/control-plane': '' }, web: { disk: 'ssd' }, batch: { 'kubernetes.io/hostname': 'worker-1' } } as const;
type App = keyof typeof places;

const deployment = (name: App, image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: { selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: { nodeSelector: places[name], containers: [{ name: 'main', image }] } } },
});

const appOf = (cluster: Cluster, name: App) => cluster.client.find('Deployment', { namespace: 'default', name }) as Deployment | undefined;
const specOf = (cluster: Cluster, name: App): PodSpec => appOf(cluster, name)?.spec.template.spec ?? wrong(`디플로이먼트 ${josa(name, '이/가')} 없다.`);
const taintsOf = (cluster: Cluster, name: string): object[] => (cluster.client.find('Node', { name }) ?? wrong(`노드 ${josa(name, '이/가')} 없다.`)).spec.taints ?? [];

/** Its pod is ready, on this node. */
function running(cluster: Cluster, name: App, node: string): void {
  cluster.advance('1m');
  const pods = cluster.client.list('Pod', { namespace: 'default', labelSelector: `app=${name}` }).items as Pod[];
  const ready = pods.find(isPodReady);
  if (!ready) wrong(`${name}의 파드는 아직 준비되지 않았다: ${pods.map(({ metadata, status }) => `${metadata.name} ${status.phase}`).join(', ') || '없다'}`);
  same(ready.spec.nodeName, node, `${name}의 파드가 도는 노드`);
}

const keep = ({ cluster, given }: After, name: App) => same(specOf(cluster, name), (given as Given).specs[name], `디플로이먼트 ${name}의 템플릿`);

export const pendingThrice: ClusterExercise = {
  id: 'diary-3',
  title: 'Pending 세 가지 해법',
  kind: 'cluster',
  cluster: { nodes: [{ name: 'edge-1', labels: { disk: 'ssd' } }, { name: 'worker-1' }] },
  async start({ cluster, kubectl, random }): Promise<Given> {
    // A machine that has not joined: nobody runs its kubelet.
    cluster.machine('worker-1').sh.run('systemctl stop kubelet');
    await kubectl`delete node worker-1`;
    await kubectl`taint node edge-1 ${random.pick(['maintenance=kernel', 'maintenance=disk', 'upgrade=docker'])}:NoSchedule`;
    const names = random.shuffle(Object.keys(places) as App[]);
    cluster.file('apps.yaml', names.map((name) => JSON.stringify(deployment(name, random.pick(['nginx', 'nginx:1.27'])))).join('\n---\n'));
    await kubectl`apply -f apps.yaml`;
    cluster.advance('1m');
    return { specs: Object.fromEntries(names.map((name) => [name, specOf(cluster, name)])), taints: Object.fromEntries(['control-plane', 'edge-1'].map((name) => [name, taintsOf(cluster, name)])) };
  },
  checks: [
    {
      name: 'meter는 컨트롤 플레인의 테인트를 용인한다',
      points: 2,
      hint: 'kubectl describe pod의 Events가 어느 테인트인지 말한다. 그 테인트는 남의 파드를 막는 것이므로 그대로 두고, meter의 템플릿에 tolerations를 적는다.',
      run({ cluster, given }) {
        running(cluster, 'meter', 'control-plane');
        same(taintsOf(cluster, 'control-plane'), (given as Given).taints['control-plane'], 'control-plane의 테인트');
        const { tolerations: _, ...rest } = specOf(cluster, 'meter');
        same(rest, (given as Given).specs['meter'], 'meter의 템플릿에서 tolerations를 뺀 나머지');
      },
    },
    {
      name: 'web을 위해 낡은 테인트를 뗐다',
      points: 2,
      hint: 'edge-1의 일은 끝났는데 테인트가 남았다. kubectl taint node edge-1 키- 처럼 끝에 빼기를 붙이면 떼어진다. 디플로이먼트는 그대로 둔다.',
      run(after) {
        running(after.cluster, 'web', 'edge-1');
        same(taintsOf(after.cluster, 'edge-1'), [], 'edge-1의 테인트');
        keep(after, 'web');
      },
    },
    {
      name: 'batch를 위해 worker-1이 들어왔다',
      points: 2,
      hint: 'worker-1은 켜져 있는데 노드가 아니다. 그 머신에서 systemctl status kubelet을 본다. kubelet은 시작하면서 스스로 등록한다.',
      run(after) {
        running(after.cluster, 'batch', 'worker-1');
        same(taintsOf(after.cluster, 'worker-1'), [], 'worker-1의 테인트');
        keep(after, 'batch');
      },
    },
  ],
};
