import { type LabelSelector, selectorFromLabelSelector } from '../../../lib/api/index.ts';
import { type After, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { same, show } from '../../../lib/book/same.ts';
import { isPodActive, type Random } from '../../../lib/index.ts';
import { type Given, type Labels, manifest, mostPods, type Story, tell } from './selector-story.ts';

export const ownSelector: ClusterExercise = {
  id: 'labels-5',
  title: '내 셀렉터로 도는 레플리카셋',
  withholds: ['createCluster'],
  kind: 'component',
  cluster: { nodes: 3, controllers: { replicaset: false } },
  async start({ cluster, kubectl, random }): Promise<Given> {
    const team = `team-${random.suffix(4)}`;
    cluster.file('sets.yaml', manifest(team));
    await kubectl`run bystander --image=nginx --labels=note=none`;
    await kubectl`run old-canary --image=nginx --labels=app=web,track=canary`;
    await kubectl`apply -f sets.yaml`;
    return { cases: Array.from({ length: 200 }, () => [selectorOf(random), labelsOf(random)]), team };
  },
  perform: ({ cluster, kubectl, random, given }, answer) => tell({ cluster, kubectl, random, given, answer }),
  checks: [
    {
      name: 'matchLabels를 읽는다',
      points: 1,
      hint: 'matchLabels는 키와 값의 표다. 적힌 쌍이 모두 레이블에 그대로 있어야 한다.',
      run: (after) => judgeCases(after, ({ matchExpressions }) => !matchExpressions),
    },
    {
      name: 'In과 NotIn을 읽는다',
      points: 1,
      hint: 'NotIn은 키가 없는 오브젝트도 고른다. 문자열 셀렉터의 notin과 같다.',
      run: (after) => judgeCases(after, ({ matchExpressions = [] }) => matchExpressions.length > 0 && matchExpressions.every(({ operator }) => operator.endsWith('In'))),
    },
    {
      name: 'Exists와 DoesNotExist를 읽고 모두 잇는다',
      points: 1,
      hint: 'matchLabels와 matchExpressions의 조건은 모두 "그리고"로 이어진다. 빈 값도 값이다: 키가 있으면 있는 것이다.',
      run: (after) => judgeCases(after, () => true),
    },
    {
      name: '레플리카셋마다 제 파드를 센다',
      points: 2,
      hint: '남의 파드를 제 것으로 세면 모자라고, 제 파드를 못 알아보면 끝없이 만든다.',
      run({ result, given }) {
        const { begun, made } = result as Story;
        if (made >= mostPods) wrong(`레플리카셋들이 파드를 ${made}개나 만들었다. 제 파드를 알아보지 못하거나, 남의 파드를 제 것으로 세어 지우고 만들기를 되풀이한다.`);
        same(begun, expectedCounts(given.team), '1분 뒤 셀렉터에 걸리는 파드 수');
      },
    },
    {
      name: '레이블을 떼면 놓아주고 다시 붙이면 데려온다',
      points: 2,
      hint: '함수는 부를 때마다 받은 레이블만 보고 답해야 한다. 예전 답을 기억하지 않는다.',
      run({ result, given }) {
        const { taken, returned, outside } = result as Story;
        same(taken, expectedCounts(given.team), '파드 하나의 레이블을 바꾼 뒤 셀렉터에 걸리는 파드 수');
        if (!outside) wrong('레이블을 바꾼 파드가 지워졌다. 셀렉터에서 벗어난 파드는 살아 있어야 한다.');
        same(returned, expectedCounts(given.team), '레이블을 되돌린 뒤 셀렉터에 걸리는 파드 수');
      },
    },
    {
      name: '고르지 않은 파드는 그대로다',
      points: 1,
      hint: '레이블이 하나도 맞지 않는 파드와 track=canary인 파드는 어느 레플리카셋의 것도 아니다.',
      run({ cluster, result }) {
        if ((result as Story).made === 0 || (result as Story).made >= mostPods) wrong(`레플리카셋들이 파드를 ${(result as Story).made}개 만들었다.`);
        for (const name of ['bystander', 'old-canary']) if (!cluster.client.list('Pod').items.some((pod) => pod.metadata.name === name && isPodActive(pod))) wrong(`${name} 파드가 사라졌다.`);
      },
    },
  ],
};

const expectedCounts = (team: string): Record<string, number> => ({ web: 3, edge: 2, [team]: 2 });

function judgeCases({ result, given }: After, concerns: (selector: LabelSelector) => boolean): string | void {
  for (const [i, [selector, labels]] of (given as Given).cases.entries()) {
    if (!concerns(selector)) continue;
    const right = selectorFromLabelSelector(selector).matches(labels);
    const actual = (result as Story).outputs[i];
    if (actual !== right) return `selector ${show(selector)}, labels ${show(labels)}: ${right ? 'true(고른다)' : 'false(고르지 않는다)'}여야 하는데 돌려준 값은 ${show(actual)}이다.`;
  }
}

const keys = ['app', 'tier', 'track', 'stage'];
const values = ['web', 'edge', 'canary', ''];

function selectorOf(random: Random): LabelSelector {
  const some = (most: number) => Array.from({ length: 1 + random.int(most) }, () => random.pick(values));
  const expression = (operators: readonly string[]) => {
    const operator = random.pick(operators);
    return { key: random.pick(keys), operator, ...(operator.endsWith('In') && { values: some(3) }) };
  };
  const matchLabels = Object.fromEntries(keys.filter(() => random.next() < 0.3).map((key) => [key, random.pick(values)]));
  const operators = random.pick([['In', 'NotIn'], ['In', 'NotIn', 'Exists', 'DoesNotExist']]);
  const matchExpressions = Array.from({ length: random.int(3) }, () => expression(operators));
  return { ...(random.next() < 0.8 && { matchLabels }), ...(matchExpressions.length > 0 && { matchExpressions }) };
}

function labelsOf(random: Random): Labels {
  return Object.fromEntries(keys.filter(() => random.next() < 0.6).map((key) => [key, random.pick(values)]));
}
