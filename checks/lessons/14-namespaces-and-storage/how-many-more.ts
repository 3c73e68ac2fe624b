import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { show } from '../../../lib/book/same.ts';
import { createCluster, type Random } from '../../../lib/index.ts';

/** CPU in millicores, memory in MiB. */
interface Amounts {
  cpu?: number;
  memory?: number;
}
interface Question {
  hard: Record<string, number>;
  used: Record<string, number>;
  limitRange: { default: Amounts; defaultRequest: Amounts };
  containers: { requests: Amounts; limits: Amounts }[];
}
interface Answer {
  more: number;
  because: string[];
}

export const howManyMore: FunctionExercise = {
  id: 'ns-2',
  title: '몇 개 더 뜰까',
  withholds: ['createCluster'],
  kind: 'function',
  checks: [
    {
      name: '적힌 대로 센다',
      points: 3,
      hint: '이름마다 (hard - used)를 파드 하나가 쓰는 양으로 나눠 내리고, 가장 작은 것이 답이다. 쿼터에 없는 이름은 막지 않는다.',
      inputs: (random) => Array.from({ length: 8 }, () => [question(random, 'said')]),
      tells,
      judge: (answer: Answer, q: Question) => judge(answer, q),
    },
    {
      name: '적지 않은 것은 LimitRange가 채운다',
      points: 2,
      hint: '컨테이너마다 요청은 defaultRequest로, 한도는 default로 채운다. 적힌 것은 그대로 둔다.',
      inputs: (random) => Array.from({ length: 8 }, () => [question(random, 'silent')]),
      tells,
      judge: (answer: Answer, q: Question) => judge(answer, q),
    },
    {
      name: '한도만 적은 것의 요청을 안다',
      points: 2,
      hint: 'API 서버는 LimitRange보다 먼저 기본값을 채운다: 한도만 적은 컨테이너의 요청은 무엇과 같을까? 파드를 하나 만들고 -o yaml로 본다.',
      inputs: (random) => Array.from({ length: 8 }, () => [question(random, 'limits')]),
      tells,
      judge: (answer: Answer, q: Question) => judge(answer, q),
    },
    {
      name: '다음 파드를 막는 이름을 안다',
      points: 1,
      hint: '남은 것이 파드 하나가 쓰는 양보다 적은 이름을 모두 적는다. 거절의 requested에 나오는 이름들이다.',
      inputs: (random) => Array.from({ length: 8 }, () => [question(random, 'brim')]),
      tells,
      judge: (answer: Answer, q: Question) => judge(answer, q, true),
    },
  ],
};

function tells(q: Question): string {
  return `입력\n${Object.entries(q).map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join('\n')}`;
}

function judge(answer: Answer, q: Question, names = false): string | void {
  const right = answerOf(q);
  if (answer?.more !== right.more) return `more는 ${right.more}인데 ${show(answer?.more)}이다.`;
  if (names && show(answer.because) !== show(right.because)) return `because는 ${show(right.because)}인데 ${show(answer.because)}이다.`;
}

type Style = 'said' | 'silent' | 'limits' | 'brim';

function question(random: Random, style: Style): Question {
  const cpu = () => 50 * (1 + random.int(8));
  const memory = () => 32 * (1 + random.int(8));
  const limitRange = { default: { cpu: 400 + cpu(), memory: 256 + memory() }, defaultRequest: { cpu: cpu(), memory: memory() } };
  const containers = Array.from({ length: 1 + random.int(2) }, () => container(style, { cpu, memory, random }));
  const hard: Record<string, number> = { pods: 3 + random.int(12), 'requests.cpu': 1000 + 100 * random.int(20), 'limits.memory': 1024 + 128 * random.int(20) };
  if (random.next() < 0.5) hard['requests.memory'] = 512 + 64 * random.int(30);
  if (random.next() < 0.5) hard['limits.cpu'] = 2000 + 100 * random.int(30);
  const used = Object.fromEntries(Object.entries(hard).map(([name, most]) => [name, name === 'pods' ? random.int(3) : 50 * random.int(Math.floor(most / 100))]));
  const q = { hard, used, limitRange, containers };
  return style === 'brim' ? toTheBrim(q, random) : q;
}

type Draw = { cpu(): number; memory(): number; random: Random };

function container(style: Style, { cpu, memory, random }: Draw): Question['containers'][number] {
  const limits = { cpu: 400 + cpu(), memory: 256 + memory() };
  if (style === 'silent') return random.next() < 0.6 ? { requests: {}, limits: {} } : { requests: { cpu: cpu() }, limits: {} };
  if (style === 'limits') return random.next() < 0.7 ? { requests: {}, limits } : { requests: { cpu: cpu() }, limits: { memory: limits.memory } };
  return { requests: { cpu: cpu(), memory: memory() }, limits };
}

/** Two names run out at the same pod, and one more by the least. */
function toTheBrim(q: Question, random: Random): Question {
  const need = needOf(q.containers);
  const fits = 1 + random.int(4);
  const hard: Record<string, number> = { ...q.hard, pods: q.used['pods']! + fits + random.int(2) };
  for (const name of ['requests.cpu', 'limits.memory']) hard[name] = q.used[name]! + need[name]! * fits + random.int(2) * (need[name]! - 1);
  return { ...q, hard };
}

function needOf(containers: Question['containers']): Record<string, number> {
  const sum = (part: 'requests' | 'limits', name: keyof Amounts) => containers.reduce((all, one) => all + (one[part][name] ?? 0), 0);
  return { 'requests.cpu': sum('requests', 'cpu'), 'limits.memory': sum('limits', 'memory') };
}

const known = new Map<string, Answer>();

/** What a real API server does with one such pod after the other. */
function answerOf(q: Question): Answer {
  const key = JSON.stringify(q);
  let answer = known.get(key);
  if (!answer) known.set(key, (answer = tried(q)));
  return answer;
}

const text = (name: string, amount: number) => (name === 'pods' ? String(amount) : name.endsWith('cpu') ? `${amount}m` : `${amount}Mi`);
const quantities = (list: Record<string, number>) => Object.fromEntries(Object.entries(list).map(([name, amount]) => [name, text(name, amount)]));
const amounts = (list: Amounts) => quantities(list as Record<string, number>);

function tried({ hard, used, limitRange, containers }: Question): Answer {
  const { client } = createCluster({ nodes: 0, controllers: false, kubelets: false, scheduler: false, controlPlaneNode: false });
  client.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } });
  const quota = client.create({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'share', namespace: 'default' }, spec: { hard: quantities(hard) } });
  client.updateStatus(quota, { hard: quantities(hard), used: quantities(used) });
  const item = { type: 'Container', default: amounts(limitRange.default), defaultRequest: amounts(limitRange.defaultRequest) };
  client.create({ apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'sizes', namespace: 'default' }, spec: { limits: [item] } });
  const spec = { containers: containers.map(({ requests, limits }, i) => ({ name: `c${i}`, image: 'nginx', resources: { requests: amounts(requests), limits: amounts(limits) } })) };
  for (let more = 0; ; more++) {
    try {
      client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: `pod-${more}`, namespace: 'default' }, spec });
    } catch (error) {
      const requested = /requested: (\S+), used:/.exec((error as Error).message)?.[1];
      if (!requested) throw error;
      return { more, because: requested.split(',').map((pair) => pair.split('=')[0]!) };
    }
  }
}
