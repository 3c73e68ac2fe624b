import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';

export interface Numbers {
  nodeIPs: string[];
  podIPs: string[];
  clusterIP: string;
  port: number;
  targetPort: number;
  nodePort: number;
}

const numbersOf = (random: Random): Numbers => {
  const targetPort = random.pick([8080, 9376, 3000]);
  return {
    nodeIPs: ['10.0.0.11', '10.0.0.12', '10.0.0.13'],
    podIPs: Array.from({ length: 1 + random.int(3) }, (_, i) => `10.244.${1 + i}.${2 + random.int(200)}`),
    clusterIP: `10.96.${random.int(256)}.${1 + random.int(254)}`,
    // Sometimes a Service listens on the same number as its pods.
    port: random.pick([80, 8000, targetPort]),
    targetPort,
    nodePort: 30_000 + random.int(2768),
  };
};

/** A node port on every node, the target port on pods, the Service's own on its cluster IP: nothing else listens. */
export function answers(ip: string, port: number, { nodeIPs, podIPs, clusterIP, ...ports }: Numbers): boolean {
  if (nodeIPs.includes(ip)) return port === ports.nodePort;
  if (podIPs.includes(ip)) return port === ports.targetPort;
  return ip === clusterIP && port === ports.port;
}

const pairs = (random: Random, addresses: (numbers: Numbers) => string[]) =>
  Array.from({ length: 12 }, () => {
    const numbers = numbersOf(random);
    return [random.pick(addresses(numbers)), random.pick([numbers.port, numbers.targetPort, numbers.nodePort, 22]), numbers];
  });

export const fourPorts: FunctionExercise = {
  id: 'services-1',
  title: '네 개의 주소, 네 개의 포트',
  kind: 'function',
  checks: [
    { name: '노드의 주소를 안다', points: 2, hint: '노드의 주소에서 기다리는 것은 하나뿐이다. 파드가 그 노드에 없어도 그렇다.', inputs: (random) => pairs(random, ({ nodeIPs }) => nodeIPs), expected: answers },
    { name: '파드의 주소를 안다', points: 2, hint: '파드 안의 프로그램은 서비스도 노드 포트도 모른다. 자기가 연 포트에서만 기다린다.', inputs: (random) => pairs(random, ({ podIPs }) => podIPs), expected: answers },
    { name: '클러스터 IP와 낯선 주소를 안다', points: 1, hint: '클러스터 IP에는 서비스의 port만 있다. 누구의 것도 아닌 주소에는 아무것도 없다.', inputs: (random) => pairs(random, ({ clusterIP }) => [clusterIP, clusterIP, '10.96.255.255']), expected: answers },
  ],
};
