import { type After, type Cluster, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { same } from '../../../lib/book/same.ts';
import { isPodReady, type Pod } from '../../../lib/index.ts';
import { deeds, type Marks, marksOf } from './deeds.ts';
import { breakDown, faults, worker } from './faults.ts';
import { closedFor, kubeletsAsTheyWere, measuredNodes } from './state.ts';

interface Given {
  chosen: string[];
  nodes: Record<string, string>;
  marks: Marks;
}

const most = 8;
const image = 'registry.k8s.io/metrics-server/metrics-server';

export const nodeIds = (cluster: Cluster) => Object.fromEntries(cluster.client.list('Node').items.map(({ metadata }) => [metadata.name, metadata.uid!]));

export const revive: ClusterExercise = {
  id: 'diary-2',
  title: 'metrics-server 살리기',
  kind: 'cluster',
  cluster: { nodes: 1 },
  start(stage): Given {
    const chosen = stage.random.shuffle(faults.map(({ id }) => id)).slice(0, 4);
    breakDown(stage, chosen);
    return { chosen, nodes: nodeIds(stage.cluster), marks: marksOf(stage.cluster) };
  },
  checks: [
    {
      name: 'kubectl top node가 모든 노드를 보여 준다',
      points: 4,
      hint: '앞에서부터 한 걸음씩 본다. 파드가 Running인가(get pods, describe), 로그는 어느 노드에서 무엇이 안 된다고 하는가, get apiservice는 무엇이라고 하는가. 하나를 고치면 다음 고장이 보인다.',
      run({ cluster, kubectl, given }) {
        cluster.advance('2m');
        measuredNodes({ cluster, kubectl }, Object.keys((given as Given).nodes));
      },
    },
    {
      name: '여덟 번 안에 고쳤다',
      points: 1,
      hint: 'kubectl이 오브젝트 하나를 바꿀 때마다, 머신에서 무엇을 바꾸는 줄을 칠 때마다 한 번이다. 보기만 하는 것은 세지 않는다. 지우고 다시 까는 대신 증거가 가리키는 것만 고친다.',
      run({ cluster, kubectl, given }) {
        measuredNodes({ cluster, kubectl }, Object.keys((given as Given).nodes));
        const done = deeds(cluster, (given as Given).marks);
        if (done.length > most) wrong(`고친 것이 ${done.length}번이다. ${most}번을 넘은 첫 번째: ${done[most]}`);
      },
    },
    {
      name: '답하는 것은 metrics-server다',
      points: 1,
      hint: 'APIService v1beta1.metrics.k8s.io는 kube-system의 서비스 metrics-server를, 그 뒤의 파드는 metrics-server를 돌려야 한다.',
      run: answeredByItself,
    },
    {
      name: '노드도 kubelet의 잠금도 처음 그대로다',
      points: 1,
      hint: '노드를 지우거나 다시 만들 까닭은 없다. 익명 인증(anonymous)과 AlwaysAllow는 아무나 kubelet을 읽게 한다. 401은 다른 곳에서 고친다.',
      run({ cluster, given }) {
        same(nodeIds(cluster), (given as Given).nodes, '노드의 이름과 uid');
        kubeletsAsTheyWere(cluster);
      },
    },
    {
      name: 'worker-1의 방화벽은 10250만 더 연다',
      points: 1,
      hint: 'iptables -L INPUT -n --line-numbers로 규칙의 차례를 본다. 모두 버리는 마지막 규칙은 남기고, 그 앞에 10250을 들인다.',
      run: ({ cluster }) => closedFor(cluster, worker),
    },
  ],
};

function answeredByItself({ cluster }: After): void {
  const service = cluster.client.find('APIService', { name: 'v1beta1.metrics.k8s.io' })?.spec.service;
  same({ namespace: service?.namespace, name: service?.name }, { namespace: 'kube-system', name: 'metrics-server' }, 'APIService v1beta1.metrics.k8s.io의 서비스');
  const selector = cluster.client.find('Service', { namespace: 'kube-system', name: 'metrics-server' })?.spec.selector ?? wrong('서비스 kube-system/metrics-server가 없다.');
  const labelSelector = Object.entries(selector).map(([key, value]) => `${key}=${value}`).join();
  const pods = (cluster.client.list('Pod', { namespace: 'kube-system', labelSelector }).items as Pod[]).filter(isPodReady);
  if (pods.length === 0) wrong('서비스 metrics-server 뒤에 준비된 파드가 없다.');
  const other = pods.flatMap(({ metadata, spec }) => spec.containers.filter((one) => !one.image?.startsWith(`${image}:`)).map((one) => `파드 ${josa(metadata.name, '은/는')} ${josa(one.image ?? '', '을/를')} 돌린다.`));
  if (other[0]) wrong(other[0]);
}
