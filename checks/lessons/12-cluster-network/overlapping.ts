import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { show } from '../../../lib/book/same.ts';
import type { Random } from '../../../lib/index.ts';
import { around, meet, numberOf, type Range, rangeOf, within } from './cidr.ts';

interface Answer {
  overlaps(a: string, b: string): unknown;
  plan(lans: string[]): unknown;
}

const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((cidr) => rangeOf(cidr)!);

export const overlapping: FunctionExercise = {
  id: 'net-2',
  title: '겹치는 대역',
  kind: 'function',
  checks: [
    {
      name: '겹치는지 안다',
      points: 2,
      hint: '대역은 첫 주소부터 2^(32-길이)개다. 두 대역은 서로의 안에 있거나 아무 상관이 없다. 어느 쪽이 큰지는 모른다.',
      inputs: (random) => pairs(random, false),
      drive: (answer: Answer, a: string, b: string) => answer.overlaps(a, b),
      expected: overlap,
    },
    {
      name: '대역 가운데의 주소로 적혀 있어도 안다',
      points: 1,
      hint: '10.244.7.9/16은 10.244.0.0/16과 같은 대역이다. 길이 밖의 비트는 버린다.',
      inputs: (random) => pairs(random, true),
      drive: (answer: Answer, a: string, b: string) => answer.overlaps(a, b),
      expected: overlap,
    },
    {
      name: '아무것과도 겹치지 않는 계획을 세운다',
      points: 3,
      hint: '쓸 수 있는 것은 사설 대역(10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16)이다. 후보를 차례로 놓고 overlaps로 거른다. 파드와 서비스끼리도 겹치면 안 된다.',
      inputs: (random) => [[['192.168.0.0/24']], [['10.244.0.0/16', '10.96.0.0/12']], ...Array.from({ length: 30 }, () => [lansOf(random)])],
      drive: (answer: Answer, lans: string[]) => answer.plan(lans),
      judge: judgePlan,
    },
  ],
};

function overlap(a: string, b: string): boolean {
  return meet(rangeOf(a)!, rangeOf(b)!);
}

function pairs(random: Random, loose: boolean): unknown[][] {
  return Array.from({ length: 60 }, () => {
    const ip = numberOf(`10.${random.int(3)}.${random.int(256)}.${random.int(256)}`);
    // Near the first one: neighbours differ in one bit only.
    const other = random.int(2) ? ip : Math.abs(ip + (random.int(2) ? 1 : -1) * 2 ** random.int(20));
    const length = () => 8 + random.int(25);
    return random.shuffle([around(ip, length(), { random, loose }), around(other, length(), { random, loose })]);
  });
}

/** What a company may have: with the ranges that everybody proposes among them. */
function lansOf(random: Random): string[] {
  const common = ['10.244.0.0/16', '10.96.0.0/12', '10.96.0.0/16', '172.17.0.0/16', '192.168.0.0/16', '10.0.0.0/16', '172.16.0.0/13', '10.128.0.0/9', '10.0.0.0/9'];
  return random.shuffle(common).slice(0, 1 + random.int(4));
}

function judgePlan(output: any, lans: string[]): string | void {
  const [pods, services] = [rangeOf(output?.pods), rangeOf(output?.services)];
  if (!pods || !services) return `{ pods: '…/16', services: '…' } 꼴이어야 한다: ${show(output)}`;
  if (pods.count < 65_536) return `LAN이 ${show(lans)}일 때 pods가 ${output.pods}이다. 노드마다 /24를 줄 수 있게 /16이거나 더 커야 한다.`;
  if (services.count < 256) return `LAN이 ${show(lans)}일 때 services가 ${output.services}이다. 서비스 주소가 256개는 있어야 한다(/24).`;
  const taken: [string, Range][] = lans.map((lan) => [`LAN ${lan}`, rangeOf(lan)!]);
  for (const [name, cidr, range, others] of [['pods', output.pods, pods, taken], ['services', output.services, services, [...taken, [`pods ${output.pods}`, pods] as [string, Range]]]] as const) {
    if (!privateRanges.some((one) => within(range, one))) return `${name} ${josa(cidr, '은/는')} 사설 대역이 아니다.`;
    const clash = others.find(([, other]) => meet(range, other));
    if (clash) return `LAN이 ${show(lans)}일 때 ${name} ${josa(cidr, '이/가')} ${josa(clash[0], '과/와')} 겹친다.`;
  }
}
