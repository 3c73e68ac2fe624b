import { type Cluster, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import type { Node } from '../../../lib/index.ts';

const real = '10.240.79.157';
const labels = { name: 'my-first-k8s-node' };

export const ghostNode: ClusterExercise = {
  id: 'pods-5',
  title: '유령 노드',
  kind: 'cluster',
  cluster: { nodes: [{ name: 'worker-1' }, { name: real }] },
  async start({ cluster, kubectl, random }) {
    const ghost = random.pick(['10.240.79.175', '10.240.97.157', '10.204.79.157']);
    cluster.fault.crash('kubelet', real);
    await kubectl`delete node ${real}`;
    cluster.file('node.json', JSON.stringify({ kind: 'Node', apiVersion: 'v1', metadata: { name: ghost, labels } }, null, 2));
    await kubectl`apply -f node.json`;
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'tenant' }, spec: { nodeSelector: labels, containers: [{ name: 'app', image: 'nginx' }] } };
    cluster.file('tenant.yaml', JSON.stringify(pod));
    await kubectl`apply -f tenant.yaml`;
    cluster.advance('2m');
    return { ghost };
  },
  checks: [
    {
      name: '머신의 이름과 같은 노드가 Ready다',
      points: 2,
      hint: 'Node 오브젝트는 이름으로 kubelet과 만난다. cluster.machines에 어떤 머신이 있는지 보고, 그 머신의 kubelet이 도는지 확인한다: cluster.fault.start(\'kubelet\', 이름).',
      run({ cluster }) {
        cluster.advance('1m');
        if (!isReady(nodeOf(cluster))) wrong(`${real} 노드가 Ready가 아니다.`);
      },
    },
    {
      name: '레이블이 붙어 있다',
      points: 1,
      hint: '노트의 JSON에 적힌 레이블을 그대로 둔다.',
      run({ cluster }) {
        if (nodeOf(cluster).metadata.labels?.name !== labels.name) wrong(`name=${labels.name} 레이블이 없다.`);
      },
    },
    {
      name: '유령이 남아 있지 않다',
      points: 1,
      hint: 'kubelet이 없는 노드는 저절로 사라지지 않는다. 만든 사람이 지운다.',
      run({ cluster, given }) {
        if (cluster.client.find('Node', { name: given.ghost })) wrong(`${josa(given.ghost, '이/가')} 아직 있다.`);
        nodeOf(cluster);
      },
    },
    {
      name: '기다리던 파드가 그 노드에서 돈다',
      points: 1,
      hint: '노드가 Ready가 되면 tenant 파드는 저절로 들어간다. 파드를 고칠 일은 없다.',
      run({ cluster }) {
        const pod = cluster.client.find('Pod', { namespace: 'default', name: 'tenant' });
        if (pod?.spec.nodeName !== real || pod.status.phase !== 'Running') wrong(`tenant 파드는 ${pod?.status.phase ?? '없음'}이다.`);
      },
    },
  ],
};

const nodeOf = (cluster: Cluster): Node => cluster.client.find('Node', { name: real }) ?? wrong(`${real} 노드가 없다.`);
const isReady = ({ status }: Node) => status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
