import { type After, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { show } from '../../../lib/book/same.ts';
import type { PolicyEngine, Random } from '../../../lib/index.ts';
import { type Attempt, decide, type NetworkPolicy, type PeerPod } from '../../../lib/network/index.ts';
import { makePod, reaches } from './probes.ts';

type Question = Parameters<PolicyEngine>[0];
interface Given {
  questions: Question[];
  pods: string[];
  /** Who reaches whom with the built-in judge. */
  right: boolean[];
}
interface Story {
  answers: unknown[];
  reached: boolean[];
}

const expected = ({ direction, policies, ...attempt }: Question): boolean => decide(direction, attempt, policies)?.allowed !== false;
const has = ({ policies }: Question, what: (text: string) => boolean) => policies.some((policy) => what(JSON.stringify(policy.spec)));

export const judge: ClusterExercise = {
  id: 'net-6',
  title: '정책 판정기',
  kind: 'component',
  withholds: ['createCluster'],
  cluster: { nodes: 2, network: 'calico' },
  async start({ cluster, random }): Promise<Given> {
    for (const [name, team] of [['dev', 'red'], ['prod', 'blue']] as const) cluster.client.create({ kind: 'Namespace', metadata: { name, labels: { team } } });
    cluster.advance('1s');
    const pods = ['dev/a', 'dev/b', 'prod/a', 'prod/b', 'prod/c'];
    for (const pod of pods) makePod(cluster, pod, labelsOf(random));
    for (let i = 0; i < 3; i++) cluster.client.create(policyOf(random, { name: `p${i}`, namespace: random.pick(['dev', 'prod']), ports: true, blocks: true }));
    cluster.advance('30s');
    const right = pairs(pods).map(([from, to]) => reaches(cluster, from, { to }));
    const kinds: Kinds[] = [{ ports: false, blocks: false }, { ports: false, blocks: true }, { ports: true, blocks: true }];
    return { questions: kinds.flatMap((kind) => Array.from({ length: 150 }, () => questionOf(random, kind))), pods, right };
  },
  perform({ cluster, given }, answer: PolicyEngine): Story {
    const { questions, pods } = given as Given;
    const answers: unknown[] = questions.map((question) => answer(structuredClone(question)));
    if (answers.some((one) => one instanceof Promise)) throw new TypeError('판정기는 그 자리에서 답한다. 함수에서 async를 뺀다.');
    cluster.policyEngine(answer);
    return { answers, reached: pairs(pods).map(([from, to]) => reaches(cluster, from, { to })) };
  },
  checks: [
    {
      name: '고르는 정책이 없으면 막지 않는다',
      points: 1,
      hint: '정책이 골라야 격리된다. ingress를 물을 때는 받는 파드(to), egress를 물을 때는 보내는 파드(from)를 고르는지 본다. 그 방향이 policyTypes에 없는 정책은 세지 않는다.',
      run: (after) => judged(after, (question) => decide(question.direction, question, question.policies) === undefined),
    },
    {
      name: '규칙의 상대를 가린다',
      points: 2,
      hint: 'from(이나 to)의 한 칸에 podSelector와 namespaceSelector가 함께 있으면 "그리고"다. 칸과 칸 사이는 "또는"이다. podSelector만 있으면 정책과 같은 네임스페이스의 파드다. from이 없으면 누구나다.',
      run: (after) => judged(after, (question) => !has(question, (text) => text.includes('ports') || text.includes('ipBlock'))),
    },
    {
      name: 'ipBlock과 except를 읽는다',
      points: 1,
      hint: 'cidr 안에 있고 except의 어느 것에도 없는 주소다. 파드의 주소도 주소다.',
      run: (after) => judged(after, (question) => has(question, (text) => text.includes('ipBlock')) && !has(question, (text) => text.includes('ports'))),
    },
    {
      name: '포트를 읽는다',
      points: 2,
      hint: 'protocol이 없으면 TCP다. port가 없으면 모든 포트, endPort가 있으면 그 사이, 글이면 받는 파드의 containerPort 이름이다. ports가 없으면 모든 포트다.',
      run: (after) => judged(after, () => true),
    },
    {
      name: '클러스터에서 진짜 판정기와 같다',
      points: 2,
      hint: '한 연결은 보내는 쪽의 이그레스와 받는 쪽의 인그레스를 모두 지나야 한다. 방향마다 따로 부른다.',
      run({ result, given }) {
        const { pods, right } = given as Given;
        const { reached, answers } = result as Story;
        if (!answers.includes(false)) wrong('한 번도 막지 않았다.');
        pairs(pods).forEach(([from, to], i) => {
          if (reached[i] !== right[i]) wrong(`${from} → ${to}: ${right[i] ? '닿아야 하는데 닿지 않는다.' : '막혀야 하는데 닿는다.'}`);
        });
      },
    },
  ],
};

const pairs = (pods: readonly string[]) => pods.flatMap((from) => pods.filter((to) => to !== from).map((to) => [from, to] as const));

function judged({ result, given }: After, concerns: (question: Question) => boolean): void {
  const { questions } = given as Given;
  const { answers } = result as Story;
  questions.forEach((question, i) => {
    if (!concerns(question)) return;
    const right = expected(question);
    if (answers[i] !== right) wrong(`${question.direction} ${end(question.from)} → ${end(question.to)}:${question.port}/${question.protocol}, 정책 ${show(question.policies.map(({ metadata, spec }) => ({ namespace: metadata.namespace, ...spec })), 600)}: ${right}이어야 하는데 ${show(answers[i])}이다.`);
  });
}

const end = ({ ip, pod }: Attempt['from']) => (pod ? `${pod.namespace}의 파드 ${show(pod.labels)}(${ip})` : ip);

const apps = ['web', 'db', 'front'];
const labelsOf = (random: Random): Record<string, string> => ({ app: random.pick(apps), ...(random.int(2) && { role: 'admin' }) });
const selectorOf = (random: Random) => random.pick([{}, { matchLabels: { app: random.pick(apps) } }, { matchLabels: { role: 'admin' } }, { matchLabels: { app: random.pick(apps), role: 'admin' } }]);
const spaceOf = (random: Random) => random.pick([{}, { matchLabels: { team: random.pick(['red', 'blue']) } }]);

/** What the rules are about beside pods and namespaces. */
interface Kinds {
  ports: boolean;
  blocks: boolean;
}

function peerOf(random: Random, blocks: boolean): object {
  switch (blocks && random.int(2) ? 0 : 1 + random.int(4)) {
    case 0:
      return { ipBlock: { cidr: random.pick(['10.244.0.0/16', '10.244.1.0/24', '0.0.0.0/0']), ...(random.int(4) && { except: [`10.244.1.${random.pick(['0/25', '128/25', '64/26'])}`] }) } };
    case 1:
      return { namespaceSelector: spaceOf(random) };
    case 2:
      return { namespaceSelector: spaceOf(random), podSelector: selectorOf(random) };
    default:
      return { podSelector: selectorOf(random) };
  }
}

function portOf(random: Random): object {
  const protocol = random.int(3) ? {} : { protocol: random.pick(['TCP', 'UDP']) };
  return random.pick([{ ...protocol, port: 8080 }, { ...protocol, port: 8000, endPort: random.pick([8079, 8080, 9000]) }, { ...protocol, port: 'http' }, { ...protocol }]);
}

function policyOf(random: Random, { name, namespace, ports: withPorts, blocks }: Kinds & { name: string; namespace: string }): NetworkPolicy {
  const many = <T>(most: number, make: () => T): T[] => Array.from({ length: random.int(most + 1) }, make);
  const rule = (side: 'from' | 'to') => {
    const [ports, peers] = [withPorts ? many(2, () => portOf(random)) : [], random.int(withPorts ? 2 : 6) ? [peerOf(random, blocks), ...many(1, () => peerOf(random, blocks))] : []];
    return { ...(ports.length > 0 && { ports }), ...(peers.length > 0 && { [side]: peers }) };
  };
  const policyTypes = random.pick([['Ingress'], ['Egress'], ['Ingress', 'Egress']]);
  const [ingress, egress] = [many(2, () => rule('from')), many(2, () => rule('to'))];
  const spec = { podSelector: random.int(2) ? {} : selectorOf(random), policyTypes, ...(policyTypes.includes('Ingress') && { ingress }), ...(policyTypes.includes('Egress') && { egress }) };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec } as unknown as NetworkPolicy;
}

