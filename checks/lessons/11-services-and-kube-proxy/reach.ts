import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';

const places = ['pod', 'node', 'outside'] as const;
const types = ['ClusterIP', 'NodePort', 'LoadBalancer'] as const;

/** From outside there is no way to a cluster IP; the other types have an address there. */
const reaches = (from: string, type: string) => from !== 'outside' || type !== 'ClusterIP';

const rows = (from: readonly string[]) => (random: Random) => random.shuffle(from.flatMap((place) => types.map((type) => [place, type])));

export const reach: FunctionExercise = {
  id: 'services-2',
  title: '도달표 채우기',
  kind: 'function',
  checks: [
    { name: '클러스터 안의 두 줄', points: 2, hint: '노드에도 kube-proxy의 규칙이 있다. 파드에서만 되는 서비스 타입은 없다.', inputs: rows(places.slice(0, 2)), expected: reaches },
    { name: '바깥의 줄', points: 1, hint: '클러스터 IP로 가는 길은 클러스터 밖의 라우터가 모른다. 다른 두 타입은 바깥에서도 쓰는 주소를 더 가진다.', inputs: rows(['outside']), expected: reaches },
  ],
};
