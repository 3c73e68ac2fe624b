import type { FunctionCheck, FunctionExercise } from '../../../lib/book/exercise.ts';
import { show } from '../../../lib/book/same.ts';
import type { Random } from '../../../lib/index.ts';
import { type Birth, birthOf, type BirthStep, misplaced } from './births.ts';

const check = (name: string, points: number, { hint, births }: { hint: string; births: Birth[] }): FunctionCheck => ({
  name,
  points,
  hint,
  inputs: (random: Random) => births.map((birth, i) => [random.shuffle(birthOf(birth, random.fork(String(i))))]),
  judge: (answer: BirthStep[], given: BirthStep[]) => judge(answer, given),
});

export const eightSteps: FunctionExercise = {
  id: 'birth-1',
  title: '여덟 단계 정렬',
  kind: 'function',
  withholds: ['createCluster'],
  checks: [
    check('레플리카셋이 낳은 파드의 차례가 맞다', 2, {
      hint: '파드를 만드는 것은 컨트롤러다. 어느 노드인지 정해져야 kubelet이 움직이고, 집(샌드박스)이 있어야 컨테이너가 들어간다.',
      births: [{ kind: 'ReplicaSet' }, { kind: 'ReplicaSet' }, { kind: 'ReplicaSet' }],
    }),
    check('맨 파드에 없는 단계를 지어내지 않는다', 1, {
      hint: '받은 것을 하나도 빼거나 더하지 않고 줄만 세운다. 맨 파드의 탄생에는 컨트롤러가 나오지 않는다.',
      births: [{ kind: 'Pod' }, { kind: 'Pod' }, { kind: 'Pod' }],
    }),
    check('파드와 컨테이너가 여럿이어도 제 차례를 지킨다', 1, {
      hint: '서로 다른 파드의 일은 어느 쪽이 먼저여도 된다. 한 컨테이너의 Create가 그 컨테이너의 Start보다 먼저이기만 하면 된다.',
      births: [{ kind: 'ReplicaSet', replicas: 3 }, { kind: 'Pod', containers: 2 }, { kind: 'ReplicaSet', replicas: 2, containers: 2 }],
    }),
  ],
};

function judge(answer: BirthStep[], given: BirthStep[]): string | undefined {
  if (!Array.isArray(answer)) return `줄을 세운 목록을 돌려주어야 한다: ${show(answer)}`;
  const ids = (steps: readonly BirthStep[]) => steps.map((step) => step?.id).sort((a, b) => a - b);
  if (show(ids(answer)) !== show(ids(given))) return `받은 단계는 ${given.length}개인데 돌려준 것은 ${answer.length}개다. 같은 단계를 빠짐없이 한 번씩 돌려주어야 한다.`;
  const own = answer.map(({ id }) => given.find((step) => step.id === id)!);
  return misplaced(own);
}
