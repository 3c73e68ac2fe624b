import { type After, type Cluster, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';

const ready = (cluster: Cluster, version: string) => cluster.client.list('Pod', { labelSelector: `app=shop,version=${version}` }).items.filter(({ metadata, status }) => !metadata.deletionTimestamp && status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True'));

/** What the endpoints give, to two hundredths; and that requests go that way, as far as so few of them can tell. */
function share({ cluster }: After): void {
  const address = cluster.client.get('Service', { namespace: 'default', name: 'shop' }).spec.clusterIP!;
  const [stable, canary] = ['v1', 'v2'].map((version) => ready(cluster, version).map(({ status }) => status.podIP!)) as [string[], string[]];
  const due = (100 * canary.length) / (stable.length + canary.length);
  const total = 200;
  let [hits, lost] = [0, 0];
  for (let i = 0; i < total; i++) {
    const { arrived, error } = cluster.trace({ from: 'worker-1', to: `${address}:80` });
    if (error) lost++;
    else if (canary.includes(arrived!.to.split(':')[0]!)) hits++;
  }
  if (lost > 0) wrong(`요청 ${total}개 가운데 ${lost}개를 잃었다.`);
  const percent = (100 * hits) / total;
  if (!(Math.abs(due - 10) <= 2) || Math.abs(percent - 10) > 9) wrong(`v1 파드 ${stable.length}개, v2 파드 ${canary.length}개: 요청 ${total}개 가운데 ${percent.toFixed(1)}%가 새 버전으로 갔다.`);
}

export const canaryShare: ClusterExercise = {
  id: 'services-5',
  title: '10%만 새 버전',
  kind: 'cluster',
  cluster: { nodes: 2 },
  async start({ cluster, kubectl, random }) {
    const deployment = (version: string, replicas: number) => JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: `shop-${version}` }, spec: { replicas, selector: { matchLabels: { app: 'shop', version } }, template: { metadata: { labels: { app: 'shop', version } }, spec: { containers: [{ name: 'nginx', image: 'nginx' }] } } } });
    cluster.file('shop.yaml', [deployment('v1', 2 + random.int(4)), deployment('v2', 1 + random.int(2)), JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'shop' }, spec: { selector: { app: 'shop' }, ports: [{ port: 80 }] } })].join('\n---\n'));
    await kubectl`apply -f shop.yaml`;
    cluster.advance('30s');
    return { service: cluster.client.get('Service', { namespace: 'default', name: 'shop' }).metadata.uid };
  },
  checks: [
    {
      name: '두 버전이 모두 돌고 있다',
      points: 1,
      hint: '새 버전을 없애면 0%다. 두 디플로이먼트의 파드 수를 정한다.',
      run({ cluster }) {
        cluster.advance('1m');
        for (const version of ['v1', 'v2']) if (ready(cluster, version).length === 0) wrong(`준비된 ${version} 파드가 없다.`);
      },
    },
    {
      name: '서비스는 그대로다',
      points: 1,
      hint: '서비스의 셀렉터를 바꾸지 않는다. 같은 서비스 뒤에 두 버전이 함께 서 있어야 한다.',
      run({ cluster, given }) {
        const { metadata, spec } = cluster.client.get('Service', { namespace: 'default', name: 'shop' });
        if (metadata.uid !== given.service) wrong('서비스를 지우고 다시 만들었다.');
        if (JSON.stringify(spec.selector) !== '{"app":"shop"}') wrong(`서비스의 셀렉터가 바뀌었다: ${JSON.stringify(spec.selector)}`);
      },
    },
    { name: '요청의 10%가 새 버전으로 간다', points: 3, hint: '서비스는 준비된 파드에 고르게 나눈다. 열 가운데 하나가 새 버전이려면 파드가 몇 대 몇이어야 할까?', run: share },
  ],
};
