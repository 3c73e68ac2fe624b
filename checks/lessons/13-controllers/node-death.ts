import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { show } from '../../../lib/book/same.ts';
import { createCluster, type Node, type Random } from '../../../lib/index.ts';

interface Times {
  /** Seconds after the power went. */
  unknown: number;
  evicted: number;
}
type Death = ['v1.20' | 'v1.33', number, number?];

/** The node monitor looks at the nodes so often (seconds): nobody outside knows when. */
const period = 5;
/** What is measured lies in the middle between two looks; one second more for rounded answers and the taint's beat. */
const tolerance = period / 2 + 1;

export const nodeDeath: FunctionExercise = {
  id: 'controllers-6',
  title: '노드가 죽은 뒤',
  withholds: ['createCluster'],
  kind: 'function',
  checks: [
    {
      name: '노드가 언제 Unknown이 되는지 맞힌다',
      points: 3,
      hint: '참는 시간은 마지막 소식에서 센다. 전원이 나갔을 때 그 소식은 이미 since초 전의 것이었으니 그만큼 일찍 끝난다. 참는 시간은 버전에 따라 다르다.',
      inputs: deaths,
      judge: (answer, ...death) => close(answer, death as Death, 'unknown'),
    },
    {
      name: '파드가 언제 쫓겨나는지 맞힌다',
      points: 3,
      hint: 'Unknown이 된 다음번 둘러볼 때 NoExecute 테인트가 붙고, 그때부터 톨러레이션만큼 더 기다린다. 적지 않은 파드에는 300초가 달린다.',
      inputs: deaths,
      judge: (answer, ...death) => close(answer, death as Death, 'evicted'),
    },
  ],
};

function close(answer: any, death: Death, what: keyof Times): string | void {
  if (typeof answer?.[what] !== 'number' || Number.isNaN(answer[what])) return `{ unknown, evicted }를 초로 돌려줘야 하는데 ${josa(show(answer), '을/를')} 돌려줬다.`;
  const [version, since, tolerationSeconds] = death;
  const right = rehearse(death)[what];
  if (Math.abs(right - answer[what]) <= tolerance) return;
  const pod = tolerationSeconds === undefined ? '' : `, tolerationSeconds가 ${tolerationSeconds}인 파드`;
  return `${version}, 마지막 소식이 ${since}초 전${pod}: ${what}의 값은 ${Math.round(right)}초쯤이어야 하는데 ${josa(answer[what], '을/를')} 돌려줬다.`;
}

const known = new Map<string, Times>();

function rehearse(death: Death): Times {
  const key = JSON.stringify(death);
  let times = known.get(key);
  if (!times) known.set(key, (times = died(death, delayOf(death[0]))));
  return times;
}

const delays = new Map<string, number>();

/** A kubelet that starts so much later reports so much later: its reports fall in the middle between two looks. */
function delayOf(version: Death[0]): number {
  let delay = delays.get(version);
  if (delay === undefined) {
    const tried = [0, 1000, 2000, 3000, 4000].map((one) => ({ delay: one, unknown: died([version, 0, 0], one).unknown }));
    delays.set(version, (delay = tried.sort((a, b) => a.unknown - b.unknown)[2]!.delay));
  }
  return delay;
}

/** Seconds between two samples. */
const step = 0.5;

/** A node whose power goes so long after its last report, and what happens then. */
function died([version, since, tolerationSeconds]: Death, delay: number): Times {
  const cluster = createCluster({ nodes: 1, version });
  cluster.fault.crash('kubelet', 'worker-1');
  cluster.advance(delay);
  cluster.fault.start('kubelet', 'worker-1');
  const tolerations = tolerationSeconds === undefined ? undefined : [{ key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds }];
  cluster.client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'app', namespace: 'default' }, spec: { tolerations, containers: [{ name: 'app', image: 'nginx' }] } });
  cluster.advance('1m');
  const renewed = () => cluster.client.get('Lease', { namespace: 'kube-node-lease', name: 'worker-1' }).spec.renewTime;
  for (const before = renewed(); renewed() === before; ) cluster.advance(200);
  cluster.advance(since * 1000);
  cluster.fault.powerOff('worker-1');
  const isUnknown = ({ status }: Node) => status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'Unknown');
  const times: Partial<Times> = {};
  for (let second = 0; second < 900 && times.evicted === undefined; second += step) {
    if (isUnknown(cluster.client.get('Node', { name: 'worker-1' }))) times.unknown ??= second;
    if (cluster.client.find('Pod', { namespace: 'default', name: 'app' })?.metadata.deletionTimestamp) times.evicted = second;
    cluster.advance(step * 1000);
  }
  return { unknown: times.unknown ?? Infinity, evicted: times.evicted ?? Infinity };
}

/** A report is never much older than ten seconds. An old one shows whether it was reckoned with. */
function deaths(random: Random): Death[] {
  const versions = ['v1.20', 'v1.33'] as const;
  return versions.flatMap((version): Death[] => [
    [version, random.pick([0, 1, 2, 3])],
    [version, random.pick([7, 8, 9]), random.pick([30, 60, 120])],
  ]);
}
