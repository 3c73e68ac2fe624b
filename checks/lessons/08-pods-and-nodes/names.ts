import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';

/** What Kubernetes draws names from: no vowels, and no 0, 1, 3 that look like letters. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

export const names: FunctionExercise = {
  id: 'pods-3',
  title: '이름 규칙',
  kind: 'function',
  checks: [
    {
      name: '디플로이먼트의 파드 이름을 나눈다',
      points: 2,
      hint: '디플로이먼트의 이름에도 -가 들어갈 수 있다. 뒤에서부터 나눈다.',
      inputs: (random) => [['metrics-server-7df4c4484d-h75wr'], ...Array.from({ length: 30 }, () => [realName(random)])],
      expected: split,
    },
    {
      name: '나올 수 없는 이름을 가려낸다',
      points: 2,
      hint: '마지막 마디는 꼭 다섯 글자다. 쓰이는 글자는 bcdfghjklmnpqrstvwxz2456789뿐이다.',
      inputs: (random) => [['kube-proxy-5ldsfxoe'], ['web-5ldsf'], ['h75wr'], ...Array.from({ length: 60 }, () => [nearlyName(random)])],
      expected: split,
    },
  ],
};

function split(name: string): { deployment: string; hash: string; suffix: string } | null {
  const [, deployment, hash, suffix] = /^([a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)-([bcdfghjklmnpqrstvwxz2456789]{1,10})-([bcdfghjklmnpqrstvwxz2456789]{5})$/.exec(name) ?? [];
  return deployment && hash && suffix ? { deployment, hash, suffix } : null;
}

const drawn = (random: Random, length: number) => Array.from({ length }, () => random.pick([...alphabet])).join('');
const deployment = (random: Random) => random.pick(['web', 'metrics-server', 'my-app-2', 'a', 'kube-state-metrics', 'api-v1']);
const realName = (random: Random) => `${deployment(random)}-${drawn(random, 8 + random.int(3))}-${drawn(random, 5)}`;

/** A real name with one thing wrong, or none. */
function nearlyName(random: Random): string {
  const name = realName(random);
  const at = name.length - 1 - random.int(5);
  return random.pick([
    () => name,
    () => name.slice(0, -1),
    () => `${name}${drawn(random, 1)}`,
    () => `${name.slice(0, at)}${random.pick([...'aeiouy013'])}${name.slice(at + 1)}`,
    () => name.replace(/-([^-]*)-([^-]*)$/, (_, hash: string, suffix: string) => `-${hash.slice(0, -1)}${random.pick([...'aeio013'])}-${suffix}`),
    () => name.replace(/-[^-]*-([^-]*)$/, '-$1'),
    () => name.toUpperCase(),
  ])();
}
