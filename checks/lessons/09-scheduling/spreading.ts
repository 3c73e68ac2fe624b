import { type Cluster, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { same, show } from '../../../lib/book/same.ts';
import { isPodReady } from '../../../lib/index.ts';

interface Place {
  name: string;
  node: string | undefined;
  ready: boolean;
}
interface Story {
  hard: Place[];
  /** Why the pod that was left over waits: plugins that refuse it on the workers. */
  refusals: string[];
  /** A pod of another app, made beside the hard ones. */
  stranger: string | undefined;
  soft: Place[];
}

const replicas = 4;

export const spreading: ClusterExercise = {
  id: 'sched-4',
  title: '흩어 놓기',
  kind: 'component',
  // Left to itself the scheduler would put them on the large node.
  cluster: { nodes: [{ name: 'small-1', cpus: 2, memory: '4Gi' }, { name: 'small-2', cpus: 2, memory: '4Gi' }, { name: 'large', cpus: 32, memory: '64Gi' }] },
  perform: ({ cluster, random }, answer) => tell(cluster, `app-${random.suffix(4)}`, answer),
  checks: [
    {
      name: 'hard: 셋은 서로 다른 노드에 있고 넷째는 기다린다',
      points: 2,
      hint: 'podAntiAffinity의 requiredDuringSchedulingIgnoredDuringExecution을 쓴다. 노드마다 하나라면 topologyKey는 노드마다 다른 레이블이어야 한다.',
      run({ result }) {
        const { hard } = result as Story;
        const placed = hard.filter(({ node }) => node);
        same([placed.length, new Set(placed.map(({ node }) => node)).size, hard.length - placed.length], [3, 3, 1], '[놓인 파드, 그 노드의 수, 기다리는 파드]');
      },
    },
    {
      name: 'hard: 넷째를 막는 것은 파드끼리의 안티-어피니티다',
      points: 1,
      hint: '노드를 고르는 조건(nodeAffinity, nodeSelector)으로 막은 것은 아닌지 본다.',
      run: ({ result }) => same((result as Story).refusals, ['InterPodAffinity'], '워커에서 넷째를 거르는 플러그인'),
    },
    {
      name: 'hard: 남의 파드는 피하지 않는다',
      points: 1,
      hint: 'labelSelector가 제 앱의 파드만 고르는지 본다. 함수는 app 레이블의 값을 받는다.',
      run({ result }) {
        if (!(result as Story).stranger) wrong('다른 앱의 파드가 갈 곳을 잃었거나, 그 파드 때문에 제 파드가 갈 곳을 잃었다.');
      },
    },
    {
      name: 'soft: 넷이 모두 돌고, 되도록 흩어져 있다',
      points: 2,
      hint: 'preferredDuringSchedulingIgnoredDuringExecution의 항목에는 weight와 podAffinityTerm이 있다.',
      run({ result }) {
        const { soft } = result as Story;
        same(soft.filter(({ ready }) => ready).length, replicas, '준비된 파드 수');
        same(counts(soft), [2, 1, 1], '노드마다 놓인 파드 수 (많은 것부터)');
      },
    },
  ],
};

const counts = (places: Place[]) => {
  const nodes = new Map<string, number>();
  for (const { node } of places) if (node) nodes.set(node, (nodes.get(node) ?? 0) + 1);
  return [...nodes.values()].sort((a, b) => b - a);
};

type Answer = (app: string) => { hard?: object; soft?: object };

async function tell(cluster: Cluster, app: string, answer: Answer): Promise<Story> {
  if (typeof answer !== 'function') throw new TypeError('두 번째 인수는 함수여야 한다: (app) => ({ hard, soft })');
  const { hard, soft } = answer(app) ?? {};
  if (!hard || !soft) throw new TypeError(`{ hard, soft }를 돌려줘야 한다. 각각 파드의 spec.affinity에 들어갈 값이다: ${show({ hard, soft })}`);
  const other = `other-${app}`;
  cluster.client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'stranger', namespace: 'default', labels: { app: other } }, spec: { nodeName: 'small-1', containers: [{ name: 'c', image: 'nginx' }] } });
  await roll(cluster, app, hard);
  const first = placesOf(cluster, app);
  const waiting = first.find(({ node }) => !node);
  const refusals = waiting ? refusalsOf(cluster, waiting.name) : [];
  const stranger = first.some(({ node }) => node === 'small-1') ? 'small-1' : undefined;
  await roll(cluster, app, soft);
  return { hard: first, refusals, stranger, soft: placesOf(cluster, app) };
}

/** A Deployment with this affinity, from nothing. */
async function roll(cluster: Cluster, app: string, affinity: object): Promise<void> {
  if (cluster.client.find('Deployment', { namespace: 'default', name: app })) await cluster.kubectl.text`delete deployment ${app}`;
  cluster.advance('1m');
  const spec = { affinity, containers: [{ name: 'nginx', image: 'nginx', resources: { requests: { cpu: '100m', memory: '64Mi' } } }] };
  cluster.client.create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: app, namespace: 'default' }, spec: { replicas, selector: { matchLabels: { app } }, template: { metadata: { labels: { app } }, spec } } });
  cluster.advance('1m');
}

const placesOf = (cluster: Cluster, app: string): Place[] =>
  cluster.client.list('Pod', { namespace: 'default' }).items.filter(({ metadata }) => metadata.labels?.app === app).map((pod) => ({ name: pod.metadata.name, node: pod.spec.nodeName, ready: isPodReady(pod) }));

function refusalsOf(cluster: Cluster, pod: string): string[] {
  const workers = cluster.explain(pod).nodes.filter(({ node }) => node !== 'control-plane');
  return [...new Set(workers.flatMap(({ filters }) => filters.filter(({ code }) => code !== 'Success').map(({ plugin }) => plugin)))];
}
