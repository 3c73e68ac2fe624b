import { type Cluster, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { agent, arrived, away, startWriters, written } from './log-world.ts';

interface Told {
  /** How many lines there were by the end of each part of the story, by namespace. */
  calm: Record<string, number>;
  outage: Record<string, number>;
  death: Record<string, number>;
}

const sinks: Record<string, string> = { 'kube-system': 'sink-a', default: 'sink-b' };
const counts = (cluster: Cluster) => Object.fromEntries(Object.keys(sinks).map((namespace) => [namespace, written(cluster, namespace).length]));

/** Lines number `from` to `to` of each namespace that are not at their sink. */
function missing(cluster: Cluster, from: Record<string, number>, to: Record<string, number>): void {
  for (const [namespace, sink] of Object.entries(sinks)) {
    const lines = written(cluster, namespace).slice(from[namespace], to[namespace]);
    const there = arrived(cluster, sink);
    const lost = lines.filter((line) => !there.has(line));
    if (lost.length > 0) wrong(`${namespace}의 로그 ${lines.length}줄 가운데 ${lost.length}줄이 ${sink}에 없다. 첫 줄: ${lost[0]}`);
  }
}

export const noLoss: ClusterExercise = {
  id: 'diary-6',
  title: '잃지 않는 로그',
  kind: 'component',
  cluster: { nodes: 1 },
  start({ cluster }) {
    startWriters(cluster);
  },
  perform({ cluster, kubectl, random }, answer): Told {
    if (typeof answer !== 'string') wrong('두 번째 인수는 <match> 절들의 글이다.');
    cluster.file('agent.yaml', agent(answer as string));
    kubectl.text`apply -f agent.yaml`;
    cluster.advance('60s');
    // What is still on its way belongs to the next part.
    const part = () => {
      const lines = counts(cluster);
      cluster.advance('15s');
      return lines;
    };
    const calm = part();
    const outage = (during: () => void) => {
      for (const sink of Object.values(sinks)) away(cluster, sink, true);
      cluster.advance(`${60 + random.int(60)}s`);
      during();
      cluster.advance('30s');
      for (const sink of Object.values(sinks)) away(cluster, sink, false);
      cluster.advance('30s');
    };
    outage(() => {});
    const first = part();
    outage(() => void kubectl.text`delete pods -l app=agent --grace-period=0 --force`);
    const death = part();
    cluster.advance('8m');
    return { calm, outage: first, death };
  },
  checks: [
    {
      name: 'kube-system의 로그는 sink-a로, 나머지는 sink-b로 간다',
      points: 2,
      hint: '태그는 kubernetes.var.log.containers.파드_네임스페이스_컨테이너-….log 꼴이다. <match>는 위에서부터 읽고 처음 맞은 것이 가져간다. 좁은 것을 앞에 둔다.',
      run({ cluster, result }) {
        for (const [namespace, sink] of Object.entries(sinks)) {
          const there = arrived(cluster, sink);
          const strays = Object.keys(sinks).filter((other) => other !== namespace).flatMap((other) => written(cluster, other).filter((line) => there.has(line)));
          if (strays[0]) wrong(`${sink}에 다른 네임스페이스의 로그가 왔다: ${strays[0]}`);
        }
        missing(cluster, {}, (result as Told).calm);
      },
    },
    {
      name: '받는 쪽이 멈춘 동안의 로그를 잃지 않는다',
      points: 2,
      hint: '다시 보내기를 몇 번 하고 포기하면(retry_max_times) 그 조각을 버린다. 받는 쪽이 언제 돌아올지 모른다면 끝까지 다시 보낸다. 너무 드물게 보내면(retry_max_interval) 돌아온 것을 늦게 안다.',
      run: ({ cluster, result }) => missing(cluster, (result as Told).calm, (result as Told).outage),
    },
    {
      name: '멈춘 동안 에이전트가 죽어도 잃지 않는다',
      points: 2,
      hint: '메모리의 버퍼는 프로세스와 함께 사라진다. <buffer>에 @type file과 path를 적는다. 노드의 디스크는 /var/log에 붙어 있다. 두 <match>의 path는 달라야 한다.',
      run: ({ cluster, result }) => missing(cluster, (result as Told).outage, (result as Told).death),
    },
  ],
};
