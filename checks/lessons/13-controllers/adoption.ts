import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { show } from '../../../lib/book/same.ts';
import { createCluster, type Random } from '../../../lib/index.ts';

interface PodCard {
  app: string;
  /** Whose pod it is; null: nobody's. */
  owner: string | null;
  phase: 'Running' | 'Failed';
  /** It is being deleted. */
  going: boolean;
}
interface Counts {
  adopted: number;
  created: number;
  deleted: number;
}

export const adoption: FunctionExercise = {
  id: 'controllers-1',
  title: '입양은 몇 개',
  withholds: ['createCluster'],
  kind: 'function',
  checks: [
    {
      name: '몇을 입양하는지 맞힌다',
      points: 2,
      hint: '입양되려면 레이블이 맞고, 주인이 없고, 살아 있어야 한다. 끝났거나(Failed) 삭제되는 중인 파드는 세지 않는다.',
      inputs: starts,
      tells,
      judge: (answer, ...input) => counted(answer, input as Start, 'adopted'),
    },
    {
      name: '몇을 새로 만드는지 맞힌다',
      points: 2,
      hint: '먼저 입양하고 나서 센다. 모자란 만큼만 만든다.',
      inputs: starts,
      tells,
      judge: (answer, ...input) => counted(answer, input as Start, 'created'),
    },
    {
      name: '몇을 지우는지 맞힌다',
      points: 2,
      hint: '입양한 것까지 세어 남는 만큼 지운다. 제 파드가 아닌 것은 지우지 않는다.',
      inputs: starts,
      tells,
      judge: (answer, ...input) => counted(answer, input as Start, 'deleted'),
    },
  ],
};

type Start = [number, PodCard[]];
const words: Record<keyof Counts, string> = { adopted: '입양한 것', created: '만든 것', deleted: '지운 것' };

function tells(replicas: number, pods: Start[1]): string {
  return `레플리카 ${replicas}, 파드 ${pods.length}개(${pods.map(describe).join(' · ') || '없음'})`;
}

function counted(answer: any, [replicas, pods]: Start, what: keyof Counts): string | void {
  if (typeof answer?.[what] !== 'number') return `{ adopted, created, deleted }를 돌려줘야 하는데 ${josa(show(answer), '을/를')} 돌려줬다.`;
  const right = rehearse(replicas, pods)[what];
  if (answer[what] !== right) return `${words[what]}은 ${right}인데 ${answer[what]}이라고 했다.`;
}

const describe = ({ app, owner, phase, going }: PodCard) => [app, owner && `${owner}의 것`, phase === 'Failed' && 'Failed', going && '삭제 중'].filter(Boolean).join(' ');

const known = new Map<string, Counts>();

function rehearse(replicas: number, pods: PodCard[]): Counts {
  const key = JSON.stringify([replicas, pods]);
  let counts = known.get(key);
  if (!counts) known.set(key, (counts = begun(replicas, pods)));
  return counts;
}

/** What the real controller does. Nobody runs the pods: they are as the card says. */
function begun(replicas: number, cards: PodCard[]): Counts {
  const cluster = createCluster({ nodes: 0, kubelets: false, scheduler: false });
  const { client } = cluster;
  // The namespace gets its service account.
  cluster.advance('1s');
  const spec = { containers: [{ name: 'app', image: 'nginx' }] };
  const owners = new Map([...new Set(cards.flatMap(({ owner }) => owner ?? []))].map((name) => [name, client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } })]));
  cards.forEach(({ app, owner, phase, going }, i) => {
    const ownerReferences = owner ? [{ apiVersion: 'v1', kind: 'ConfigMap', name: owner, uid: owners.get(owner)!.metadata.uid, controller: true }] : undefined;
    const metadata = { name: `pod-${i}`, namespace: 'default', labels: { app }, finalizers: ['kubook/stay'], ownerReferences };
    const pod = client.create({ apiVersion: 'v1', kind: 'Pod', metadata, spec });
    client.updateStatus(pod, { phase });
    if (going) client.delete(pod);
  });
  // The controller has seen them all.
  cluster.advance('1s');
  client.create({ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'web', namespace: 'default' }, spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec } } });
  cluster.advance('5s');
  const by = (verb: string) => cluster.requests().filter(({ user, verb: done, path }) => user.endsWith(':replicaset-controller') && done === verb && path.includes('/pods')).length;
  return { adopted: by('patch'), created: by('create'), deleted: by('delete') };
}

/** Five starts: nothing, too few, too many, strangers only, and something of everything. */
function starts(random: Random): Start[] {
  const card = (change: Partial<PodCard> = {}): PodCard => ({ app: 'web', owner: null, phase: 'Running', going: false, ...change });
  const many = (count: number, change?: Partial<PodCard>) => Array.from({ length: count }, () => card(change));
  const replicas = 2 + random.int(3);
  const odd: Partial<PodCard>[] = [{ app: 'shop' }, { owner: 'batch' }, { phase: 'Failed' }, { going: true }];
  return [
    [replicas, []],
    [replicas, many(1 + random.int(replicas - 1))],
    [replicas, many(replicas + 1 + random.int(3))],
    [replicas, random.shuffle(odd.flatMap((change) => many(1 + random.int(2), change)))],
    [random.int(4), random.shuffle([...many(1 + random.int(4)), ...odd.map(card)])],
  ];
}
