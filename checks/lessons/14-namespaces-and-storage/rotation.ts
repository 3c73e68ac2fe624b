import { type After, type Cluster, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { isPodReady, type KubeObject, type Pod } from '../../../lib/index.ts';

interface Given {
  next: string;
  /** Uid of the watcher's pod. */
  watcher: string;
  commands: Record<string, string>;
}

const image = 'busybox';
const script = (name: string, password: string) => `while true; do echo "${name} ${password}"; sleep 5; done`;
const scripts: Record<string, string> = { watcher: script('watcher', '$(cat /run/login/password)'), starter: script('starter', '$PASSWORD') };

function deployment(name: string, more: object, pod: object = {}): object {
  const template = { metadata: { labels: { app: name } }, spec: { terminationGracePeriodSeconds: 1, containers: [{ name, image, command: ['sh', '-c', scripts[name]], ...more }], ...pod } };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { selector: { matchLabels: { app: name } }, template } };
}

export const rotation: ClusterExercise = {
  id: 'ns-3',
  title: '재빌드 없는 비밀번호 교체',
  kind: 'cluster',
  cluster: { nodes: 1 },
  async start({ cluster, kubectl, random }): Promise<Given> {
    const [before, next] = [random.suffix(10), random.suffix(10)];
    await kubectl`create secret generic login --from-literal=user=shop --from-literal=password=${before}`;
    const env = [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'login', key: 'password' } } }];
    const watcher = deployment('watcher', { volumeMounts: [{ name: 'login', mountPath: '/run/login' }] }, { volumes: [{ name: 'login', secret: { secretName: 'login' } }] });
    cluster.file('apps.yaml', [watcher, deployment('starter', { env })].map((one) => JSON.stringify(one)).join('\n---\n'));
    await kubectl`apply -f apps.yaml`;
    cluster.file('next.txt', `${next}\n`);
    cluster.advance('30s');
    return { next, watcher: podOf(cluster, 'watcher').metadata.uid, commands: scripts };
  },
  checks: [
    {
      name: '시크릿에 새 비밀번호가 있다',
      points: 2,
      hint: 'kubectl patch secret login에 stringData를 주면 그 키만 바뀐다. 지우고 다시 만들면 다른 키까지 사라진다.',
      run({ cluster, given }) {
        const { data } = cluster.client.find('Secret', { namespace: 'default', name: 'login' }) ?? wrong('시크릿 login이 없다.');
        const read = (key: string) => atob((data as Record<string, string> | undefined)?.[key] ?? '');
        if (read('password') !== given.next) wrong(`login의 password는 ${JSON.stringify(read('password'))}이다.`);
        if (read('user') !== 'shop') wrong('login의 user가 사라졌다.');
      },
    },
    {
      name: 'watcher가 같은 파드로 새 비밀번호를 쓴다',
      points: 2,
      hint: '파일로 받은 시크릿은 기다리면 바뀐다. 다시 띄울 까닭이 없다.',
      run(after) {
        after.cluster.advance('2m');
        const pod = podOf(after.cluster, 'watcher');
        if (pod.metadata.uid !== after.given.watcher) wrong('watcher의 파드가 새것이다.');
        if (pod.status.containerStatuses?.some(({ restartCount }) => restartCount > 0)) wrong('watcher의 컨테이너가 다시 시작했다.');
        says(after, 'watcher');
      },
    },
    {
      name: 'starter가 새 비밀번호를 쓴다',
      points: 2,
      hint: '환경 변수는 프로세스가 시작할 때 정해진다. 디플로이먼트의 파드를 새로 띄우는 명령은 kubectl rollout restart다.',
      run: (after) => says(after, 'starter'),
    },
    {
      name: '비밀번호를 시크릿에만 적고, 앱은 그대로다',
      points: 2,
      hint: '이미지와 명령, 환경 변수를 받아 오는 곳은 처음과 같아야 한다. 값을 파드에 직접 적으면 누구나 읽는다.',
      run: untouched,
    },
  ],
};

function untouched({ cluster, given }: After): void {
  const { next } = given as Given;
  for (const kind of ['Deployment', 'ReplicaSet', 'Pod', 'ConfigMap']) {
    for (const object of cluster.client.list(kind, { namespace: 'default' }).items as KubeObject[]) {
      const text = JSON.stringify(object);
      if (text.includes(next) || text.includes(btoa(next))) wrong(`${kind} ${object.metadata.name}에 비밀번호가 적혀 있다.`);
    }
  }
  for (const name of Object.keys(scripts)) {
    const { spec } = cluster.client.get('Deployment', { namespace: 'default', name });
    const [container] = spec.template.spec!.containers;
    if (container?.image !== image || container.command?.[2] !== scripts[name]) wrong(`${name}의 이미지나 명령이 바뀌었다.`);
  }
  const env = cluster.client.get('Deployment', { namespace: 'default', name: 'starter' }).spec.template.spec!.containers[0]!.env?.find(({ name }) => name === 'PASSWORD');
  if (env?.valueFrom?.secretKeyRef?.name !== 'login' || env.valueFrom.secretKeyRef.key !== 'password') wrong('starter의 PASSWORD가 시크릿 login의 password에서 오지 않는다.');
  podOf(cluster, 'starter');
}

function podOf(cluster: Cluster, app: string): Pod {
  const pods = cluster.client.list('Pod', { namespace: 'default', labelSelector: `app=${app}` }).items.filter(({ metadata }) => !metadata.deletionTimestamp);
  return pods.find(isPodReady) ?? wrong(`${app}의 파드가 돌고 있지 않다.`);
}

/** The last word of an app is the new password. */
function says({ cluster, given }: After, app: string): void {
  const { name } = podOf(cluster, app).metadata;
  const last = cluster.kubectl.run(['logs', name, '--tail=1']).stdout.trim();
  if (last !== `${app} ${given.next}`) wrong(`${app}의 마지막 줄은 ${JSON.stringify(last)}이다.`);
}
