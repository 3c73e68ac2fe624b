import type { After, Cluster, ClusterExercise } from '../../../lib/book/exercise.ts';
import { plain } from '../../../lib/book/plain-json.ts';
import { show } from '../../../lib/book/same.ts';
import { createCluster, type Random } from '../../../lib/index.ts';

const stoppable = ['kube-apiserver', 'etcd', 'kube-controller-manager', 'kube-scheduler', 'kubelet'] as const;
const nobody = 'none';
type Suspect = (typeof stoppable)[number] | typeof nobody;

interface Ward {
  suspect: Suspect;
  /** Minutes between the fault and the doctor. */
  minutes: number;
  diagnosis: unknown;
}
/** What a doctor may touch: commands, and time. */
type Doctor = (patient: { kubectl: Cluster['kubectl']; cluster: Pick<Cluster, 'advance' | 'settle'> }) => unknown;

/** Eight clusters: each suspect once, two more as it comes. */
async function rounds(random: Random, doctor: Doctor): Promise<Ward[]> {
  const suspects: Suspect[] = random.shuffle([...stoppable, nobody, random.pick(stoppable), random.pick(stoppable)]);
  const wards: Ward[] = [];
  for (const [i, suspect] of suspects.entries()) {
    const minutes = random.int(3);
    const cluster = createCluster({ nodes: 1, controlPlaneNode: false, seed: `${random.int(1e6)}/${i}` });
    await cluster.kubectl.text`create deployment web --image=nginx --replicas=2`;
    cluster.advance('30s');
    if (suspect !== nobody) cluster.fault.crash(suspect, suspect === 'kubelet' ? 'worker-1' : undefined);
    cluster.advance(`${minutes}m`);
    const { kubectl, advance, settle } = cluster;
    wards.push({ suspect, minutes, diagnosis: plain(await doctor({ kubectl, cluster: { advance, settle } })) });
  }
  return wards;
}

export const whoStopped: ClusterExercise = {
  id: 'control-6',
  title: '누가 멈췄나',
  kind: 'component',
  withholds: ['createCluster'],
  cluster: { nodes: 0, kubelets: false },
  perform: ({ random }, answer) => rounds(random, answer),
  checks: [
    check(['kube-apiserver', 'etcd'], 2, '대답하지 않는 것과 늦게 안 된다고 대답하는 것은 다르다. refused는 API 서버, Timeout은 그 뒤의 etcd다.'),
    check(['kube-controller-manager'], 1, '디플로이먼트를 하나 만들어 본다. 파드가 아예 생기지 않으면 누가 쉬고 있는가?'),
    check(['kube-scheduler', 'kubelet'], 3, '파드의 NODE 칸이 비었는지 본다. 그런데 kubelet이 멈춘 지 오래면 노드가 NotReady라서 스케줄러가 놓지 않는다: 노드부터 본다.'),
    check([nobody], 1, '멀쩡한 클러스터도 있다. 새로 만든 파드가 Running이 되었는지 본다.'),
  ],
};

function check(those: Suspect[], points: number, hint: string) {
  return {
    name: those[0] === nobody ? '멀쩡한 클러스터를 알아본다' : `${those.join('와 ')}${those.at(-1) === 'kubelet' ? '을' : '를'} 알아본다`,
    points,
    hint,
    run({ result }: After): string | void {
      for (const { suspect, minutes, diagnosis } of result as Ward[]) {
        if (those.includes(suspect) && diagnosis !== suspect) return told(suspect, diagnosis, minutes);
        if (!those.includes(suspect) && those.includes(diagnosis as Suspect)) return told(suspect, diagnosis, minutes);
      }
    },
  };
}

const told = (suspect: Suspect, diagnosis: unknown, minutes: number): string =>
  `멈춘 것: ${suspect === nobody ? '없음' : `${suspect} (${minutes}분 전)`}, 답: ${show(diagnosis)}`;
