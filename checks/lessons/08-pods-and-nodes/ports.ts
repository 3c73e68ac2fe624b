import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { show } from '../../../lib/book/same.ts';
import { createCluster, type Random } from '../../../lib/index.ts';

interface ContainerCard {
  name: string;
  /** Where its server listens. */
  listens: number;
  containerPort?: number;
}
interface Call {
  /** A container of the pod, or another pod. */
  from: string;
  /** `localhost` or the pod's IP. */
  to: 'localhost' | 'pod';
  port: number;
}

export const ports: FunctionExercise = {
  id: 'pods-1',
  title: '포트의 진실',
  withholds: ['createCluster'],
  kind: 'function',
  checks: [
    {
      name: '누가 대답하는지 맞힌다',
      points: 3,
      hint: 'containerPort는 적어 두는 말일 뿐이다. 그 포트에서 정말 듣고 있는 컨테이너가 있는지 본다.',
      inputs: rounds,
      judge: (answers, containers, calls) => eachCall(answers, { containers, calls }, (call) => call.from !== 'other' || call.to === 'pod'),
    },
    {
      name: 'localhost가 누구인지 안다',
      points: 2,
      hint: '한 파드의 컨테이너는 localhost를 함께 쓴다. 다른 파드의 localhost는 그 파드 자신이고, 거기에는 아무 서버도 없다.',
      inputs: rounds,
      judge: (answers, containers, calls) => eachCall(answers, { containers, calls }, () => true),
    },
  ],
};

function eachCall(answers: unknown, { containers, calls }: { containers: ContainerCard[]; calls: Call[] }, concerns: (call: Call) => boolean): string | void {
  if (!Array.isArray(answers) || answers.length !== calls.length) return `대답한 컨테이너의 이름이나 null이 ${calls.length}개 든 목록이어야 한다: ${show(answers)}`;
  const right = rehearse(containers, calls);
  for (const [i, call] of calls.entries()) {
    if (concerns(call) && answers[i] !== right[i]) return `${call.from}에서 ${call.to === 'pod' ? '파드의 IP' : 'localhost'}:${call.port}에 건 전화에는 ${right[i] ? `${right[i]} 컨테이너가 대답한다` : '아무도 대답하지 않는다'}.`;
  }
}

const known = new Map<string, (string | null)[]>();

function rehearse(containers: ContainerCard[], calls: Call[]): (string | null)[] {
  const key = JSON.stringify([containers, calls]);
  let answers = known.get(key);
  if (!answers) known.set(key, (answers = called(containers, calls)));
  return answers;
}

/** Who answers in a real pod: each server says its container's name. */
function called(containers: ContainerCard[], calls: Call[]): (string | null)[] {
  const cluster = createCluster({ nodes: 1 });
  const image = 'registry.k8s.io/e2e-test-images/agnhost:2.53';
  const spec = { containers: containers.map(({ name, listens, containerPort }) => ({ name, image, args: ['netexec', `--http-port=${listens}`, '--udp-port=-1'], ...(containerPort && { ports: [{ containerPort }] }) })) };
  cluster.client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pod', namespace: 'default' }, spec });
  cluster.client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'other', namespace: 'default' }, spec: { containers: [{ name: 'other', image, args: ['pause'] }] } });
  cluster.advance('30s');
  const { podIP } = cluster.client.get('Pod', { namespace: 'default', name: 'pod' }).status;
  return calls.map(({ from, to, port }) => {
    const where = `http://${to === 'pod' ? podIP : 'localhost'}:${port}/hostname`;
    const { code } = cluster.kubectl.run(['exec', from === 'other' ? 'other' : 'pod', '-c', from, '--', 'curl', '-s', '--max-time', '1', where]);
    return code === 0 ? (containers.find(({ listens }) => listens === port)?.name ?? null) : null;
  });
}

/** containerPort tells the truth, another port, or nothing. */
function rounds(random: Random): [ContainerCard[], Call[]][] {
  return Array.from({ length: 3 }, () => {
    const [a, b, c] = random.shuffle([80, 3000, 7001, 8080, 8090, 9376]) as [number, number, number];
    const containers: ContainerCard[] = [
      { name: 'a', listens: a, ...(random.next() < 0.7 && { containerPort: random.pick([a, c]) }) },
      { name: 'b', listens: b, ...(random.next() < 0.5 && { containerPort: random.pick([b, c]) }) },
    ];
    const calls: Call[] = [
      { from: 'other', to: 'pod', port: a },
      { from: 'other', to: 'pod', port: c },
      { from: 'a', to: 'localhost', port: b },
      { from: 'b', to: 'localhost', port: c },
      { from: random.pick(['a', 'b']), to: 'pod', port: random.pick([a, b]) },
      { from: 'other', to: 'localhost', port: random.pick([a, b]) },
    ];
    return [containers, random.shuffle(calls)];
  });
}
