import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';

/** `--pod-network-cidr`, the size of a node's range, an address. */
type Question = [cluster: string, mask: number, ip: string];

interface Shares {
  nodes: number;
  addresses: number;
  range: string | null;
}

const toNumber = (ip: string) => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const toText = (n: number) => [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join('.');

function shares(...[cluster, mask, ip]: Question): Shares {
  const [base = '', bits = ''] = cluster.split('/');
  const [first, address, addresses] = [toNumber(base), toNumber(ip), 2 ** (32 - mask)];
  const inside = address >= first && address < first + 2 ** (32 - Number(bits));
  return { nodes: 2 ** (mask - Number(bits)), addresses, range: inside ? `${toText(Math.floor(address / addresses) * addresses)}/${mask}` : null };
}

/** A range below 10.0.0.0/8 of so many bits. */
function rangeOf(random: Random, bits: number): string {
  const size = 2 ** (32 - bits);
  return `${toText(toNumber('10.0.0.0') + random.int(2 ** (bits - 8)) * size)}/${bits}`;
}

function inside(random: Random, cluster: string): string {
  const [base = '', bits = ''] = cluster.split('/');
  return toText(toNumber(base) + random.int(2 ** (32 - Number(bits))));
}

function questions(random: Random, sizes: readonly [bits: number, mask: number][]): Question[] {
  return sizes.map(([bits, mask]) => {
    const cluster = rangeOf(random, bits);
    return [cluster, mask, inside(random, cluster)];
  });
}

const tells = (...[cluster, mask, ip]: Question) => `--pod-network-cidr=${cluster}, 노드마다 /${mask}, 파드 ${ip}`;

export const ranges: FunctionExercise = {
  id: 'kubeadm-4',
  title: '/16을 /24로',
  kind: 'function',
  checks: [
    {
      name: '노트의 10.244.0.0/16을 나눈다',
      points: 1,
      hint: '노드의 수는 2를 (24-16)번 곱한 것이고, 한 노드의 주소는 2를 (32-24)번 곱한 것이다.',
      inputs: (random) => [0, 1, 2].map(() => ['10.244.0.0/16', 24, inside(random, '10.244.0.0/16')]),
      expected: shares,
      tells,
    },
    {
      name: '다른 크기로도 나눈다',
      points: 2,
      hint: '16과 24를 적어 두지 않는다. 노드의 대역이 점에서 끊기지 않을 수도 있다: /26이면 64개씩이다.',
      inputs: (random) => questions(random, [[12, 24], [16, 26], [20, 24], [18, 23], [22, 27]]),
      expected: shares,
      tells,
    },
    {
      name: '대역 밖의 주소는 null이다',
      points: 2,
      hint: '10.24.1.5가 10.244.0.0/16에 든다고 하면 안 된다. 글이 아니라 수로 견준다.',
      inputs: () => [['10.244.0.0/16', 24, '10.24.1.5'], ['10.244.0.0/16', 24, '10.245.0.0'], ['10.244.0.0/16', 24, '10.243.255.255'], ['10.0.64.0/18', 24, '10.0.128.1'], ['10.0.64.0/18', 24, '10.0.127.255']],
      expected: shares,
      tells,
    },
  ],
};