/** One rule with one peer or one port: what it says is what is decided. */
function sharpPolicy(random: Random, { direction, namespace, ports, blocks }: Kinds & { direction: 'ingress' | 'egress'; namespace: string }): NetworkPolicy {
  const side = direction === 'ingress' ? 'from' : 'to';
  const rule = ports ? { ports: [random.int(2) ? portOf(random) : { port: 'http', ...(random.int(2) && { protocol: random.pick(['TCP', 'UDP']) }) }] } : { [side]: [peerOf(random, blocks)] };
  const spec = { podSelector: {}, policyTypes: [direction === 'ingress' ? 'Ingress' : 'Egress'], [direction]: [rule] };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'sharp', namespace }, spec } as unknown as NetworkPolicy;
}

function questionOf(random: Random, kinds: Kinds): Question {
  const pod = (): { ip: string; pod: PeerPod } => {
    const namespace = random.pick(['dev', 'prod']);
    return { ip: `10.244.${random.pick([0, 1, 1, 1])}.${2 + random.int(250)}`, pod: { namespace, name: `pod-${random.suffix(4)}`, labels: labelsOf(random), namespaceLabels: { team: namespace === 'dev' ? 'red' : 'blue' }, ports: random.int(2) ? [{ name: 'http', containerPort: random.pick([80, 8080]), protocol: random.pick(['TCP', 'TCP', 'UDP']) }] : [] } };
  };
  const direction = random.pick(['ingress', 'egress'] as const);
  const outside = { ip: random.pick(['10.0.0.11', '203.0.113.7']) };
  const [subject, other]: [Attempt['from'], Attempt['from']] = [pod(), random.int(6) ? pod() : outside];
  const policies = random.int(2) ? [sharpPolicy(random, { direction, namespace: subject.pod!.namespace, ...kinds })] : Array.from({ length: random.pick([0, 1, 1, 2, 3]) }, (_, i) => policyOf(random, { name: `p${i}`, namespace: subject.pod!.namespace, ...kinds }));
  const ends = direction === 'ingress' ? { from: other, to: subject } : { from: subject, to: other };
  // Often a port that one of the two has a name for: whose name counts is what a rule is about.
  const named = [subject, other].flatMap((one) => one.pod?.ports.map(({ containerPort }) => containerPort) ?? []);
  return { direction, ...ends, protocol: random.pick(['TCP', 'TCP', 'UDP'] as const), port: random.pick([80, 8080, 8500, ...named, ...named]), policies };
}
