import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { show } from '../../../lib/book/same.ts';
import { parseSelector } from '../../../lib/api/index.ts';
import type { Random } from '../../../lib/index.ts';

type PodLabels = Record<string, Record<string, string>>;

interface Answer {
  notFrontend: string[];
  notIn: string[];
  selector: string;
}

/** The pods that the lesson shows beside the exercise. */
const shown: PodLabels = {
  home: { app: 'shop', tier: 'frontend' },
  cart: { app: 'shop', tier: 'backend' },
  redis: { app: 'shop', tier: 'cache' },
  batch: { app: 'shop' },
  admin: { app: 'pay', tier: 'frontend' },
  probe: {},
};

export const trap: FunctionExercise = {
  id: 'labels-1',
  title: '빈 레이블 함정',
  kind: 'function',
  checks: [
    {
      name: 'tier!=frontend가 고르는 파드를 맞힌다',
      points: 1,
      hint: '!=는 "그 값이 아니다"를 묻는다. 키가 아예 없는 파드는 그 값을 가지고 있는가?',
      judge: (answer) => judgeSet(answer, 'notFrontend', 'tier!=frontend'),
    },
    {
      name: 'tier notin (frontend,backend)가 고르는 파드를 맞힌다',
      points: 1,
      hint: 'notin도 !=와 같은 눈으로 본다. 레이블이 하나도 없는 파드까지 하나씩 따져 본다.',
      judge: (answer) => judgeSet(answer, 'notIn', 'tier notin (frontend,backend)'),
    },
    {
      name: '키가 있는 파드 가운데서만 뺀다',
      points: 2,
      hint: '조건 둘을 쉼표로 이으면 "그리고"가 된다. 하나는 frontend가 아니라는 조건, 다른 하나는 키가 있다는 조건이다.',
      inputs: (random) => [[shown], ...Array.from({ length: 20 }, () => [podsOf(random)])],
      drive: (answer) => answer,
      judge: judgeSelector,
    },
  ],
};

const selected = (pods: PodLabels, selector: string) => Object.keys(pods).filter((name) => parseSelector(selector).matches(pods[name]));

function judgeSet(answer: Answer | undefined, field: 'notFrontend' | 'notIn', selector: string): string | void {
  const named = answer?.[field];
  if (!Array.isArray(named)) return `${josa(field, '은/는')} 파드 이름의 목록이어야 한다: ${show(named)}`;
  const unknown = named.find((name) => !(name in shown));
  if (unknown !== undefined) return `'${unknown}' 파드는 표에 없다.`;
  const right = selected(shown, selector);
  const extra = named.filter((name) => !right.includes(name));
  if (extra.length > 0) return `고르지 않는 파드가 들어 있다: ${extra.join(', ')}`;
  const missing = right.filter((name) => !named.includes(name)).length;
  if (missing > 0) return `고르는 파드가 ${missing}개 빠졌다.`;
}

function judgeSelector(answer: Answer | undefined, pods: PodLabels): string | void {
  const text = answer?.selector;
  if (typeof text !== 'string' || text.trim() === '') return `selector는 비어 있지 않은 글이어야 한다: ${show(text)}`;
  let names: string[];
  try {
    names = selected(pods, text);
  } catch (error) {
    return `셀렉터를 읽을 수 없다: ${(error as Error).message}`;
  }
  for (const [name, labels] of Object.entries(pods)) {
    const right = 'tier' in labels && labels.tier !== 'frontend';
    if (right !== names.includes(name)) return `레이블이 ${show(labels)}인 파드를 ${right ? '고르지 않는다' : '고른다'}.`;
  }
}

function podsOf(random: Random): PodLabels {
  const labels = () => ({ ...(random.next() < 0.6 && { app: random.pick(['shop', 'pay']) }), ...(random.next() < 0.7 && { tier: random.pick(['frontend', 'backend', 'cache', random.suffix()]) }) });
  return Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`pod-${i}`, labels()]));
}
