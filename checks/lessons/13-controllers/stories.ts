import { type After, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { show } from '../../../lib/book/same.ts';
import { live, type Lived } from './lived.ts';
import { storyWorld } from './story-world.ts';

/** What must become of a story, and the sentence that says how it failed. */
const judges: { [Story in keyof Lived]: (lived: Exclude<Lived[Story], string>) => string | undefined | false } = {
  shop: ({ fewestReady, fresh, undone }) => (!fresh && '템플릿을 고쳤는데 새 버전이 나오지 않았다') || (fewestReady < 3 && `교체하는 동안 손님을 받는 파드가 ${fewestReady}개까지 줄었다`) || (!undone && '되돌렸는데 옛 버전이 돌아오지 않았다'),
  collector: ({ before, after }) => (before.join() !== 'worker-1,worker-2' && `노드가 둘일 때 ${before.join(', ') || '아무 데도 없는 곳'}에 있었다`) || (after.join() !== 'worker-1,worker-2,worker-3' && `노드가 셋이 되었는데 ${after.join(', ') || '아무 데도 없는 곳'}에 있다`),
  database: ({ sameName, lines }) => (!sameName && '죽은 파드가 같은 이름으로 돌아오지 않았다') || (lines < 2 && '같은 이름으로 돌아왔지만 제 볼륨을 찾지 못했다'),
  convert: ({ done, unfinished }) => (done !== 3 || unfinished > 0) && `셋을 변환해야 하는데 끝난 파드가 ${done}개, 끝나지 않은 파드가 ${unfinished}개다`,
  etl: ({ before, after }) => (before > 0 && '새벽 두 시가 되기도 전에 돌았다') || (after !== 1 && `두 시가 지난 뒤 끝난 것이 ${after}개다`),
  shell: ({ ran, back }) => (ran === 0 && '아무것도 뜨지 않았다') || (back > 0 && `지웠는데 파드 ${back}개가 다시 생겼다`),
  fixed: ({ kept, pods }) => (pods !== 2 && `파드가 둘이어야 하는데 ${pods}개였다`) || (kept !== 2 && `템플릿을 고치자 돌던 파드 둘 가운데 ${2 - kept}개가 바뀌었다`),
  legacy: ({ pods }) => pods !== 2 && `파드가 둘이어야 하는데 ${pods}개다`,
};

const hints: Record<keyof Lived, string> = {
  shop: '수를 지키는 것만으로는 새 버전을 내놓을 수 없다. 교체하는 법을 아는 것은 무엇인가?',
  collector: '수를 적어 두면 노드가 늘 때마다 고쳐야 하고, 한 노드에 둘이 갈 수도 있다.',
  database: '새 이름으로 태어나면 옛 볼륨을 찾지 못한다.',
  convert: '끝나는 것을 실패로 보는 컨트롤러에 맡기면 CrashLoopBackOff가 된다.',
  etl: '한 번으로 끝나는 것과 때가 되면 다시 하는 것은 다른 종류다.',
  shell: '컨트롤러가 있으면 지워도 돌아온다.',
  fixed: '템플릿을 고쳤을 때 도는 파드를 바꾸지 않는 것이 둘 있고, 그 가운데 In을 쓸 수 있는 것은 하나다.',
  legacy: 'apps/v1이 생기기 전에 파드의 수를 지키던 것이다.',
};

const check = (name: string, points: number, keys: (keyof Lived)[]) => ({
  name,
  points,
  hint: keys.map((key) => hints[key]).join(' '),
  run({ result }: After) {
    const { kinds, lived } = result as { kinds: Record<string, unknown>; lived: Lived };
    for (const key of keys) {
      if (!kinds[key]) wrong(`${key}: 아직 고르지 않았다.`);
      const what = lived[key];
      const failed = typeof what === 'string' ? `API 서버가 받지 않았다: ${what}` : (judges[key] as (lived: unknown) => string | undefined | false)(what);
      if (failed) wrong(`${key}에 고른 ${show(kinds[key])}: 돌려 보니 ${failed}.`);
    }
  },
});

/** Each story is run under the kind that was chosen for it; what it did is judged, not its name. */
export const kinds: ClusterExercise = {
  id: 'controllers-5',
  title: '이야기와 컨트롤러',
  kind: 'component',
  cluster: { nodes: 3, start: Date.UTC(2026, 0, 1, 1, 50) },
  async start({ cluster, kubectl }) {
    await kubectl.text`taint nodes worker-3 building=yes:NoSchedule`;
    cluster.client.create({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'standard' }, provisioner: 'rancher.io/local-path', volumeBindingMode: 'WaitForFirstConsumer' });
  },
  perform: async (stage, answer) => ({ kinds: answer ?? {}, lived: await live(storyWorld(stage, answer ?? {})) }),
  checks: [
    check('늘 도는 것을 고른다', 3, ['shop', 'collector', 'database']),
    check('끝나는 것을 고른다', 2, ['convert', 'etl']),
    check('홀로 선 파드를 안다', 1, ['shell']),
    check('수만 지키는 둘을 구별한다', 2, ['fixed', 'legacy']),
  ],
};
