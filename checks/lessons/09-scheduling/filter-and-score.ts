import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { show } from '../../../lib/book/same.ts';
import { createCluster, type Random } from '../../../lib/index.ts';

/** CPU in millicores, memory in MiB. */
interface Amounts {
  cpu: number;
  memory: number;
}
interface NodeRow extends Amounts {
  name: string;
  used: Amounts;
  /** How many pods are there, and how many there may be. */
  pods: number;
  maxPods: number;
}
type Scores = Record<string, number | null>;

export const filterAndScore: FunctionExercise = {
  id: 'sched-1',
  title: '필터와 점수 구현',
  withholds: ['createCluster'],
  kind: 'function',
  checks: [
    {
      name: '자리가 없는 노드를 거른다',
      points: 3,
      hint: '쓰기로 한 것(used)에 파드의 요청을 더해 노드의 것과 견준다. 꼭 맞으면 들어간다. CPU, 메모리, 파드 수 가운데 하나만 모자라도 걸러진다.',
      inputs: rounds,
      judge: (scores: Scores, pod: Amounts, nodes: NodeRow[]) => eachNode(scores, nodes, (score, node) => {
        const right = verdictsOf(pod, nodes)[node.name] !== null;
        if (right !== (score !== null)) return right ? '들어가는데 null이다' : `들어가지 않는데 ${show(score)}이다`;
      }),
    },
    {
      name: '진짜 스케줄러와 같은 점수를 준다',
      points: 4,
      hint: 'CPU와 메모리마다 파드를 놓은 뒤 남는 비율을 0부터 100까지의 정수로 내리고, 둘을 평균하여 다시 내린다.',
      inputs: rounds,
      judge: (scores: Scores, pod: Amounts, nodes: NodeRow[]) => eachNode(scores, nodes, (score, node) => {
        const right = verdictsOf(pod, nodes)[node.name]!;
        if (right !== null && score !== right) return `${right}점이어야 하는데 ${show(score)}이다`;
      }),
    },
  ],
};

function eachNode(scores: Scores, nodes: NodeRow[], problem: (score: number | null | undefined, node: NodeRow) => string | undefined): string | void {
  if (scores === null || typeof scores !== 'object' || Array.isArray(scores)) return `{ 노드 이름: 점수 또는 null }이어야 한다: ${show(scores)}`;
  for (const node of nodes) {
    const found = problem(node.name in scores ? scores[node.name] : undefined, node);
    if (found) return `${node.name}: ${found}.`;
  }
}

/** Some nodes are filled to the brim, so that the pod just fits or misses by a little. */
function rounds(random: Random): [Amounts, NodeRow[]][] {
  return Array.from({ length: 6 }, () => {
    const pod = { cpu: 50 + 10 * random.int(80), memory: 32 + random.int(900) };
    return [pod, Array.from({ length: 8 }, (_, i) => nodeRow(random, `node-${i + 1}`, pod))];
  });
}

function nodeRow(random: Random, name: string, pod: Amounts): NodeRow {
  const [cpu, memory] = [1000 * (1 + random.int(8)), 1024 * (1 + random.int(16))];
  const used = (has: number, asks: number) => Math.max(0, random.next() < 0.3 ? has - asks + random.pick([-1, 0, 1]) : random.int(has));
  const maxPods = 2 + random.int(4);
  const pods = random.next() < 0.1 ? maxPods : 1 + random.int(maxPods - 1);
  return { name, cpu, memory, used: { cpu: used(cpu, pod.cpu), memory: used(memory, pod.memory) }, pods, maxPods };
}

const known = new Map<string, Scores>();

/** What the scheduler of a real cluster says of these nodes. */
function verdictsOf(pod: Amounts, nodes: NodeRow[]): Scores {
  const key = JSON.stringify([pod, nodes]);
  let verdicts = known.get(key);
  if (!verdicts) known.set(key, (verdicts = asked(pod, nodes)));
  return verdicts;
}

function asked(pod: Amounts, nodes: NodeRow[]): Scores {
  const cluster = createCluster({ nodes: 0, controllers: false, kubelets: false, controlPlaneNode: false });
  const { client } = cluster;
  client.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } });
  const create = (name: string, { cpu, memory }: Amounts, nodeName?: string) =>
    client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec: { nodeName, tolerations: [{ operator: 'Exists' }], containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu: `${cpu}m`, memory: `${memory}Mi` } } }] } });
  for (const { name, cpu, memory, used, pods, maxPods } of nodes) {
    const amounts = { cpu: `${cpu}m`, memory: `${memory}Mi`, pods: String(maxPods) };
    client.create({ apiVersion: 'v1', kind: 'Node', metadata: { name }, status: { capacity: amounts, allocatable: amounts } });
    for (let i = 0; i < pods; i++) create(`${name}-${i}`, i === 0 ? used : { cpu: 0, memory: 0 }, name);
  }
  create('new', pod);
  cluster.settle();
  return Object.fromEntries(cluster.explain('new').nodes.map(({ node, filters, scores }) => [node, filters.every(({ plugin, code }) => plugin !== 'NodeResourcesFit' || code === 'Success') ? (scores.NodeResourcesFit?.raw ?? null) : null]));
}
