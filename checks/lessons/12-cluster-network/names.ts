import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { show } from '../../../lib/book/same.ts';
import type { Random } from '../../../lib/index.ts';
import { createCluster } from '../../../lib/index.ts';

interface ServiceCard {
  namespace: string;
  name: string;
  /** `None`: headless. */
  clusterIP: string;
  /** Addresses of ready pods. */
  endpoints: string[];
}
interface Found {
  asked: string[];
  addresses: string[];
}

export const names: FunctionExercise = {
  id: 'net-4',
  title: '이름 풀기',
  kind: 'function',
  withholds: ['createCluster'],
  checks: [
    {
      name: '짧은 이름은 제 네임스페이스의 것이다',
      points: 1,
      hint: '검색 경로의 첫째는 <제 네임스페이스>.svc.cluster.local이다.',
      inputs: (random) => rounds(random, ['short']),
      judge: (output, ...input) => judgeOne(output, input as Input, 'addresses'),
    },
    {
      name: '다른 네임스페이스의 것은 점으로 부른다',
      points: 1,
      hint: 'web.prod는 검색 경로의 둘째 svc.cluster.local을 붙였을 때 답이 온다.',
      inputs: (random) => rounds(random, ['other', 'svc']),
      judge: (output, ...input) => judgeOne(output, input as Input, 'addresses'),
    },
    {
      name: '헤드리스는 파드의 주소를 모두 준다',
      points: 1,
      hint: 'clusterIP가 None이면 준비된 파드의 주소가 답이다. 파드가 없으면 이름도 없다.',
      inputs: (random) => rounds(random, ['headless']),
      judge: (output, ...input) => judgeOne(output, input as Input, 'addresses'),
    },
    {
      name: '물어보는 차례가 맞다',
      points: 2,
      hint: '점이 다섯 개(ndots:5)보다 적으면 검색 경로를 하나씩 붙여 먼저 묻고 마지막에 적힌 그대로 묻는다. 끝에 점이 있으면 그대로 한 번만 묻는다. 답이 오면 멈춘다.',
      inputs: (random) => rounds(random, ['short', 'other', 'svc', 'full', 'dotted', 'missing', 'long']),
      judge: (output, ...input) => judgeOne(output, input as Input, 'both'),
    },
  ],
};

type Input = [name: string, namespace: string, services: ServiceCard[]];

function judgeOne(output: any, [name, namespace, services]: Input, what: 'addresses' | 'both'): string | void {
  if (!Array.isArray(output?.asked) || !Array.isArray(output?.addresses)) return `{ asked: [...], addresses: [...] } 꼴이어야 한다: ${show(output)}`;
  const right = lookedUp(name, namespace, services);
  if (show([...output.addresses].sort(), 2000) !== show([...right.addresses].sort(), 2000)) return `${namespace}의 파드가 ${josa(name, '을/를')} 부르면 ${right.addresses.length > 0 ? right.addresses.join(', ') : '답이 없다(빈 목록)'}이어야 하는데 ${show(output.addresses)}이다.`;
  if (what === 'both' && show(output.asked, 2000) !== show(right.asked, 2000)) return `${namespace}의 파드가 ${josa(name, '을/를')} 부를 때 묻는 이름은 차례로 ${right.asked.join(' ')}인데 ${show(output.asked, 400)}이다.`;
}

const known = new Map<string, Found>();

function lookedUp(name: string, namespace: string, services: ServiceCard[]): Found {
  const key = JSON.stringify([name, namespace, services]);
  let found = known.get(key);
  if (!found) known.set(key, (found = inCluster(name, namespace, services)));
  return found;
}

/** A real pod asks a real cluster; Services and their endpoints are as the cards say. */
function inCluster(name: string, namespace: string, services: ServiceCard[]): Found {
  const cluster = clusterWith(services);
  const { lookup } = cluster.trace({ from: `${namespace}/asker`, to: name });
  const questions = lookup!.questions;
  return { asked: questions.map((question) => question.name), addresses: questions.at(-1)?.records.filter((record) => !record.includes(' ')) ?? [] };
}

const clusters = new Map<string, ReturnType<typeof createCluster>>();

function clusterWith(services: ServiceCard[]): ReturnType<typeof createCluster> {
  const key = JSON.stringify(services);
  let cluster = clusters.get(key);
  if (cluster) return cluster;
  clusters.set(key, (cluster = createCluster({ nodes: 1 })));
  const { client } = cluster;
  for (const name of ['dev', 'prod']) client.create({ kind: 'Namespace', metadata: { name } });
  cluster.advance('1s');
  for (const namespace of ['dev', 'prod']) client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'asker', namespace }, spec: { containers: [{ name: 'a', image: 'busybox', command: ['sleep', 'infinity'] }] } } as never);
  for (const { namespace, name, clusterIP, endpoints } of services) {
    client.create({ apiVersion: 'v1', kind: 'Service', metadata: { namespace, name }, spec: { clusterIP, ports: [{ port: 80 }] } } as never);
    client.create({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { namespace, name: `${name}-1`, labels: { 'kubernetes.io/service-name': name } }, addressType: 'IPv4', ports: [{ name: '', port: 80, protocol: 'TCP' }], endpoints: endpoints.map((ip) => ({ addresses: [ip], conditions: { ready: true } })) } as never);
  }
  cluster.advance('10s');
  return cluster;
}

type Way = 'short' | 'other' | 'svc' | 'full' | 'dotted' | 'missing' | 'long' | 'headless';

/** The same name in both namespaces, one headless service, one that nobody is behind. */
function servicesOf(random: Random): ServiceCard[] {
  const [shared, own, direct, empty] = random.shuffle(['web', 'db', 'api', 'cache', 'queue']) as [string, string, string, string];
  const pods = (count: number) => Array.from({ length: count }, () => `10.244.${1 + random.int(3)}.${2 + random.int(250)}`);
  const ip = (third: number) => `10.96.${third}.${1 + random.int(250)}`;
  return [
    { namespace: 'dev', name: shared, clusterIP: ip(10), endpoints: pods(1) },
    { namespace: 'prod', name: shared, clusterIP: ip(11), endpoints: pods(2) },
    { namespace: 'prod', name: own, clusterIP: ip(12), endpoints: pods(1) },
    { namespace: random.pick(['dev', 'prod']), name: direct, clusterIP: 'None', endpoints: [...new Set(pods(3))] },
    { namespace: random.pick(['dev', 'prod']), name: empty, clusterIP: 'None', endpoints: [] },
  ];
}

function rounds(random: Random, ways: readonly Way[]): unknown[][] {
  return Array.from({ length: 2 }, () => servicesOf(random)).flatMap((services) => ways.flatMap((way) => Array.from({ length: ways.length > 2 ? 2 : 8 }, () => [...nameOf(random, way, services), services])));
}

function nameOf(random: Random, way: Way, services: readonly ServiceCard[]): [name: string, namespace: string] {
  const asking = random.pick(['dev', 'prod']);
  const card = random.pick(way === 'headless' ? services.slice(3) : services);
  const full = `${card.name}.${card.namespace}.svc.cluster.local`;
  switch (way) {
    case 'short':
      return [card.name, asking];
    case 'svc':
      return [`${card.name}.${card.namespace}.svc`, asking];
    case 'full':
      return [full, asking];
    case 'dotted':
      return [`${full}.`, asking];
    case 'missing':
      return [random.pick(['nobody', 'nobody.prod', 'web.staging']), asking];
    case 'long':
      return ['a.b.c.d.e.example', asking];
    default:
      return [`${card.name}.${card.namespace}`, asking];
  }
}
