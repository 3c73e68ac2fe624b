import { parseSelector } from '../../../lib/api/index.ts';
import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';

type Labels = Record<string, string>;

const web: Labels = { app: 'web', tier: 'frontend', environment: 'production' };
const api: Labels = { app: 'api', tier: 'backend', environment: 'dev' };
const bare: Labels = {};
const cases = (selectors: string[], labels: Labels[] = [web, api, bare]) => selectors.flatMap((selector) => labels.map((one) => [selector, one]));

/** Between the faulty selectors: whoever refuses everything reads nothing. */
const sound = ['app=web', 'tier in (frontend, backend)', '!legacy', 'app=web,tier'];

export const selector: FunctionExercise = {
  id: 'labels-2',
  title: 'parseSelector와 matches',
  withholds: ['createCluster'],
  kind: 'function',
  checks: [
    {
      name: '같다와 다르다',
      points: 1,
      hint: '=와 ==는 같은 뜻이다. !=는 =를 뒤집은 것이므로 키가 없는 오브젝트도 고른다.',
      inputs: () => cases(['environment=dev', 'environment==dev', 'tier!=frontend', 'app=web', 'app!=api']),
      expected: matches,
    },
    {
      name: 'in과 notin',
      points: 1,
      hint: 'in은 값이 괄호 안에 있으면 고른다. notin은 in을 뒤집은 것이다. 키가 없을 때 둘의 답이 반대다.',
      inputs: () => cases(['environment in (production,qa)', 'environment in (dev)', 'tier notin (frontend,backend)', 'tier notin (cache)']),
      expected: matches,
    },
    {
      name: '키가 있다와 없다',
      points: 1,
      hint: '연산자도 값도 없이 키만 있으면 "있다", 앞에 !가 붙으면 "없다"이다.',
      inputs: () => cases(['tier', '!tier', 'zone', '!zone'], [web, bare, { zone: '' }]),
      expected: matches,
    },
    {
      name: '쉼표는 그리고이다',
      points: 2,
      hint: '괄호 안의 쉼표는 값을 나누고 괄호 밖의 쉼표는 조건을 나눈다. 쉼표로 먼저 자르면 괄호가 깨진다.',
      inputs: () => cases(['app=web,tier=frontend', 'app=web,tier!=frontend', 'environment in (production,qa),tier', 'environment in (production,dev),!zone,app!=api', 'tier notin (a,b),tier', '']),
      expected: matches,
    },
    {
      name: '공백과 비슷한 이름에 속지 않는다',
      points: 1,
      hint: '낱말 in과 이름 속의 in은 다르다. 공백은 있어도 되고 없어도 된다. 키에는 점과 슬래시도 쓰인다.',
      inputs: () => [
        ...cases(['  environment  in  ( production , qa )  ', 'environment in(production,qa)', ' app = web ', 'app!= web , tier']),
        ...cases(['internal=yes', 'internal', 'notinuse notin (yes)', 'admin in (yes,no)', 'example.com/owner in (kim)'], [{ internal: 'yes', admin: 'no', 'example.com/owner': 'kim' }, { notinuse: 'yes' }, bare]),
      ],
      expected: matches,
    },
    {
      name: '뽑은 셀렉터 300개에서 쿠버네티스와 같다',
      points: 3,
      hint: '메시지에 나온 셀렉터와 레이블을 자기 함수에 넣고 조건을 하나씩 찍어 본다.',
      inputs: (random) => Array.from({ length: 300 }, () => [selectorText(random), labelsOf(random)]),
      expected: matches,
    },
    {
      name: '틀린 셀렉터는 오류로 거절한다',
      points: 1,
      hint: "읽다가 기대하지 않은 것을 만나면 throw new Error('…')로 알린다. 조용히 false를 돌려주면 아무도 오타를 모른다.",
      inputs: (random) => random.shuffle([['app in (web'], ['app in web'], ['app notin'], ['app=web,'], ['app=web tier=frontend'], ['=web'], ['!'], ['app=web=api'], [',app'], ...sound.map((text) => [text])]),
      drive(answer, text) {
        try {
          return { returned: answer(text, { app: 'web', tier: 'frontend' }) };
        } catch {
          return 'refused';
        }
      },
      judge(output, text) {
        if (sound.includes(text)) return output === 'refused' ? '맞는 셀렉터인데 오류가 났다.' : undefined;
        return output === 'refused' ? undefined : '틀린 셀렉터인데 오류가 나지 않았다.';
      },
    },
  ],
};

function matches(text: string, labels: Labels): boolean {
  return parseSelector(text).matches(labels);
}

const keys = ['app', 'tier', 'environment', 'internal', 'notinuse', 'example.com/owner', 'v1.33'];
const values = ['web', 'api', 'dev', 'production', 'in-house', 'a.b_c', '1', 'frontend'];

function selectorText(random: Random): string {
  const space = () => random.pick(['', '', ' ', '  ']);
  const list = () => Array.from({ length: 1 + random.int(3) }, () => `${space()}${random.pick(values)}${space()}`).join(',');
  const requirement = () => {
    const key = random.pick(keys);
    const forms = [`${key}${space()}=${space()}${random.pick(values)}`, `${key}${space()}==${space()}${random.pick(values)}`, `${key}${space()}!=${space()}${random.pick(values)}`, `${key} in${space()}(${list()})`, `${key} notin${space()}(${list()})`, key, `!${space()}${key}`];
    return `${space()}${random.pick(forms)}${space()}`;
  };
  return Array.from({ length: 1 + random.int(3) }, requirement).join(',');
}

function labelsOf(random: Random): Labels {
  return Object.fromEntries(keys.filter(() => random.next() < 0.55).map((key) => [key, random.pick(values)]));
}
