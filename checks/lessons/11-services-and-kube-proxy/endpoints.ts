// The learner decides who stands behind a Service; the controller around it writes what he says.
import { type After, type ClusterExercise, type Cluster, wrong } from '../../../lib/book/exercise.ts';
import { same } from '../../../lib/book/same.ts';
import { type Client, type Controller, forMapped, forObject } from '../../../lib/index.ts';

interface PodView {
  name: string;
  ip: string | undefined;
  labels: Record<string, string>;
  ready: boolean;
  deleting: boolean;
}
type Members = (selector: Record<string, string>, pods: PodView[]) => string[];

interface Story {
  begun: string[];
  scaled: string[];
  unready: string[];
  relabelled: string[];
  /** What had to be there at the same moments. */
  expected: Record<'begun' | 'scaled' | 'unready' | 'relabelled', string[]>;
  /** Traces that came to nothing, or to somebody else's pod. */
  lost: number;
  outputs: unknown[];
}
interface Given {
  cases: [Record<string, string>, PodView[]][];
}

const viewOf = ({ metadata, status }: ReturnType<Cluster['client']['list']>['items'][number] | any): PodView => ({
  name: metadata.name,
  ip: status.podIP,
  labels: metadata.labels ?? {},
  ready: status.conditions?.some(({ type, status: value }: { type: string; status: string }) => type === 'Ready' && value === 'True') ?? false,
  deleting: metadata.deletionTimestamp !== undefined,
});

const right: Members = (selector, pods) => pods.filter(({ ip, labels, ready, deleting }) => ip && ready && !deleting && Object.entries(selector).every(([key, value]) => labels[key] === value)).map(({ ip }) => ip!);

function controllerOf(members: Members) {
  return (client: Client): Controller => {
    const pods = client.cache('Pod');
    return {
      name: 'endpointslice',
      watches: [forObject('Service'), forMapped('Pod', ({ object }) => [...client.cache('Service').inNamespace(object.metadata.namespace!)].map(({ metadata }) => ({ namespace: metadata.namespace!, name: metadata.name })))],
      reconcile({ namespace = '', name }) {
        const service = client.find('Service', { namespace, name });
        if (!service?.spec.selector) return undefined;
        const said = members(service.spec.selector, [...pods.inNamespace(namespace)].map(viewOf));
        const endpoints = (Array.isArray(said) ? said : []).filter((ip) => typeof ip === 'string').map((ip) => ({ addresses: [ip], conditions: { ready: true } }));
        const key = { namespace, name: `${name}-own` };
        const ports = service.spec.ports!.map(({ name: port = '', targetPort, port: number, protocol }) => ({ name: port, port: Number(targetPort ?? number), protocol: protocol! }));
        const slice = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { ...key, labels: { 'kubernetes.io/service-name': name } }, addressType: 'IPv4', endpoints, ports };
        const old = client.find('EndpointSlice', key);
        if (!old) client.create(slice);
        else if (JSON.stringify((old.endpoints ?? []).map(({ addresses }) => addresses[0])) !== JSON.stringify(endpoints.map(({ addresses }) => addresses[0]))) client.update({ ...old, endpoints } as never);
        return undefined;
      },
    };
  };
}

const sorted = (list: readonly unknown[]) => [...new Set(list.map(String))].sort();

