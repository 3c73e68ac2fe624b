import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';

interface Used {
  port: number;
  protocol: string;
}

/** What the API server does with `nodePort`; a number belongs to one Service for each protocol. */
function verdict(port: number | null, protocol: string, used: Used[]): string {
  if (port === null || port === 0) return 'allocate';
  if (port < 30_000 || port > 32_767) return 'range';
  return used.some((one) => one.port === port && one.protocol === protocol) ? 'taken' : 'ok';
}

const usedOf = (random: Random): Used[] => Array.from({ length: 3 }, () => ({ port: 30_000 + random.int(2768), protocol: random.pick(['TCP', 'UDP']) }));
const asked = (ports: (random: Random, used: Used[]) => (number | null)[]) => (random: Random) => {
  const used = usedOf(random);
  return ports(random, used).map((port) => [port, random.pick(['TCP', 'UDP']), used]);
};

export const nodePort: FunctionExercise = {
  id: 'services-6',
  title: 'nodePort 검증',
  kind: 'function',
  checks: [
    { name: '범위를 안다', points: 1, hint: '양 끝의 수도 범위 안이다.', inputs: asked((random) => [29_999, 30_000, 32_767, 32_768, 80, 30_001 + random.int(2000)].filter(Boolean)), expected: verdict },
    { name: '비워 두면 골라 준다', points: 1, hint: '적지 않은 것(null)과 0은 "골라 달라"는 뜻이다.', inputs: asked(() => [null, 0]), expected: verdict },
    { name: '이미 쓰는 번호를 안다', points: 2, hint: 'TCP의 30080과 UDP의 30080은 다른 포트다.', inputs: (random) => Array.from({ length: 4 }, () => usedOf(random)).flatMap((used) => used.flatMap(({ port, protocol }) => [[port, protocol, used], [port, protocol === 'TCP' ? 'UDP' : 'TCP', used]])), expected: verdict },
  ],
};
