import { parseSelector } from '../../../lib/api/index.ts';
import { type After, type Cluster, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { same } from '../../../lib/book/same.ts';
import type { Random } from '../../../lib/index.ts';

interface Given {
  /** uid and labels of every pod, by name. */
  pods: Record<string, { uid: string; labels: Record<string, string> }>;
  canaries: string[];
  /** Requests that were there before the answer ran. */
  requests: number;
}

export const canary: ClusterExercise = {
  id: 'labels-4',
  title: '카나리아만 지우기',
  kind: 'cluster',
  cluster: { nodes: 3 },
  async start({ cluster, kubectl, random }): Promise<Given> {
    for (const labels of podLabels(random)) {
      // A name says nothing: some stable pods are called canary.
      await kubectl`run ${`${random.pick(['canary', 'web', 'pod'])}-${random.suffix()}`} --image=nginx --labels=${labels}`;
    }
    cluster.advance('30s');
    const pods = Object.fromEntries(cluster.client.list('Pod').items.map(({ metadata }) => [metadata.name, { uid: metadata.uid!, labels: metadata.labels ?? {} }]));
    const canaries = Object.keys(pods).filter((name) => pods[name]!.labels.app === 'shop' && pods[name]!.labels.track === 'canary');
    return { pods, canaries, requests: cluster.requests().length };
  },
  checks: [
    {
      name: '쇼핑몰의 카나리아가 사라졌다',
      points: 1,
      hint: '`kubectl delete pods -l 조건`이 조건에 맞는 파드를 모두 지운다. 지우기 전에 `kubectl get pods -l 조건`으로 먼저 본다.',
      run({ cluster, given }) {
        cluster.advance('1m');
        if (Object.keys(podsOf(cluster)).length === 0) return '파드가 모두 사라졌다. 쇼핑몰의 카나리아만 지운다.';
        const left = (given as Given).canaries.filter((name) => podsOf(cluster)[name]);
        if (left.length > 0) return `아직 남아 있다: ${left.join(', ')}`;
      },
    },
    {
      name: '나머지 파드는 그대로다',
      points: 2,
      hint: '조건 하나로는 다른 앱의 카나리아나 쇼핑몰의 다른 파드까지 걸린다. 조건 둘을 쉼표로 잇는다.',
      run: restIsThere,
    },
    {
      name: '레이블을 바꾸지 않았다',
      points: 1,
      hint: '있는 레이블만으로 고를 수 있다. 새 레이블을 붙이거나 떼지 않는다.',
      run({ cluster, given }) {
        const now = podsOf(cluster);
        if (Object.keys(now).length === 0) return '레이블을 볼 파드가 남아 있지 않다.';
        if (Object.keys((given as Given).pods).every((name) => now[name])) return '아직 아무 파드도 지우지 않았다.';
        for (const [name, { labels }] of Object.entries((given as Given).pods)) if (now[name]) same(now[name]!.labels, labels, `${name}의 레이블`);
        const touched = asked(cluster, given).find(({ verb }) => verb === 'patch' || verb === 'update');
        if (touched) wrong(`바꾸는 요청이 있다: ${touched.path}`);
      },
    },
    {
      name: '명령 하나로 골라 지웠다',
      points: 1,
      hint: '이름을 적지 않는다. `kubectl delete pods -l 조건`처럼 지우는 명령에 바로 조건을 준다.',
      run: byOneSelector,
    },
  ],
};

/** `delete -l` lists with the selector and deletes what came, all within one command. */
function byOneSelector({ cluster, given }: After): string | void {
  const { pods, canaries } = given as Given;
  const requests = asked(cluster, given);
  const deleted = requests.filter(({ verb }) => verb === 'delete' || verb === 'deletecollection');
  if (deleted.length === 0) return '삭제 요청이 없다.';
  if (new Set(deleted.map(command)).size > 1) return '여러 번에 나누어 지웠다.';
  const selectors = requests.flatMap((request) => (command(request) === command(deleted[0]!) && request.query?.startsWith('labelSelector=') ? [request.query.slice('labelSelector='.length).split('&')[0]!] : []));
  if (selectors.length === 0) return '지우는 명령에 레이블 조건(-l)이 없었다.';
  const wrongOne = selectors.find((selector) => !canaries.every((name) => parseSelector(selector).matches(pods[name]!.labels)));
  if (wrongOne !== undefined) return `'${wrongOne}' 조건은 쇼핑몰의 카나리아를 모두 고르지 못한다.`;
}

function podLabels(random: Random): string[] {
  const team = random.pick(['red', 'blue']);
  const fixed = ['app=shop,track=canary', `app=shop,track=canary,team=${team}`, 'app=shop,track=stable', `app=shop,track=stable,team=${team}`, 'app=shop', 'app=shop,track=canary-old', 'app=pay,track=canary', 'app=pay,track=stable', 'track=canary', 'app=shopping,track=canary'];
  const more = Array.from({ length: random.int(3) }, () => random.pick(['app=shop,track=canary', 'app=shop,track=stable', 'app=pay,track=canary']));
  return random.shuffle([...fixed, ...more]);
}

const podsOf = (cluster: Cluster): Given['pods'] =>
  Object.fromEntries(cluster.client.list('Pod').items.filter(({ metadata }) => !metadata.deletionTimestamp).map(({ metadata }) => [metadata.name, { uid: metadata.uid!, labels: metadata.labels ?? {} }]));

type Asked = ReturnType<Cluster['requests']>[number];

/** What the answer asked the API server for; what checks ask comes later, but only reads. */
const asked = (cluster: Cluster, given: Given) => cluster.requests().slice(given.requests).filter(({ userAgent }) => /^kubectl(\/|$)/.test(userAgent));

/** Requests of one command come in one session, or at one moment where the client names none. */
const command = ({ session, time }: Asked) => session ?? time;

function restIsThere({ cluster, given }: After): string | void {
  const { pods, canaries } = given as Given;
  const now = podsOf(cluster);
  if (Object.keys(pods).every((name) => now[name])) return '아직 아무 파드도 지우지 않았다.';
  for (const [name, { uid }] of Object.entries(pods)) {
    if (canaries.includes(name)) continue;
    if (!now[name]) return `${name} 파드까지 사라졌다. 레이블: ${JSON.stringify(pods[name]!.labels)}`;
    if (now[name]!.uid !== uid) return `${name} 파드가 지워졌다가 다시 만들어졌다.`;
  }
  const strange = Object.keys(now).find((name) => !pods[name]);
  if (strange) return `없던 파드가 생겼다: ${strange}`;
}
