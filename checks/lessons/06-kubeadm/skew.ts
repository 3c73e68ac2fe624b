import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';

type Pair = [apiServer: string, kubelet: string];

const minorOf = (version: string) => Number(version.split('.')[1]);
const patched = (random: Random, minor: number) => `v1.${minor}.${random.int(16)}`;

/** A kubelet is never newer, and as old as its own release allows: two minors before v1.25, three since. */
function skewOk(...[apiServer, kubelet]: Pair): boolean {
  const older = minorOf(apiServer) - minorOf(kubelet);
  return older >= 0 && older <= (minorOf(kubelet) < 25 ? 2 : 3);
}

const pairs = (random: Random, kubelets: readonly number[], older: readonly number[]): Pair[] => kubelets.flatMap((minor) => older.map((n): Pair => [patched(random, minor + n), patched(random, minor)]));
const tells = (...[apiServer, kubelet]: Pair) => `kube-apiserver ${apiServer}, kubelet ${kubelet}`;

export const skew: FunctionExercise = {
  id: 'kubeadm-3',
  title: '버전 차이',
  kind: 'function',
  checks: [
    {
      name: 'kubelet이 더 새것이면 안 된다',
      points: 1,
      hint: 'kubelet은 API 서버보다 새것일 수 없다. 노트의 예에서도 거꾸로는 안 된다고 했다.',
      inputs: (random) => pairs(random, [8, 20, 30], [-1, -2]),
      expected: skewOk,
      tells,
    },
    {
      name: '패치 버전은 따지지 않는다',
      points: 1,
      hint: 'v1.20.2와 v1.20.15는 같은 마이너 버전이다. 가운데 수만 견준다.',
      inputs: () => [['v1.20.2', 'v1.20.15'], ['v1.20.15', 'v1.20.2'], ['v1.33.0', 'v1.32.9']],
      expected: skewOk,
      tells,
    },
    {
      name: 'v1.25 전의 kubelet은 둘까지 낡아도 된다',
      points: 2,
      hint: '당시의 규칙이다. 마이너 버전은 수다: 1.9와 1.10은 하나 차이다.',
      inputs: (random) => pairs(random, [8, 9, 18, 22, 24], [0, 1, 2, 3]),
      expected: skewOk,
      tells,
    },
    {
      name: 'v1.25부터의 kubelet은 셋까지 낡아도 된다',
      points: 2,
      hint: '지금의 규칙이다. 어느 규칙인지는 kubelet의 버전이 정한다.',
      inputs: (random) => pairs(random, [25, 26, 29, 31], [0, 2, 3, 4]),
      expected: skewOk,
      tells,
    },
  ],
};
