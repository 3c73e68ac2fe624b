import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';

interface Layer {
  digest: string;
  mb: number;
}

export const pulls: FunctionExercise = {
  id: 'images-3',
  title: '몇 MB를 받나',
  kind: 'function',
  checks: [
    {
      name: '없는 레이어만 받는다',
      points: 2,
      hint: '레이어는 이름이 아니라 다이제스트로 알아본다. local에 있는 것은 받지 않는다.',
      inputs: (random) => [[[[a, b, c]], []], [[[a, b, c]], [a.digest, b.digest, c.digest]], [[[a, b, c]], [a.digest]], ...Array.from({ length: 8 }, () => [[image(random)], local(random)])],
      expected: megabytes,
    },
    {
      name: '앞에서 받은 것은 뒤에서 받지 않는다',
      points: 2,
      hint: '한 이미지를 받고 나면 그 레이어도 local에 있는 셈이다. v1 다음의 v2는 달라진 레이어만 받는다.',
      inputs: (random) => [[[[a, b, c], [a, b, { digest: 'C2', mb: 7 }]], []], ...Array.from({ length: 12 }, () => [Array.from({ length: 2 + random.int(3) }, () => image(random)), local(random)])],
      expected: megabytes,
    },
    {
      name: '한 이미지에 두 번 든 레이어는 한 번 받는다',
      points: 1,
      hint: '빈 레이어처럼 같은 내용이 한 이미지에 여러 번 들어 있기도 하다.',
      inputs: (random) => [[[[a, b, a]], []], ...Array.from({ length: 6 }, () => [[[...image(random), ...image(random)]], []])],
      expected: megabytes,
    },
  ],
};

const [a, b, c] = [{ digest: 'A', mb: 28 }, { digest: 'B', mb: 100 }, { digest: 'C', mb: 5 }];
const pool: Layer[] = [a, b, c, { digest: 'C2', mb: 7 }, { digest: 'D', mb: 64 }, { digest: 'E', mb: 3 }, { digest: 'F', mb: 250 }];
const image = (random: Random): Layer[] => pool.filter(() => random.next() < 0.5);
const local = (random: Random): string[] => pool.filter(() => random.next() < 0.3).map(({ digest }) => digest);

function megabytes(images: Layer[][], local: string[]): number[] {
  const here = new Set(local);
  return images.map((layers) => {
    let sum = 0;
    for (const { digest, mb } of layers) {
      if (!here.has(digest)) sum += mb;
      here.add(digest);
    }
    return sum;
  });
}