async function tell({ cluster, kubectl, given, answer }: { cluster: Cluster; kubectl: Cluster['kubectl']; given: Given; answer: Members }): Promise<Story> {
  cluster.replace('endpointslice', controllerOf(answer));
  const behind = () => sorted(cluster.client.list('EndpointSlice', { labelSelector: 'kubernetes.io/service-name=web' }).items.flatMap(({ endpoints }) => (endpoints ?? []).map(({ addresses }) => addresses[0])));
  const wanted = () => sorted(right({ app: 'web' }, cluster.client.list('Pod').items.map(viewOf)));
  const seen = {} as Story & { expected: Story['expected'] };
  seen.expected = {} as Story['expected'];
  const look = (when: keyof Story['expected']) => {
    cluster.advance('30s');
    seen[when] = behind();
    seen.expected[when] = wanted();
  };
  look('begun');
  await kubectl.text`scale deployment web --replicas=5`;
  look('scaled');
  const [first, second] = cluster.client.list('Pod', { labelSelector: 'app=web' }).items;
  await kubectl.text`exec ${first!.metadata.name} -- rm /usr/share/nginx/html/index.html`;
  look('unready');
  await kubectl.text`label pod ${second!.metadata.name} app=debug --overwrite`;
  look('relabelled');
  const address = cluster.client.get('Service', { namespace: 'default', name: 'web' }).spec.clusterIP!;
  const ours = new Set(seen.expected.relabelled);
  seen.lost = Array.from({ length: 40 }, () => cluster.trace({ from: 'worker-1', to: `${address}:80` })).filter(({ error, arrived }) => error || !ours.has(arrived!.to.split(':')[0]!)).length;
  seen.outputs = given.cases.map(([selector, pods]) => answer(selector, pods));
  return seen;
}

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: nginx
          image: nginx
          readinessProbe: { httpGet: { path: /index.html, port: 80 }, periodSeconds: 2 }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`;

export const endpoints: ClusterExercise = {
  id: 'services-4',
  title: '서비스 뒤에 누가 서는가',
  kind: 'component',
  withholds: ['createCluster'],
  cluster: { nodes: 2, controllers: { endpointslice: false, endpoints: false } },
  async start({ cluster, kubectl, random }): Promise<Given> {
    cluster.file('web.yaml', manifest);
    await kubectl`apply -f web.yaml`;
    await kubectl`run other --image=nginx --labels=app=other`;
    cluster.advance('20s');
    const pod = (i: number): PodView => ({ name: `pod-${i}`, ip: random.int(6) === 0 ? undefined : `10.244.1.${i + 2}`, labels: { app: random.pick(['web', 'web', 'api']), ...(random.int(2) === 0 && { tier: random.pick(['front', 'back']) }) }, ready: random.int(4) > 0, deleting: random.int(5) === 0 });
    return { cases: Array.from({ length: 60 }, () => [random.pick<Record<string, string>>([{ app: 'web' }, { app: 'web', tier: 'front' }, { app: 'api' }]), Array.from({ length: 8 }, (_, i) => pod(i))]) };
  },
  perform: ({ cluster, kubectl, given }, answer) => tell({ cluster, kubectl, given, answer }),
  checks: [
    { name: '셀렉터에 걸리는 파드를 모은다', points: 2, hint: '셀렉터의 키와 값이 모두 그대로 레이블에 있어야 한다. 하나만 맞는 파드는 아니다.', run: (after) => judge(after, (pods) => pods.every(({ ip, ready, deleting }) => ip && ready && !deleting)) },
    { name: '받을 수 있는 파드만 모은다', points: 2, hint: '주소가 아직 없는 파드, 준비되지 않은 파드, 사라지는 중인 파드에게는 보내지 않는다.', run: (after) => judge(after, () => true) },
    {
      name: '클러스터가 변하면 목록도 변한다',
      points: 3,
      hint: '함수는 부를 때마다 받은 파드만 보고 답한다. 늘리고, 준비를 깨고, 레이블을 바꾸는 동안 목록이 따라와야 한다.',
      run({ result }) {
        const { expected, ...story } = result as Story;
        for (const [when, what] of [['begun', '처음'], ['scaled', '다섯으로 늘린 뒤'], ['unready', '한 파드의 준비를 깬 뒤'], ['relabelled', '한 파드의 레이블을 바꾼 뒤']] as const) same(story[when], expected[when], `${what} 서비스 뒤의 주소`);
      },
    },
    {
      name: '보낸 요청을 모두 제 파드가 받는다',
      points: 1,
      hint: 'kube-proxy는 목록에 있는 주소로 보낼 뿐이다. 목록이 틀리면 요청을 잃는다.',
      run({ result }) {
        const { lost } = result as Story;
        if (lost > 0) wrong(`요청 40개 가운데 ${lost}개가 받을 파드에 닿지 못했다.`);
      },
    },
  ],
};

function judge({ result, given }: After, concerns: (pods: readonly PodView[]) => boolean): string | void {
  for (const [i, [selector, pods]] of (given as Given).cases.entries()) {
    const chosen = pods.filter((pod) => concerns([pod]));
    const names = new Set(chosen.map(({ ip }) => ip));
    const said = (result as Story).outputs[i];
    if (!Array.isArray(said)) return '주소의 배열을 돌려주어야 한다.';
    const want = sorted(right(selector, chosen));
    same(sorted(said.filter((ip) => names.has(ip) || !pods.some((pod) => pod.ip === ip))), want, `셀렉터 ${JSON.stringify(selector)}에 걸리는 주소`);
  }
}
