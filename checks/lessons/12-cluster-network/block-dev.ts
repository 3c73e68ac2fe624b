import { type After, type Cluster, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { show } from '../../../lib/book/same.ts';
import { makePod, reaches } from './probes.ts';

interface Given {
  pods: string[];
  /** Connections that the answer tells of: `dev/client → prod/web`. */
  connections: string[];
  uids: Record<string, string>;
}

const labelsOf: Record<string, Record<string, string>> = {
  'dev/client': { app: 'client' },
  'dev/front': { app: 'front', role: 'frontend' },
  'dev/web': { app: 'web' },
  'prod/front': { app: 'front', role: 'frontend' },
  'prod/batch': { app: 'batch' },
  'prod/web': { app: 'web' },
  'prod/db': { app: 'db' },
};

/** What has to hold. */
const allowed = (from: string, to: string): boolean => {
  if (from.startsWith('dev/')) return to.startsWith('dev/');
  return to !== 'prod/db' || from === 'prod/front' || from === 'prod/db';
};

export const blockDev: ClusterExercise = {
  id: 'net-5',
  title: 'dev에서 prod 막기',
  kind: 'cluster',
  cluster: { nodes: 2, network: 'calico' },
  async start({ cluster, kubectl, random }): Promise<Given> {
    for (const name of ['dev', 'prod']) await kubectl.text`create namespace ${name}`;
    cluster.advance('1s');
    const pods = random.shuffle(Object.keys(labelsOf));
    for (const pod of pods) makePod(cluster, pod, labelsOf[pod]!);
    cluster.advance('30s');
    const pairs = pods.flatMap((from) => pods.filter((to) => to !== from).map((to) => `${from} → ${to}`));
    const connections = random.shuffle(pairs.filter((pair) => pair.includes('prod/'))).slice(0, 12);
    const uids = Object.fromEntries(pods.map((pod) => [pod, podAt(cluster, pod)!.metadata.uid!]));
    cluster.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'connections', namespace: 'default' }, data: { list: connections.join('\n') } });
    return { pods, connections, uids };
  },
  checks: [
    {
      name: 'dev에서는 prod의 무엇에도 닿지 않는다',
      points: 2,
      hint: '정책은 받는 쪽 네임스페이스(prod)에 둔다. 골라진 파드는 격리되고, 허용한 것만 들어온다.',
      run: (after) => matrix(after, (from, to) => from.startsWith('dev/') && to.startsWith('prod/')),
    },
    {
      name: 'prod 안에서는 web에 닿는다',
      points: 1,
      hint: 'from의 podSelector는 정책과 같은 네임스페이스의 파드를 고른다. 빈 셀렉터 {}는 모두다.',
      run: (after) => matrix(after, (from, to) => from.startsWith('prod/') && to !== 'prod/db' && to.startsWith('prod/')),
    },
    {
      name: 'db에는 role=frontend인 prod 파드만 닿는다',
      points: 2,
      hint: '정책은 더해진다. 한 정책이 막은 것을 다른 정책이 열 수 있으므로, prod의 모두를 여는 정책이 db까지 고르지 않게 한다.',
      run: (after) => matrix(after, (from, to) => to === 'prod/db' && from.startsWith('prod/')),
    },
    {
      name: 'dev 안의 통신과 이름 풀이는 그대로다',
      points: 1,
      hint: 'dev에는 정책이 없어도 된다. 이그레스를 막으면 DNS부터 끊긴다.',
      run(after) {
        matrix(after, (from, to) => from.startsWith('dev/') && to.startsWith('dev/'));
        for (const from of ['dev/client', 'prod/front']) {
          const [namespace, name] = from.split('/');
          if (after.cluster.kubectl.run(['exec', '-n', namespace!, name!, '--', 'nslookup', 'kubernetes.default.svc.cluster.local']).code !== 0) wrong(`${josa(from, '이/가')} 이름을 풀지 못한다.`);
        }
        if (after.cluster.client.list('NetworkPolicy').items.length === 0) wrong('NetworkPolicy가 하나도 없다.');
      },
    },
    {
      name: '나중에 온 파드에도 들어맞는다',
      points: 1,
      hint: '주소(ipBlock)가 아니라 레이블로 고르면 새 파드도 저절로 들어맞는다.',
      run({ cluster }) {
        if (cluster.client.list('NetworkPolicy').items.length === 0) wrong('NetworkPolicy가 하나도 없다.');
        makePod(cluster, 'dev/late', { role: 'frontend' });
        makePod(cluster, 'prod/late', { role: 'frontend' });
        cluster.advance('30s');
        for (const [from, to, open] of [['dev/late', 'prod/db', false], ['dev/late', 'prod/web', false], ['prod/late', 'prod/db', true], ['prod/late', 'prod/web', true]] as const) if (reaches(cluster, from, { to }) !== open) wrong(said(from, to, open));
      },
    },
    {
      name: 'Calico와 Flannel에서 막히는 것을 안다',
      points: 2,
      hint: '{ calico: […], flannel: […] }를 돌려준다. ConfigMap connections의 줄에서 막히는 연결만 담는다. Flannel은 NetworkPolicy를 받아 적기만 한다.',
      run({ result, given }) {
        const blocked = (given as Given).connections.filter((connection) => !allowed(...(connection.split(' → ') as [string, string])));
        const told: Record<string, unknown> = result ?? {};
        for (const [network, right] of [['calico', blocked], ['flannel', []]] as const) {
          const list = told[network];
          if (!Array.isArray(list)) wrong(`${network}에서 막히는 연결의 목록이 없다: ${show(result)}`);
          const missing = right.find((one) => !list.includes(one));
          if (missing) wrong(`${network}에서 ${josa(missing, '은/는')} 막힌다.`);
          const extra = list.find((one: string) => !(right as readonly string[]).includes(one));
          if (extra !== undefined) wrong(`${network}에서 ${josa(show(extra), '은/는')} 막히지 않는다.`);
        }
      },
    },
  ],
};

const said = (from: string, to: string, open: boolean) => `${from} → ${to}: ${open ? '닿아야 하는데 닿지 않는다.' : '막혀야 하는데 닿는다.'}`;

const podAt = (cluster: Cluster, at: string) => {
  const [namespace = '', name = ''] = at.split('/');
  return cluster.client.find('Pod', { namespace, name });
};

function matrix({ cluster, given }: After, concerns: (from: string, to: string) => boolean): void {
  const { pods, uids } = given as Given;
  if (cluster.client.list('NetworkPolicy').items.length === 0) wrong('NetworkPolicy가 하나도 없다.');
  for (const pod of pods) {
    const now = podAt(cluster, pod);
    if (now?.metadata.uid !== uids[pod]) wrong(`${pod} 파드가 처음 것이 아니다. 파드는 그대로 두고 정책으로 막는다.`);
    if (show(now!.metadata.labels) !== show(labelsOf[pod])) wrong(`${pod}의 레이블이 바뀌었다: ${show(now!.metadata.labels)}`);
  }
  for (const from of pods) for (const to of pods) if (from !== to && concerns(from, to) && reaches(cluster, from, { to }) !== allowed(from, to)) wrong(said(from, to, allowed(from, to)));
}
