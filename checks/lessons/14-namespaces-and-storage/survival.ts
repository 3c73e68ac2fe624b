import { type After, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { show } from '../../../lib/book/same.ts';
import { josa } from '../../../lib/book/josa.ts';

const folders = ['red', 'green', 'blue'] as const;
const kinds = ['own', 'emptyDir', 'claim'] as const;
type Folder = (typeof folders)[number];
type Kind = (typeof kinds)[number];

interface Given {
  /** What each folder is. */
  kinds: Record<Folder, Kind>;
  /** Where the claim's disk is. */
  disk: 'network' | 'node';
}

const volume = (disk: Given['disk'], node: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'disk' },
  spec: {
    capacity: { storage: '10Gi' },
    accessModes: ['ReadWriteOnce'],
    ...(disk === 'network'
      ? { nfs: { server: '10.0.0.200', path: '/export/box' } }
      : {
          hostPath: { path: '/srv/box', type: 'DirectoryOrCreate' },
          nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] }] } },
        }),
  },
});

const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'box' }, spec: { storageClassName: '', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '5Gi' } } } };

function deployment(kindOf: Given['kinds']): object {
  const mounted = folders.filter((folder) => kindOf[folder] !== 'own');
  const spec = {
    terminationGracePeriodSeconds: 1,
    containers: [{ name: 'box', image: 'nginx', volumeMounts: mounted.map((folder) => ({ name: folder, mountPath: `/${folder}` })) }],
    volumes: mounted.map((folder) => ({ name: folder, ...(kindOf[folder] === 'claim' ? { persistentVolumeClaim: { claimName: 'box' } } : { emptyDir: {} }) })),
  };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'box' }, spec: { selector: { matchLabels: { app: 'box' } }, template: { metadata: { labels: { app: 'box' } }, spec } } };
}

export const survival: ClusterExercise = {
  id: 'ns-4',
  title: '살아남는 데이터',
  kind: 'cluster',
  cluster: { nodes: 3 },
  async start({ cluster, kubectl, random }): Promise<Given> {
    const shuffled = random.shuffle([...kinds]);
    const kindOf = Object.fromEntries(folders.map((folder, i) => [folder, shuffled[i]!])) as Given['kinds'];
    const disk = random.pick(['network', 'node'] as const);
    const node = random.pick(['worker-1', 'worker-2', 'worker-3']);
    cluster.file('box.yaml', [volume(disk, node), claim, deployment(kindOf)].map((one) => JSON.stringify(one, null, 2)).join('\n---\n'));
    await kubectl`apply -f box.yaml`;
    cluster.advance('1m');
    return { kinds: kindOf, disk };
  },
  checks: [
    {
      name: '컨테이너가 다시 시작한 뒤를 안다',
      points: 2,
      hint: '컨테이너의 첫 프로세스를 끝내면(kill 1) kubelet이 컨테이너를 다시 띄운다. 파드는 그대로다. 폴더가 없으면 mkdir -p로 만들고 적는다.',
      run: (after) => rowIs(after, 'restart', (kind) => kind !== 'own'),
    },
    {
      name: '파드가 새로 뜬 뒤를 안다',
      points: 2,
      hint: '파드를 지우면 디플로이먼트가 새 파드를 띄운다. 지우기 전에 다시 적어 둔다.',
      run: (after) => rowIs(after, 'recreate', (kind) => kind === 'claim'),
    },
    {
      name: '노드를 잃은 뒤를 안다',
      points: 2,
      hint: 'cluster.fault.powerOff(노드)로 파드가 있는 노드의 전원을 끄고 8분을 기다린다. 새 파드가 뜨는지, 뜨지 못하면 왜인지 describe로 본다. 디스크가 어디에 있는지가 갈라놓는다.',
      run: (after) => rowIs(after, 'nodeLoss', (kind, { disk }) => kind === 'claim' && disk === 'network'),
    },
  ],
};

function rowIs({ result, given }: After, row: string, lives: (kind: Kind, given: Given) => boolean): void {
  const said = result?.[row];
  if (said === null || typeof said !== 'object') wrong(`${row}: { red: …, green: …, blue: … } 줄이 답에 없다.`);
  for (const folder of folders) {
    const right = lives((given as Given).kinds[folder], given);
    if (typeof said[folder] !== 'boolean') wrong(`${row}의 ${josa(folder, '은/는')} true나 false여야 하는데 ${show(said[folder])}이다.`);
    if (said[folder] !== right) wrong(`${row}의 ${josa(folder, '은/는')} ${said[folder]}가 아니다.`);
  }
}
