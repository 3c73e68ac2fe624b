import type { ClusterExercise } from '../../../lib/book/exercise.ts';
import { createMachines, type Machines } from '../../../lib/index.ts';

const names = ['m-k8s', 'w1-k8s', 'w2-k8s', 'w3-k8s'];

interface NodeFacts {
  name: string;
  ready: boolean;
  controlPlane: boolean;
  podCIDR: string | undefined;
}

interface Facts {
  nodes: NodeFacts[];
  /** Addresses of pods that were started afterwards, one on each worker, and those that answered from the control plane's machine. */
  pods: string[];
  answered: string[];
}

function nodesOf({ cluster }: Machines): NodeFacts[] {
  return cluster.client.list('Node').items.map(({ metadata, spec, status }) => ({
    name: metadata.name,
    ready: status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false,
    controlPlane: 'node-role.kubernetes.io/master' in (metadata.labels ?? {}),
    podCIDR: spec.podCIDR,
  }));
}

/** Whether an API server has answered yet. */
function isMade(lab: Machines): boolean {
  try {
    return lab.cluster !== undefined;
  } catch {
    return false;
  }
}

/** One web server on each node that takes one; who can be reached? */
function tryPods(lab: Machines): Pick<Facts, 'pods' | 'answered'> {
  const { client } = lab.cluster;
  const labels = { app: 'judge' };
  client.create({ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'judge', namespace: 'default' }, spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } } } } as never);
  lab.advance('60s');
  const pods = client.list('Pod', { namespace: 'default', labelSelector: 'app=judge' }).items.flatMap(({ status }) => status.podIP ?? []);
  return { pods, answered: pods.filter((ip) => lab.machine('m-k8s').sh.run(`curl -s ${ip}`).stdout.includes('Welcome to nginx!')) };
}

const look = (result: Facts) => result.nodes.map(({ name, ready }) => `${name} ${ready ? 'Ready' : 'NotReady'}`).join(', ') || '없음';

export const fourNodes: ClusterExercise = {
  id: 'kubeadm-1',
  title: '네 노드 만들기',
  kind: 'cluster',
  async perform({ random }, answer): Promise<Facts> {
    const lab = createMachines({ names, seed: random.int(1_000_000) });
    await answer({ lab });
    return isMade(lab) ? { nodes: nodesOf(lab), ...tryPods(lab) } : { nodes: [], pods: [], answered: [] };
  },
  checks: [
    {
      name: 'm-k8s가 컨트롤 플레인이다',
      points: 1,
      hint: 'm-k8s의 셸에서 kubeadm init을 실행한다. 노드의 역할은 kubeadm이 붙인다.',
      run: ({ result }) => (result.nodes.find(({ name }: NodeFacts) => name === 'm-k8s')?.controlPlane ? undefined : `m-k8s가 컨트롤 플레인이 아니다. 노드: ${look(result)}`),
    },
    {
      name: '워커 셋이 클러스터에 있다',
      points: 2,
      hint: 'w1-k8s, w2-k8s, w3-k8s에서 저마다 kubeadm join을 실행한다. 줄은 kubeadm token create --print-join-command가 만들어 준다.',
      run({ result }) {
        const missing = names.find((name) => !result.nodes.some((node: NodeFacts) => node.name === name));
        return missing && `${missing} 노드가 없다. 노드: ${look(result)}`;
      },
    },
    {
      name: '네 노드가 모두 Ready다',
      points: 1,
      hint: '네트워크 플러그인이 없으면 NotReady다. flannel을 적용하고 시간이 흐르게 한다.',
      run({ result }) {
        const late = names.find((name) => !result.nodes.some((node: NodeFacts) => node.name === name && node.ready));
        return late && `${late} 노드가 Ready가 아니다. 노드: ${look(result)}`;
      },
    },
    {
      name: '워커마다 파드가 주소를 받고 답한다',
      points: 2,
      hint: 'flannel은 노드가 받은 대역을 쓴다. 그 대역은 kubeadm init --pod-network-cidr이 있어야 나누어진다.',
      run({ result }) {
        if (result.pods.length < 3) return `주소를 받은 파드가 ${result.pods.length}개다. 노드의 대역: ${result.nodes.map(({ name, podCIDR }: NodeFacts) => `${name} ${podCIDR ?? '없음'}`).join(', ')}`;
        const silent = result.pods.find((ip: string) => !result.answered.includes(ip));
        return silent && `파드 ${silent}가 m-k8s에 답하지 않는다`;
      },
    },
  ],
};
