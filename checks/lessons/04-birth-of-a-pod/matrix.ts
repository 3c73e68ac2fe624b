import type { FunctionCheck, FunctionExercise } from '../../../lib/book/exercise.ts';
import { show } from '../../../lib/book/same.ts';
import { createCluster, type Random } from '../../../lib/index.ts';

export interface Line {
  from: string;
  to: string;
}
type Matrix = Record<string, Record<string, number>>;

/** What was said in a real cluster in which some things happened. */
function linesOf(random: Random): Line[] {
  const cluster = createCluster({ nodes: 1 + random.int(3), seed: random.suffix(8) });
  for (let i = 0; i <= random.int(3); i++) cluster.client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: `web-${i}`, namespace: 'default' }, spec: { containers: [{ name: 'app', image: 'nginx' }] } });
  cluster.advance('20s');
  const asked = 1 + random.int(4);
  for (let i = 0; i < asked; i++) {
    const pod = cluster.client.get('Pod', { namespace: 'default', name: 'web-0' });
    cluster.kubelets.of(pod).logs(pod, 'app', {});
  }
  return cluster.connections().map(({ from, to }) => ({ from, to }));
}

const names = ['kube-apiserver', 'kube-scheduler', 'kube-controller-manager', 'kubelet/worker-1', 'kubelet/worker-2', 'containerd/worker-1', 'kube-proxy', 'kubectl'];

/** Lines of a cluster that nobody has built: everybody may talk to everybody. */
const made = (random: Random): Line[] => Array.from({ length: 5 + random.int(40) }, () => ({ from: random.pick(names), to: random.pick(names) }));

const bare = (name: string) => name.split('/')[0]!;

function matrixOf(lines: readonly Line[]): Matrix {
  const actors = [...new Set(lines.flatMap(({ from, to }) => [bare(from), bare(to)]))];
  const matrix: Matrix = Object.fromEntries(actors.map((from) => [from, Object.fromEntries(actors.map((to) => [to, 0]))]));
  for (const { from, to } of lines) matrix[bare(from)]![bare(to)]!++;
  return matrix;
}

const check = (name: string, points: number, { hint, inputs, wrongIn }: { hint: string; inputs(random: Random): Line[][]; wrongIn(matrix: Matrix, right: Matrix): string | undefined }): FunctionCheck => ({
  name,
  points,
  hint,
  inputs: (random) => inputs(random).map((lines) => [lines]),
  judge(matrix: Matrix, lines: Line[]) {
    if (typeof matrix !== 'object' || matrix === null || Array.isArray(matrix)) return `{ 거는 쪽: { 받는 쪽: 횟수 } }를 돌려주어야 한다: ${show(matrix)}`;
    return wrongIn(matrix, matrixOf(lines));
  },
});

const cell = (matrix: Matrix, from: string, to: string) => matrix[from]?.[to];

export const connectionMatrix: FunctionExercise = {
  id: 'birth-2',
  title: '스케줄러는 kubelet에게 묻는가',
  kind: 'function',
  withholds: ['createCluster'],
  checks: [
    check('누가 누구에게 몇 번 걸었는지 센다', 2, {
      hint: '노드마다 하나씩 있는 것은 한 이름으로 센다: kubelet/worker-1과 kubelet/worker-2는 둘 다 kubelet이다. 로그를 달라고 API 서버가 거는 전화도 있다.',
      inputs: (random) => [linesOf(random.fork('a')), linesOf(random.fork('b')), ...Array.from({ length: 20 }, () => made(random))],
      wrongIn(matrix, right) {
        for (const from of Object.keys(right)) for (const to of Object.keys(right)) if (right[from]![to]! > 0 && cell(matrix, from, to) !== right[from]![to]) return `${from} → ${to}: 기대한 값 ${right[from]![to]}, 실제 값 ${show(cell(matrix, from, to))}`;
      },
    }),
    check('한 번도 걸지 않은 칸에는 0을 적는다', 2, {
      hint: '거는 쪽이든 받는 쪽이든 한 번이라도 나온 이름은 모두 행이고 모두 열이다. 없는 것을 보이려면 0이라고 적혀 있어야 한다.',
      inputs: (random) => [linesOf(random.fork('a')), ...Array.from({ length: 20 }, () => made(random))],
      wrongIn(matrix, right) {
        for (const from of Object.keys(right)) for (const to of Object.keys(right)) if (cell(matrix, from, to) !== right[from]![to]) return `${from} → ${to}: 기대한 값 ${right[from]![to]}, 실제 값 ${show(cell(matrix, from, to))}`;
        const extra = Object.keys(matrix).find((name) => !(name in right));
        return extra && `${extra} 행은 없어야 한다.`;
      },
    }),
  ],
};
