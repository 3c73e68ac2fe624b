import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { show } from '../../../lib/book/same.ts';
import { createCluster, type Random } from '../../../lib/index.ts';

interface Part {
  name: string;
  /** Millicores. */
  cpu: number;
}
type Placement = Record<string, string | undefined>;

export const placement: FunctionExercise = {
  id: 'why-7',
  title: '손 배치 대 스케줄러',
  withholds: ['createCluster'],
  kind: 'function',
  checks: [
    {
      name: '어느 노드도 넘치지 않는다',
      points: 1,
      hint: '컨테이너를 놓을 때마다 그 노드에 남은 CPU에서 뺀다. 남은 것보다 큰 컨테이너는 그 노드에 놓을 수 없다.',
      inputs: rounds,
      judge: (placed, containers, nodes) => misplaced(placed, containers, nodes) ?? overfull(placed, containers, nodes) ?? idle(placed, containers),
    },
    {
      name: '스케줄러보다 낭비가 많지 않다',
      points: 2,
      hint: '낭비는 노드의 CPU를 모두 더한 값에서 놓은 컨테이너의 CPU를 뺀 것이다. 놓을 수 있는데 남겨 둔 컨테이너가 있는지 본다.',
      inputs: (random) => rounds(random).slice(0, 4),
      judge(placed, containers, nodes) {
        const problem = misplaced(placed, containers, nodes) ?? overfull(placed, containers, nodes);
        if (problem) return problem;
        const [yours, its] = [waste(placed, containers, nodes), waste(scheduled(containers, nodes), containers, nodes)];
        if (yours > its) return `스케줄러의 낭비는 ${its}m인데 이 배치의 낭비는 ${yours}m이다.`;
      },
    },
    {
      name: '열두 개를 모두 놓는다',
      points: 2,
      hint: '들어온 순서대로 놓으면 뒤에 온 큰 컨테이너가 갈 곳이 없다. 이삿짐을 쌀 때 무엇부터 넣는가?',
      inputs: rounds,
      judge: (placed, containers, nodes) => misplaced(placed, containers, nodes) ?? overfull(placed, containers, nodes) ?? leftOut(placed, containers),
    },
  ],
};

/** Three nodes are filled to the brim, four parts each, then the parts are shuffled. */
function rounds(random: Random): [Part[], Part[]][] {
  const out: [Part[], Part[]][] = [];
  while (out.length < 10) {
    const nodes = ['node-a', 'node-b', 'node-c'].map((name) => ({ name, cpu: 4000 }));
    const sizes = nodes.flatMap(({ cpu }) => split(random, cpu));
    const containers = random.shuffle(sizes).map((cpu, i) => ({ name: `c${String(i + 1).padStart(2, '0')}`, cpu }));
    if (fits(containers, nodes)) out.push([containers, nodes]);
  }
  return out;
}

/** Four parts of a whole, in steps of 100m, none below 200m. */
function split(random: Random, whole: number): number[] {
  const big = 1500 + 100 * random.int(8);
  const second = 600 + 100 * random.int(5);
  const rest = whole - big - second;
  const third = 200 + 100 * random.int(Math.max(1, (rest - 400) / 100));
  return [big, second, third, rest - third];
}

/** Largest first finds a way: the exercise asks for no more than that. */
function fits(containers: Part[], nodes: Part[]): boolean {
  const free = nodes.map(({ cpu }) => cpu);
  return [...containers].sort((a, b) => b.cpu - a.cpu).every(({ cpu }) => {
    const at = free.findIndex((left) => left >= cpu);
    if (at >= 0) free[at]! -= cpu;
    return at >= 0;
  });
}

function misplaced(placed: Placement, containers: Part[], nodes: Part[]): string | undefined {
  if (placed === null || typeof placed !== 'object' || Array.isArray(placed)) return `{ 컨테이너 이름: 노드 이름 }이어야 한다: ${show(placed)}`;
  for (const [container, node] of Object.entries(placed)) {
    if (!containers.some(({ name }) => name === container)) return `'${container}' 컨테이너는 없다.`;
    if (!nodes.some(({ name }) => name === node)) return `${container}: '${node}' 노드는 없다.`;
  }
  if (Object.keys(placed).length === 0) return '아무 컨테이너도 놓지 않았다.';
}

function overfull(placed: Placement, containers: Part[], nodes: Part[]): string | undefined {
  for (const node of nodes) {
    const used = containers.filter(({ name }) => placed[name] === node.name).reduce((sum, { cpu }) => sum + cpu, 0);
    if (used > node.cpu) return `${node.name}의 CPU는 ${node.cpu}m인데 ${used}m을 올렸다.`;
  }
}

/** Nodes that hold next to nothing do not overflow either. */
function idle(placed: Placement, containers: Part[]): string | undefined {
  const count = containers.filter(({ name }) => placed[name] !== undefined).length;
  if (count < containers.length / 2) return `${containers.length}개 가운데 ${count}개만 놓았다. 놓을 수 있는 만큼은 놓고 넘치는지 본다.`;
}

function leftOut(placed: Placement, containers: Part[]): string | undefined {
  const out = containers.filter(({ name }) => placed[name] === undefined);
  if (out.length > 0) return `놓지 못한 컨테이너: ${out.map(({ name, cpu }) => `${name}(${cpu}m)`).join(', ')}`;
}

/** CPU that no placed container asked for. */
function waste(placed: Placement, containers: Part[], nodes: Part[]): number {
  const total = (parts: Part[]) => parts.reduce((sum, { cpu }) => sum + cpu, 0);
  return total(nodes) - total(containers.filter(({ name }) => placed[name] !== undefined));
}

/** Where the real scheduler puts the same containers, one after the other. */
function scheduled(containers: Part[], nodes: Part[]): Placement {
  const cluster = createCluster({ nodes: nodes.map(({ name, cpu }) => ({ name, cpus: cpu / 1000 })), controlPlaneNode: false });
  for (const { name, cpu } of containers) {
    const resources = { requests: { cpu: `${cpu}m` } };
    cluster.client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec: { containers: [{ name, image: 'nginx', resources }] } });
    cluster.settle();
  }
  return Object.fromEntries(cluster.client.list('Pod').items.map((pod) => [pod.metadata.name, pod.spec.nodeName]));
}
