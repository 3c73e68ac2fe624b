import { type After, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { show } from '../../../lib/book/same.ts';

interface Given {
  namespace: string;
  note: string;
}

export const modernEtcdctl: ClusterExercise = {
  id: 'control-4',
  title: 'etcdctl 명령 고치기',
  kind: 'cluster',
  cluster: { nodes: 1 },
  async start({ cluster, kubectl, random }): Promise<Given> {
    const given = { namespace: `team-${random.suffix(4)}`, note: `note-${random.suffix(8)}` };
    await kubectl`create namespace ${given.namespace}`;
    for (let i = 3 + random.int(20); i > 0; i--) await kubectl`create configmap ${`c${i}`} -n ${given.namespace}`;
    await kubectl`run desk --image=busybox -n ${given.namespace} -- sleep 86400`;
    cluster.advance('1m');
    await kubectl`exec desk -n ${given.namespace} -- sh -c ${`echo ${given.note} > /tmp/note`}`;
    return given;
  },
  checks: [
    {
      name: '키의 수가 맞다',
      points: 2,
      hint: '--keys-only는 키마다 빈 줄을 하나 더 찍는다. 빈 줄은 키가 아니다.',
      run: ({ cluster, result }) => (result?.keys === cluster.etcd.range().count ? undefined : `키는 ${show(result?.keys)}개가 아니다.`),
    },
    {
      name: 'etcdctl로 물어서 얻었다',
      points: 1,
      hint: "컨트롤 플레인 머신에서 친다: cluster.machine('control-plane').sh.text`etcdctl …`. etcd는 제 CA가 서명한 인증서를 보여 주어야 답한다.",
      run: askedEtcd,
    },
    {
      name: '파드 안의 쪽지를 읽었다',
      points: 1,
      hint: '지금의 kubectl exec는 파드 안에서 실행할 명령을 -- 뒤에 적는다. 네임스페이스는 kubectl get pods -A로 찾는다.',
      run: ({ result, given }) => (String(result?.note ?? '').trim() === (given as Given).note ? undefined : `쪽지에 적힌 글이 아니다: ${show(result?.note)}`),
    },
  ],
};

/** Something was typed on the machine that got the keys of everything out of etcd: by prefix, or from the first key on. */
async function askedEtcd({ cluster }: After): Promise<void> {
  const { history } = cluster.machine('control-plane').sh;
  const asked = history.filter(({ line }) => line.includes('etcdctl'));
  if (asked.length === 0) wrong('control-plane 머신에서 etcdctl을 친 적이 없다.');
  if (!asked.some(({ line, code }) => code === 0 && /\bget\b/.test(line) && /--(prefix|from-key)/.test(line))) wrong(`etcdctl이 한 번도 성공하지 못했다. 마지막에 친 것: ${asked.at(-1)!.line.trim()}`);
}
