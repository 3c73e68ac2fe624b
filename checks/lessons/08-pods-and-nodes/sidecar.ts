import { type After, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { type Pod } from '../../../lib/index.ts';

const name = 'web';
const logFile = '/var/log/web/access.log';

export const sidecar: ClusterExercise = {
  id: 'pods-2',
  title: '사이드카 만들기',
  kind: 'cluster',
  cluster: { nodes: 1 },
  start({ cluster, random }) {
    const token = random.suffix(8);
    const script = `n=0; while true; do n=$((n+1)); echo "${token} request $n" >> ${logFile}; sleep 5; done`;
    const manifest = { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: [{ name: 'web', image: 'busybox', command: ['sh', '-c', `mkdir -p /var/log/web; ${script}`] }] } };
    cluster.file('web.yaml', JSON.stringify(manifest, null, 2));
    return { token, script };
  },
  checks: [
    {
      name: '컨테이너 둘이 한 파드에서 돈다',
      points: 1,
      hint: '파드의 이름은 web, 컨테이너의 이름은 web과 shipper다. web의 명령은 그대로 둔다.',
      run({ cluster, given }) {
        cluster.advance('30s');
        const pod = podOf({ cluster } as After);
        const [web, shipper] = ['web', 'shipper'].map((container) => running(pod).find((one) => one.name === container));
        if (!web || !shipper) wrong(`파드의 컨테이너: ${running(pod).map((one) => one.name).join(', ')}`);
        if (!web.command?.join(' ').includes(given.script)) wrong('web 컨테이너의 명령이 바뀌었다.');
        const { containerStatuses = [], initContainerStatuses = [] } = pod.status;
        const down = [...containerStatuses, ...initContainerStatuses].find((one) => !one.ready || one.restartCount > 0);
        if (down) wrong(`${down.name} 컨테이너가 끝났거나 다시 시작했다.`);
      },
    },
    {
      name: 'emptyDir 하나를 함께 쓴다',
      points: 1,
      hint: 'spec.volumes에 볼륨을 하나 적고, 두 컨테이너의 volumeMounts에 같은 이름을 적는다. web에는 /var/log/web에 붙인다.',
      run(after) {
        const pod = podOf(after);
        const mounts = (container: string) => running(pod).find((one) => one.name === container)?.volumeMounts ?? [];
        const at = mounts('web').find(({ mountPath }) => mountPath.replace(/\/$/, '') === '/var/log/web');
        if (!at) wrong('web 컨테이너의 /var/log/web에 볼륨이 없다.');
        if (!pod.spec.volumes?.find((volume) => volume.name === at.name)?.emptyDir) wrong(`볼륨 ${josa(at.name, '은/는')} emptyDir가 아니다.`);
        if (!mounts('shipper').some((mount) => mount.name === at.name)) wrong(`shipper 컨테이너에는 볼륨 ${josa(at.name, '이/가')} 붙어 있지 않다.`);
      },
    },
    {
      name: 'shipper가 web이 쓴 줄을 내보낸다',
      points: 2,
      hint: 'shipper의 표준 출력이 kubectl logs에 보인다. tail은 파일 끝에 붙는 줄을 따라가며 찍을 수 있다.',
      run: (after) => void sameLines(after),
    },
    {
      name: '새로 쓰는 줄도 이어서 내보낸다',
      points: 2,
      hint: 'cat은 한 번 읽고 끝난다. 파일을 계속 따라가야 한다.',
      run(after) {
        const before = sameLines(after);
        after.cluster.advance('1m');
        if (sameLines(after) < before + 8) wrong('1분 동안 새로 나온 줄이 모자란다.');
      },
    },
  ],
};

/** A sidecar stands among the containers, or among those that begin before them and stay. */
const running = ({ spec }: Pod) => [...spec.containers, ...(spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')];

const podOf = ({ cluster }: After): Pod => cluster.client.find('Pod', { namespace: 'default', name }) ?? wrong(`${name} 파드가 없다.`);

/** How many lines went out; each of the file's, but for the newest, which may be on its way. */
function sameLines({ cluster, given }: After): number {
  const run = (...command: string[]) => cluster.kubectl.run(command).stdout.split('\n').filter((line) => line.includes(given.token));
  const written = run('exec', name, '-c', 'web', '--', 'cat', logFile);
  const shipped = run('logs', name, '-c', 'shipper');
  if (written.length === 0) wrong('web이 쓴 줄이 없다.');
  const missing = written.slice(0, -1).find((line) => !shipped.includes(line));
  if (missing) wrong(`shipper의 로그에 '${missing}' 줄이 없다.`);
  const invented = shipped.find((line) => !written.includes(line));
  if (invented) wrong(`'${invented}' 줄은 web이 쓴 것이 아니다.`);
  return shipped.length;
}
