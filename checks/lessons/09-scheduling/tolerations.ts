import type { Taint, Toleration } from '../../../lib/api/index.ts';
import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { show } from '../../../lib/book/same.ts';
import type { Random } from '../../../lib/index.ts';
import { untolerated } from '../../../lib/scheduler/tolerations.ts';

interface NodeRow {
  name: string;
  taints: Taint[];
}

export const tolerations: FunctionExercise = {
  id: 'sched-3',
  title: '허용의 집합',
  kind: 'function',
  checks: [
    {
      name: '가려는 노드에 모두 들어갈 수 있다',
      points: 2,
      hint: '들어갈 노드의 NoSchedule과 NoExecute 테인트마다 그것을 참는 톨러레이션이 있어야 한다. PreferNoSchedule은 막지 않는다.',
      inputs: rounds,
      judge: (answer, nodes, wanted) => illFormed(answer) ?? missing(answer, nodes, wanted),
    },
    {
      name: '다른 노드에는 들어갈 수 없다',
      points: 2,
      hint: '키가 같아도 값이나 효과가 다른 테인트가 있다. Exists와 빈 effect는 넓다: 꼭 그 테인트만 참는지 본다.',
      inputs: rounds,
      judge: (answer, nodes, wanted) => illFormed(answer) ?? missing(answer, nodes, wanted) ?? extra(answer, nodes, wanted),
    },
  ],
};

function illFormed(answer: unknown): string | undefined {
  if (!Array.isArray(answer)) return `톨러레이션의 목록이어야 한다: ${show(answer)}`;
  for (const { operator = 'Equal', value, effect = '' } of answer as Toleration[]) {
    if (operator !== 'Equal' && operator !== 'Exists') return `operator는 Equal이나 Exists이다: ${show(operator)}`;
    if (operator === 'Exists' && value) return `Exists에는 value를 적지 않는다: ${show(value)}`;
    if (!['', 'NoSchedule', 'PreferNoSchedule', 'NoExecute'].includes(effect)) return `그런 effect는 없다: ${show(effect)}`;
  }
}

function missing(answer: Toleration[], nodes: NodeRow[], wanted: string[]): string | undefined {
  for (const { name, taints } of nodes) {
    const against = wanted.includes(name) ? untolerated(taints, answer) : undefined;
    if (against) return `${name}에 들어가야 하는데 ${textOf(against)} 때문에 못 들어간다.`;
  }
}

function extra(answer: Toleration[], nodes: NodeRow[], wanted: string[]): string | undefined {
  const open = nodes.find(({ name, taints }) => !wanted.includes(name) && !untolerated(taints, answer));
  if (open) return `${open.name}에는 들어가지 말아야 하는데 들어갈 수 있다. 테인트: ${open.taints.map(textOf).join(', ')}`;
}

const textOf = ({ key, value, effect }: Taint) => `${key}${value ? `=${value}` : ''}:${effect}`;

/** Nodes A to F, of which two are wanted. The others differ from them by a value, an effect or one taint more. */
function rounds(random: Random): [NodeRow[], string[]][] {
  return Array.from({ length: 12 }, () => {
    const wanted = [hard(random), hard(random)];
    const rows = [...wanted, changed(random, wanted[0]!), changed(random, wanted[1]!), [...random.pick(wanted), fresh(random, 'NoExecute')], [fresh(random, 'NoSchedule')]];
    const names = random.shuffle(['A', 'B', 'C', 'D', 'E', 'F']);
    const nodes = rows.map((taints, i) => ({ name: names[i]!, taints: random.shuffle([...taints, ...(random.next() < 0.4 ? [soft(random)] : [])]) }));
    return [nodes.sort((a, b) => (a.name < b.name ? -1 : 1)), names.slice(0, 2).sort()] as [NodeRow[], string[]];
  }).filter(([nodes, wanted]) => solvable(nodes, wanted));
}

/** Exact tolerations of the wanted nodes let nobody else in. */
function solvable(nodes: NodeRow[], wanted: string[]): boolean {
  const exact = nodes.filter(({ name }) => wanted.includes(name)).flatMap(({ taints }) => taints.map(({ key, value, effect }) => ({ key, operator: 'Equal', value, effect })));
  return extra(exact, nodes, wanted) === undefined;
}

const fresh = (random: Random, effect: string): Taint => ({ key: `team-${random.suffix(3)}`, value: random.pick(['red', 'blue', 'green']), effect });
const soft = (random: Random): Taint => fresh(random, 'PreferNoSchedule');
const hard = (random: Random): Taint[] => [fresh(random, 'NoSchedule'), ...(random.next() < 0.5 ? [{ key: 'gpu', value: random.pick(['a100', 't4', '']), effect: 'NoExecute' }] : [])];

/** One taint of them with another value, or with the other effect. */
function changed(random: Random, taints: Taint[]): Taint[] {
  const at = random.int(taints.length);
  return taints.map((taint, i) => (i !== at ? taint : random.next() < 0.5 ? { ...taint, value: `${taint.value}x` } : { ...taint, effect: taint.effect === 'NoSchedule' ? 'NoExecute' : 'NoSchedule' }));
}
