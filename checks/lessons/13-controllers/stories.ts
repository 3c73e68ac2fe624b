import type { FunctionCheck, FunctionExercise } from '../../../lib/book/exercise.ts';
import { show } from '../../../lib/book/same.ts';

/** The right kind, and what becomes of the story under the kinds that are mistaken for it. */
const stories: Record<string, { kind: string; told: string; hint: string }> = {
  shop: { kind: 'Deployment', told: '새 버전을 내놓고 되돌려야 하는 웹', hint: '수를 지키는 것만으로는 새 버전을 내놓을 수 없다. 교체하는 법을 아는 것은 무엇인가?' },
  collector: { kind: 'DaemonSet', told: '노드마다 하나 있어야 하는 수집기', hint: '수를 적어 두면 노드가 늘 때마다 고쳐야 하고, 한 노드에 둘이 갈 수도 있다.' },
  database: { kind: 'StatefulSet', told: '제 이름과 제 볼륨으로 돌아와야 하는 데이터베이스', hint: '새 이름으로 태어나면 옛 볼륨을 찾지 못한다.' },
  convert: { kind: 'Job', told: '한 번 변환하고 끝나는 일', hint: '끝나는 것을 실패로 보는 컨트롤러에 맡기면 CrashLoopBackOff가 된다.' },
  etl: { kind: 'CronJob', told: '날마다 새벽 두 시의 일', hint: '한 번으로 끝나는 것과 때가 되면 다시 하는 것은 다른 종류다.' },
  shell: { kind: 'Pod', told: '지우면 그것으로 끝나야 하는 셸', hint: '컨트롤러가 있으면 지워도 돌아온다.' },
  fixed: { kind: 'ReplicaSet', told: '수만 지키고 집합 셀렉터를 쓰는 것', hint: '템플릿을 고쳤을 때 도는 파드를 바꾸지 않는 것이 둘 있고, 그 가운데 In을 쓸 수 있는 것은 하나다.' },
  legacy: { kind: 'ReplicationController', told: 'apiVersion이 v1이고 셀렉터가 단순한 옛 매니페스트', hint: 'apps/v1이 생기기 전에 파드의 수를 지키던 것이다.' },
};

const check = (name: string, points: number, keys: string[]): FunctionCheck => ({
  name,
  points,
  hint: keys.map((key) => stories[key]!.hint).join(' '),
  judge(answer) {
    const wrong = keys.find((key) => answer?.[key] !== stories[key]!.kind);
    if (wrong) return `${wrong}: ${stories[wrong]!.told}에 ${show(answer?.[wrong])}은(는) 맞지 않는다. ${stories[wrong]!.hint}`;
  },
});

export const kinds: FunctionExercise = {
  id: 'controllers-5',
  title: '이야기와 컨트롤러',
  kind: 'function',
  checks: [
    check('늘 도는 것을 고른다', 3, ['shop', 'collector', 'database']),
    check('끝나는 것을 고른다', 2, ['convert', 'etl']),
    check('홀로 선 파드를 안다', 1, ['shell']),
    check('수만 지키는 둘을 구별한다', 2, ['fixed', 'legacy']),
  ],
};
