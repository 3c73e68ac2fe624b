import type { FunctionCheck, FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';
import { apiJudge } from './api-model.ts';
import { apiStory, apiTold, type Outcome, type Step } from './api-script.ts';

/** The conformance suite: what any API server does with these stories. It runs over kubook's own server too. */
const check = (name: string, points: number, { hint, stories }: { hint: string; stories(random: Random): Step[][] }): FunctionCheck => ({
  name,
  points,
  hint,
  inputs: (random) => stories(random).map((steps) => [steps]),
  story: apiTold,
  judge: (outcomes: Outcome[], steps: Step[]) => apiJudge(steps, outcomes),
});

const times = (count: number, make: () => Step[]) => Array.from({ length: count }, make);
const create = (name: string, color = 'red'): Step => ({ do: 'create', name, color });
const get = (name: string): Step => ({ do: 'get', name });

export const miniApi: FunctionExercise = {
  id: 'control-2',
  title: '미니 API 서버',
  kind: 'function',
  withholds: ['createCluster'],
  checks: [
    check('만들고, 읽고, 지운다. 없으면 404, 겹치면 409다', 2, {
      hint: 'create는 같은 이름이 있으면 409, get과 delete는 없으면 404인 StatusError를 던진다.',
      stories: (random) => [
        [create('web'), get('web'), get('api'), create('web', 'blue'), get('web'), { do: 'delete', name: 'web' }, get('web'), { do: 'delete', name: 'web' }, create('web', 'blue'), get('web')],
        ...times(5, () => apiStory(random, { length: 20 }).filter((step) => step.do === 'create' || step.do === 'get' || step.do === 'delete')),
      ],
    }),
    check('고칠 때마다 resourceVersion이 커진다', 1, {
      hint: '쓰는 일 하나에 번호 하나다. 오브젝트마다 따로 세지 말고 서버에 하나만 두고 센다.',
      stories: () => [[create('web'), { do: 'update', name: 'web', color: 'blue', seen: 0 }, create('api'), { do: 'update', name: 'web', color: 'gold', seen: 1 }, get('web'), get('api'), { do: 'update', name: 'none', color: 'red' }]],
    }),
    check('낡은 resourceVersion으로는 고치지 못한다', 3, {
      hint: '보낸 resourceVersion이 저장된 것과 다르면 409다. 아예 적지 않았으면 묻지 않고 덮어쓴다. 지우고 다시 만든 것은 다른 오브젝트다.',
      stories: (random) => [
        [create('web'), { do: 'update', name: 'web', color: 'blue', seen: 0 }, { do: 'update', name: 'web', color: 'gold', seen: 0 }, get('web')],
        [create('web'), { do: 'update', name: 'web', color: 'blue' }, { do: 'update', name: 'web', color: 'gold', seen: 0 }, { do: 'update', name: 'web', color: 'gold', seen: 1 }, get('web')],
        [create('web'), { do: 'delete', name: 'web' }, create('web', 'blue'), { do: 'update', name: 'web', color: 'gold', seen: 0 }, get('web')],
        ...times(10, () => apiStory(random)),
      ],
    }),
    check('목록은 이름 순서다', 1, {
      hint: 'Map은 넣은 순서를 기억한다. 이름으로 줄을 세우고, metadata.resourceVersion에 지금 번호를 적는다.',
      stories: () => [[{ do: 'list' }, create('web'), create('api'), create('redis'), { do: 'list' }, { do: 'delete', name: 'api' }, { do: 'list' }, create('api'), { do: 'list' }]],
    }),
    check('남이 고쳐 써도 저장된 것은 그대로다', 1, {
      hint: '받은 것도 돌려주는 것도 사본이어야 한다. structuredClone이 통째로 베낀다. 사건에 담긴 오브젝트도 마찬가지다.',
      stories: () => [
        [create('web'), { do: 'scribble', on: 0 }, get('web'), { do: 'scribble', on: 2 }, get('web'), { do: 'list' }, { do: 'scribble', on: 5 }, get('web'), { do: 'update', name: 'web', color: 'blue' }, { do: 'scribble', on: 8 }, get('web')],
        [create('api'), { do: 'list' }, { do: 'watch', seen: 1 }, { do: 'watch', seen: 1 }, { do: 'update', name: 'api', color: 'blue' }, { do: 'read', watch: 2 }, { do: 'scribble', on: 5 }, { do: 'read', watch: 3 }, get('api')],
      ],
    }),
    check('watch는 그 뒤의 일을 빠짐없이 차례로 들려준다', 3, {
      hint: '쓸 때마다 사건을 한 줄로 적어 두고, watch는 그 줄의 어디까지 읽었는지만 기억한다. 거절한 일은 사건이 아니다.',
      stories: (random) => [
        [create('web'), { do: 'list' }, { do: 'update', name: 'web', color: 'blue', seen: 0 }, { do: 'watch', seen: 1 }, { do: 'read', watch: 3 }, { do: 'read', watch: 3 }, { do: 'delete', name: 'web' }, { do: 'read', watch: 3 }],
        ...times(10, () => apiStory(random, { length: 30, watchers: 1 })),
      ],
    }),
    check('여럿이 지켜봐도 저마다 다 듣는다', 1, {
      hint: '한 사람이 읽었다고 사건을 버리면 다른 사람이 못 듣는다. 읽은 자리는 watch마다 따로 둔다.',
      stories: (random) => times(10, () => apiStory(random, { length: 40, watchers: 3 })),
    }),
  ],
};
