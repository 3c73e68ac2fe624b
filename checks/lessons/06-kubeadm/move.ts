import type { ClusterExercise } from '../../../lib/book/exercise.ts';
import { createMachines, type Machines } from '../../../lib/index.ts';

const flannel = 'https://raw.githubusercontent.com/coreos/flannel/master/Documentation/kube-flannel.yml';
/** How often somebody looks whether the scheduler runs, in milliseconds. */
const tick = 500;

interface Facts {
  unit: { state: string; enabled: boolean };
  /** Phase of the mirror pod, and whether its container runs. */
  mirror: { phase: string | undefined; ready: boolean; restarts: number } | undefined;
  /** Seconds without a scheduler. */
  down: number;
  /** The node of a pod that was made afterwards. */
  placed: string | undefined;
}

/** A cluster whose scheduler runs as a service of systemd, as the notes' first pages have it. */
function stageOf(seed: number): { lab: Machines; down(): number } {
  const lab = createMachines({ names: ['m-k8s', 'w1-k8s'], seed });
  const [master, worker] = [lab.machine('m-k8s').sh, lab.machine('w1-k8s').sh];
  master.run('kubeadm init --pod-network-cidr=10.244.0.0/16; mkdir -p $HOME/.kube; cp /etc/kubernetes/admin.conf $HOME/.kube/config');
  master.run(`kubectl apply -f ${flannel}; mv /etc/kubernetes/manifests/kube-scheduler.yaml /root/kube-scheduler.yaml`);
  const join = master.run('kubeadm token create --print-join-command').stdout.trim();
  lab.advance('5s');
  worker.run(join);
  lab.advance('60s');
  runAsUnit(lab);
  const running = () => lab.cluster.server.isRunning('kube-scheduler');
  let down = 0;
  const look = () => {
    if (!running()) down += tick / 1000;
    lab.loop.clock.after(tick, look);
  };
  look();
  return { lab, down: () => down };
}

function runAsUnit(lab: Machines): void {
  const machine = lab.machine('m-k8s');
  const { fault } = lab.cluster;
  const service = {
    start: () => (machine.listening.set(10259, 'kube-scheduler'), fault.start('kube-scheduler')),
    stop: () => (machine.listening.delete(10259), fault.crash('kube-scheduler')),
  };
  machine.addUnit('kube-scheduler', { description: 'Kubernetes Scheduler', service }).start();
}

function factsOf(lab: Machines, down: number): Facts {
  const { client } = lab.cluster;
  const { state, enabled } = lab.machine('m-k8s').units.get('kube-scheduler')!;
  client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'judge', namespace: 'default' }, spec: { containers: [{ name: 'web', image: 'nginx' }] } } as never);
  lab.advance('30s');
  const pod = client.list('Pod', { namespace: 'kube-system' }).items.find(({ metadata }) => metadata.name === 'kube-scheduler-m-k8s' && metadata.annotations?.['kubernetes.io/config.mirror']);
  const status = pod?.status.containerStatuses?.[0];
  return {
    unit: { state, enabled },
    mirror: pod && { phase: pod.status.phase, ready: status?.ready ?? false, restarts: status?.restartCount ?? 0 },
    down,
    placed: client.get('Pod', { namespace: 'default', name: 'judge' }).spec.nodeName,
  };
}

export const moveScheduler: ClusterExercise = {
  id: 'kubeadm-6',
  title: '정적 파드 옮기기',
  kind: 'cluster',
  async perform({ random }, answer): Promise<Facts> {
    const { lab, down } = stageOf(random.int(1_000_000));
    await answer({ lab });
    // What was begun shall have time to come up.
    lab.advance('40s');
    return factsOf(lab, down());
  },
  checks: [
    {
      name: '스케줄러가 정적 파드로 돈다',
      points: 2,
      hint: 'kubelet은 /etc/kubernetes/manifests에 있는 것만 띄운다. 매니페스트는 /root/kube-scheduler.yaml에 있다.',
      run: ({ result: { mirror } }) => (mirror?.phase === 'Running' && mirror.ready ? undefined : `kube-scheduler-m-k8s라는 미러 파드가 돌고 있지 않다: ${mirror ? `${mirror.phase}, ready ${mirror.ready}, 다시 시작 ${mirror.restarts}번` : '없음'}`),
    },
    {
      name: '유닛은 멈추었고, 부팅해도 다시 뜨지 않는다',
      points: 1,
      hint: '멈추는 것과 켜 두지 않는 것은 다르다. systemctl의 disable --now는 둘을 함께 한다.',
      run: ({ result: { unit } }) => (unit.state === 'inactive' && !unit.enabled ? undefined : `kube-scheduler.service가 ${unit.state}이고 ${unit.enabled ? 'enabled' : 'disabled'}다`),
    },
    {
      name: '스케줄러가 없던 시간이 5초를 넘지 않는다',
      points: 2,
      hint: '둘이 같은 포트 10259를 쓴다. 유닛이 도는 동안 뜬 컨테이너는 죽고, 죽을 때마다 더 오래 쉬었다가 뜬다. 유닛을 멈추고 나서 파일을 놓는다. 사이에 쉬지 않는다.',
      run: ({ result: { down } }) => (down <= 5 ? undefined : `스케줄러가 ${down}초 동안 없었다`),
    },
    {
      name: '새 파드가 워커에 배치된다',
      points: 1,
      hint: '스케줄러가 돌지 않으면 파드는 Pending이다.',
      run: ({ result: { placed } }) => (placed === 'w1-k8s' ? undefined : `새 파드가 배치된 곳: ${placed ?? '없음'}`),
    },
  ],
};
