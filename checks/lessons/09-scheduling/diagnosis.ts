import { type After, type Cluster, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { isPodReady, type Pod } from '../../../lib/index.ts';

interface Given {
  /** The node with the SSD, the cordoned one, the one for tools. */
  ssd: string;
  closed: string;
  tools: string;
  /** Memory of the largest node, MiB. */
  largest: number;
}

/** Which plugin refuses each pod; the last one is refused by nobody. */
const causes = { big: 'NodeResourcesFit', picky: 'NodeAffinity', guest: 'NodeUnschedulable', tool: 'TaintToleration', silent: 'schedulerName' } as const;
type Name = keyof typeof causes;
const names = Object.keys(causes) as Name[];

export const diagnosis: ClusterExercise = {
  id: 'sched-2',
  title: 'Pending 진단',
  kind: 'cluster',
  cluster: { nodes: 3 },
  async start({ cluster, kubectl, random }): Promise<Given> {
    const [ssd, closed, tools] = random.shuffle(['worker-1', 'worker-2', 'worker-3']) as [string, string, string];
    await kubectl`annotate node ${ssd} hardware=ssd`;
    await kubectl`cordon ${closed}`;
    await kubectl`label node ${tools} pool=tools`;
    await kubectl`taint node ${tools} dedicated=tools:NoSchedule`;
    const largest = 8092;
    const memory = `${largest + 1 + random.int(4000)}Mi`;
    await apply(cluster, 'big', { containers: [container({ requests: { memory } })] });
    await apply(cluster, 'picky', { nodeSelector: { disk: 'ssd' } });
    await apply(cluster, 'guest', { nodeSelector: { 'kubernetes.io/hostname': closed } });
    await apply(cluster, 'tool', { nodeSelector: { pool: 'tools' } });
    await apply(cluster, 'silent', { schedulerName: 'defualt-scheduler' });
    cluster.advance('30s');
    return { ssd, closed, tools, largest };
  },
  checks: [
    {
      name: '까닭을 다섯 다 맞힌다',
      points: 3,
      hint: '넷은 cluster.explain이나 FailedScheduling 이벤트가 말해 준다. 이벤트가 하나도 없는 파드는 아무도 맡지 않은 것이다: 누가 맡기로 되어 있는지 spec을 본다.',
      run({ result }) {
        if (result === null || typeof result !== 'object') wrong('{ big: …, picky: …, guest: …, tool: …, silent: … }를 돌려준다.');
        for (const name of names) if (result[name] !== causes[name]) wrong(`${name}의 까닭은 ${josa(JSON.stringify(result[name]), '이/가')} 아니다.`);
      },
    },
    {
      name: '다섯 파드가 모두 Running이다',
      points: 4,
      hint: '노드를 고치면 되는 것은 노드를 고치고, 파드가 잘못 적힌 것은 지우고 고쳐서 다시 만든다. 메모리는 256Mi면 넉넉하다.',
      run({ cluster }) {
        cluster.advance('30s');
        for (const name of names) if (!isPodReady(podOf(cluster, name))) wrong(`${josa(name, '은/는')} 아직 준비되지 않았다.`);
      },
    },
    {
      name: '있을 곳에 있다',
      points: 2,
      hint: 'nodeSelector를 지우면 아무 데나 갈 수 있을 뿐, 가야 할 곳에 가지는 않는다. SSD가 달린 노드는 kubectl describe node의 Annotations에 적혀 있다.',
      run({ cluster, given }) {
        const { ssd, closed, tools } = given as Given;
        const right: [Name, string][] = [['picky', ssd], ['guest', closed], ['tool', tools]];
        for (const [name, node] of right) {
          const { nodeName } = podOf(cluster, name).spec;
          if (!nodeName) wrong(`${name} 파드는 아직 어느 노드에도 놓이지 않았다.`);
          if (nodeName !== node) wrong(`${name} 파드가 ${nodeName}에 있다. 가야 할 곳이 아니다.`);
        }
        const stray = cluster.client.list('Node').items.find(({ metadata }) => metadata.labels?.disk === 'ssd' && metadata.name !== ssd);
        if (stray) wrong(`${stray.metadata.name}에는 SSD가 없는데 disk=ssd 레이블이 붙어 있다.`);
      },
    },
    {
      name: '스케줄러가 정하게 두고, 노드의 규칙을 없애지 않는다',
      points: 2,
      hint: 'nodeName을 적으면 스케줄러를 건너뛴다. 도구 노드의 테인트는 남의 파드를 막으려고 있다: 테인트를 떼지 말고 파드가 참게 한다.',
      run: rulesKept,
    },
  ],
};

function rulesKept({ cluster, given }: After): void {
  const { tools } = given as Given;
  const taints = cluster.client.get('Node', { name: tools }).spec.taints ?? [];
  if (!taints.some(({ key, effect }) => key === 'dedicated' && effect === 'NoSchedule')) wrong(`${tools}의 테인트가 없어졌다.`);
  const events = cluster.client.list('Event', { namespace: 'default' }).items;
  for (const name of names) {
    const { metadata: { uid }, spec: { nodeName } } = podOf(cluster, name);
    if (!nodeName) wrong(`${name} 파드는 아직 어느 노드에도 놓이지 않았다.`);
    if (!events.some(({ reason, involvedObject }) => reason === 'Scheduled' && involvedObject.uid === uid)) wrong(`${name} 파드는 스케줄러가 놓은 것이 아니다.`);
  }
}

function podOf(cluster: Cluster, name: Name): Pod {
  return cluster.client.find('Pod', { namespace: 'default', name }) ?? wrong(`${name} 파드가 없다.`);
}

const container = (resources?: object) => ({ name: 'app', image: 'nginx', ...(resources && { resources }) });

async function apply(cluster: Cluster, name: Name, spec: object): Promise<void> {
  const manifest = { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: [container()], ...spec } };
  cluster.file(`${name}.yaml`, JSON.stringify(manifest, null, 2));
  await cluster.kubectl.text`apply -f ${`${name}.yaml`}`;
}
