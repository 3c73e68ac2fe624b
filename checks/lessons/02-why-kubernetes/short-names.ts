import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';

type Row = [name: string, short: string, apiVersion: string, namespaced: boolean, kind: string];

/** The 21 rows of the notes, and some that have no short name. */
const noted: Row[] = [
  ['nodes', 'no', 'v1', false, 'Node'],
  ['namespaces', 'ns', 'v1', false, 'Namespace'],
  ['deployments', 'deploy', 'apps/v1', true, 'Deployment'],
  ['pods', 'po', 'v1', true, 'Pod'],
  ['services', 'svc', 'v1', true, 'Service'],
  ['replicasets', 'rs', 'apps/v1', true, 'ReplicaSet'],
  ['ingresses', 'ing', 'networking.k8s.io/v1', true, 'Ingress'],
  ['configmaps', 'cm', 'v1', true, 'ConfigMap'],
  ['horizontalpodautoscalers', 'hpa', 'autoscaling/v2', true, 'HorizontalPodAutoscaler'],
  ['daemonsets', 'ds', 'apps/v1', true, 'DaemonSet'],
  ['persistentvolumeclaims', 'pvc', 'v1', true, 'PersistentVolumeClaim'],
  ['persistentvolumes', 'pv', 'v1', false, 'PersistentVolume'],
  ['statefulsets', 'sts', 'apps/v1', true, 'StatefulSet'],
  ['replicationcontrollers', 'rc', 'v1', true, 'ReplicationController'],
  ['resourcequotas', 'quota', 'v1', true, 'ResourceQuota'],
  ['serviceaccounts', 'sa', 'v1', true, 'ServiceAccount'],
  ['cronjobs', 'cj', 'batch/v1', true, 'CronJob'],
  ['events', 'ev', 'v1', true, 'Event'],
  ['storageclasses', 'sc', 'storage.k8s.io/v1', false, 'StorageClass'],
  ['endpoints', 'ep', 'v1', true, 'Endpoints'],
  ['limitranges', 'limits', 'v1', true, 'LimitRange'],
];
const withoutShort: Row[] = [
  ['secrets', '', 'v1', true, 'Secret'],
  ['jobs', '', 'batch/v1', true, 'Job'],
  ['leases', '', 'coordination.k8s.io/v1', true, 'Lease'],
  ['clusterroles', '', 'rbac.authorization.k8s.io/v1', false, 'ClusterRole'],
];

export const shortNames: FunctionExercise = {
  id: 'why-6',
  title: '약어 왕복',
  kind: 'function',
  checks: [
    {
      name: '약어에서 종류를 찾는다',
      points: 1,
      hint: '표의 첫 줄은 제목이다. 나머지 줄을 공백으로 나누면 칸이 나온다: line.trim().split(/\\s+/)',
      inputs: (random) => noted.map((row) => [tableOf(random.shuffle(noted)), row[1]]),
      expected: find,
    },
    {
      name: '종류에서 약어와 소속을 찾는다',
      points: 1,
      hint: 'NAMESPACED 칸은 글자 true와 false이다. 돌려줄 것은 참과 거짓이다.',
      inputs: (random) => noted.map((row) => [tableOf(random.shuffle(noted)), row[4]]),
      expected: find,
    },
    {
      name: '약어가 없는 종류도 읽는다',
      points: 1,
      hint: '약어가 비면 그 줄은 칸이 넷뿐이다. 앞에서 세지 말고 뒤에서 세면 자리가 흔들리지 않는다.',
      inputs: (random) => withoutShort.flatMap((row) => [[everything(random), row[4]], [everything(random), row[0]]]),
      expected: find,
    },
    {
      name: '처음 보는 종류도 읽는다',
      points: 1,
      hint: '누구나 새 종류를 더할 수 있다. 답을 외워 적지 말고 받은 표에서 찾는다. 약어가 둘이면 crd,crds처럼 쉼표로 이어져 있다.',
      inputs: (random) => Array.from({ length: 20 }, () => invented(random)),
      expected: find,
    },
    {
      name: '표에 없는 이름에는 null을 돌려준다',
      points: 1,
      hint: '빈 글자도 이름이 아니다. 약어가 없는 줄이 빈 글자에 걸리지 않는지 본다.',
      inputs: (random) => [[everything(random), 'hpa'], [everything(random), 'hpaa'], [everything(random), ''], [everything(random), 'true'], [everything(random), 'NAME']],
      expected: find,
    },
  ],
};

const everything = (random: Random) => tableOf(random.shuffle([...noted, ...withoutShort]));

/** As `kubectl api-resources` prints it. */
function tableOf(rows: Row[]): string {
  const lines = [['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND'], ...rows.map((row) => row.map(String))];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]!.length)) + 3);
  return `${lines.map((line) => line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('')).join('\n')}\n`;
}

function invented(random: Random): [string, string] {
  const word = () => random.suffix(6);
  const rows = Array.from({ length: 3 }, (_, i): Row => {
    const name = word();
    const short = [`${name.slice(0, 2)}x${i}`, `${name.slice(0, 2)}x${i},${name.slice(0, 3)}y${i}`, ''][i]!;
    return [`${name}s`, short, `${word()}.example.com/v1`, random.next() < 0.5, `X${name}`];
  });
  const row = random.pick(rows);
  const names = [row[0], row[4], ...row[1].split(',').filter((short) => short !== '')];
  return [tableOf(random.shuffle([...noted, ...rows])), random.pick(names)];
}

/** Of two short names the first is the answer's. */
function find(table: string, word: string): { kind: string; short: string; namespaced: boolean } | null {
  for (const line of table.trimEnd().split('\n').slice(1)) {
    const cells = line.trim().split(/\s+/);
    const [kind, namespaced] = [cells.at(-1)!, cells.at(-2) === 'true'];
    const shorts = cells.length === 5 ? cells[1]!.split(',') : [];
    if ([cells[0], kind, ...shorts].includes(word)) return { kind, short: shorts[0] ?? '', namespaced };
  }
  return null;
}
