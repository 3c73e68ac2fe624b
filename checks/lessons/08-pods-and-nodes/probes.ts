import { type After, type Cluster, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { show } from '../../../lib/book/same.ts';
import { isPodReady, type Pod } from '../../../lib/index.ts';

const alive = { exec: { command: ['cat', '/tmp/alive'] } };

/** What each program does; its state is a file. */
const programs = {
  slow: 'sleep 60; touch /tmp/alive; sleep 864000',
  stuck: 'touch /tmp/alive; sleep 40; rm /tmp/alive; sleep 864000',
  busy: 'while true; do touch /tmp/ready; sleep 30; rm /tmp/ready; sleep 30; done',
  report: 'sleep 60; echo done',
} as const;
type Name = keyof typeof programs;
const names = Object.keys(programs) as Name[];
const probeFields = ['startupProbe', 'livenessProbe', 'readinessProbe'];

interface Sight {
  ready: boolean;
  restarts: number;
  phase: string;
}
interface Story {
  /** Every five seconds for four minutes. */
  seen: Record<Name, Sight[]>;
}

export const probes: ClusterExercise = {
  id: 'pods-4',
  title: '탐침 고르기',
  kind: 'component',
  cluster: { nodes: 1 },
  perform: ({ cluster }, answer) => tell(cluster, answer),
  checks: [
    {
      name: 'slow: 시작하는 동안 죽이지 않고, 그 뒤에는 지켜본다',
      points: 2,
      hint: 'startupProbe가 한 번 성공할 때까지 livenessProbe는 쉰다. periodSeconds × failureThreshold가 시작에 걸리는 시간보다 길어야 한다.',
      run(after) {
        const sights = seen(after, 'slow');
        if (sights.at(-1)!.restarts > 0) wrong('시작하다가 다시 시작했다.');
        if (!sights.at(-1)!.ready) wrong('4분이 지나도 준비되지 않았다.');
        if (!podOf(after, 'slow').spec.containers[0]!.livenessProbe) wrong('livenessProbe가 없어졌다.');
      },
    },
    {
      name: 'stuck: 멈추면 다시 시작한다',
      points: 2,
      hint: '다시 시작하면 낫는 고장은 livenessProbe의 일이다.',
      run(after) {
        const { restarts } = seen(after, 'stuck').at(-1)!;
        if (restarts < 2) wrong(`4분 동안 ${restarts}번 다시 시작했다. 멈출 때마다 다시 시작해야 한다.`);
      },
    },
    {
      name: 'busy: 바쁠 때만 빼고, 죽이지 않는다',
      points: 2,
      hint: '잠깐 손님을 못 받는 것은 고장이 아니다. readinessProbe는 파드를 서비스에서 뺄 뿐 다시 시작하지 않는다.',
      run(after) {
        const sights = seen(after, 'busy');
        if (sights.at(-1)!.restarts > 0) wrong('하던 일이 끊겼다.');
        const [ready, busy] = [sights.filter((sight) => sight.ready).length, sights.filter((sight) => !sight.ready).length];
        if (busy < sights.length / 4) wrong('바쁠 때도 준비되었다고 한다.');
        if (ready < sights.length / 4) wrong('한가할 때도 준비되지 않았다고 한다.');
      },
    },
    {
      name: 'report: 끝까지 두고, 끝난다',
      points: 1,
      hint: '물어볼 곳이 없는 프로그램에 탐침을 달면 멀쩡한 것을 죽인다.',
      run(after) {
        const last = seen(after, 'report').at(-1)!;
        if (last.phase !== 'Succeeded' || last.restarts > 0) wrong(`${last.phase}이고 ${last.restarts}번 다시 시작했다.`);
      },
    },
  ],
};

const podOf = ({ cluster }: Pick<After, 'cluster'>, name: Name): Pod => cluster.client.find('Pod', { namespace: 'default', name }) ?? wrong(`${name} 파드가 없다.`);
const seen = ({ result }: After, name: Name): Sight[] => (result as Story).seen[name];

function tell(cluster: Cluster, answer: Record<string, Record<string, unknown>>): Story {
  if (answer === null || typeof answer !== 'object') throw new TypeError('{ slow: {…}, stuck: {…}, busy: {…}, report: {…} }이어야 한다.');
  for (const name of names) {
    const given = answer[name] ?? {};
    const strange = Object.keys(given).find((field) => !probeFields.includes(field));
    if (strange) throw new TypeError(`${name}에는 ${probeFields.join(', ')}만 적는다: ${show(strange)}`);
    const container = { name: 'app', image: 'busybox', command: ['sh', '-c', programs[name]], ...(name === 'slow' && { livenessProbe: { ...alive, periodSeconds: 5 } }), ...given };
    cluster.client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec: { terminationGracePeriodSeconds: 1, restartPolicy: name === 'report' ? 'OnFailure' : 'Always', containers: [container] } } as never);
  }
  const story: Story = { seen: { slow: [], stuck: [], busy: [], report: [] } };
  for (let i = 0; i < 48; i++) {
    cluster.advance('5s');
    for (const name of names) {
      const pod = podOf({ cluster }, name);
      story.seen[name].push({ ready: isPodReady(pod), restarts: pod.status.containerStatuses?.[0]?.restartCount ?? 0, phase: pod.status.phase! });
    }
  }
  return story;
}
