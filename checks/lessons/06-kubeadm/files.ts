import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { createMachines, type Machines } from '../../../lib/index.ts';

interface Clue {
  key: string;
  name: string;
  /** What stands in the right file. */
  holds: RegExp;
  hint: string;
}

const clues: readonly Clue[] = [
  { key: 'serviceRange', name: 'API 서버에게 서비스의 대역을 알려 주는 파일', holds: /--service-cluster-ip-range=10\.96\.0\.0\/12/, hint: 'API 서버는 정적 파드다. 그 플래그는 매니페스트에 있다. 컨트롤러 매니저의 매니페스트가 아니다.' },
  { key: 'kubeletFlags', name: 'kubeadm이 kubelet에게 줄 플래그를 적어 둔 파일', holds: /^KUBELET_KUBEADM_ARGS=/m, hint: '드롭인 10-kubeadm.conf의 EnvironmentFile이 그 파일을 가리킨다.' },
  { key: 'cgroupDriver', name: 'kubelet의 cgroupDriver가 적힌 파일', holds: /^cgroupDriver:/m, hint: '드롭인의 --config가 가리키는 파일이다.' },
  { key: 'authorityKey', name: '클러스터의 인증 기관이 서명할 때 쓰는 열쇠', holds: /BEGIN RSA PRIVATE KEY/, hint: '인증서(.crt)가 아니라 열쇠(.key)다. etcd와 front-proxy의 인증 기관은 따로 있다.' },
  { key: 'administrator', name: '관리자의 kubeconfig', holds: /name: kubernetes-admin@kubernetes/, hint: '마지막 인사에서 cp한 파일이다.' },
];

let made: Machines | undefined;

/** A machine after `kubeadm init`. */
function machineAfterInit() {
  if (!made) {
    made = createMachines({ names: ['m-k8s'] });
    made.machine('m-k8s').sh.run('kubeadm init');
  }
  return made.machine('m-k8s');
}

/** Of several files that look alike, the one of the cluster's own authority; of the API server's range, the one that the API server reads. */
const only: Readonly<Record<string, string>> = { authorityKey: '/etc/kubernetes/pki/ca.key', serviceRange: '/etc/kubernetes/manifests/kube-apiserver.yaml' };

function judge({ key, holds }: Clue, answer: unknown): string | undefined {
  const path = (answer as Record<string, unknown> | null)?.[key];
  if (typeof path !== 'string' || !path.startsWith('/')) return `${key}에 파일의 경로를 적는다: '/…'. 지금은 ${JSON.stringify(path)}`;
  const { files } = machineAfterInit();
  const text = files.read(path);
  if (text === undefined) return `${path}라는 파일이 m-k8s에 없다`;
  return holds.test(text) && (only[key] ?? path) === path ? undefined : `${path}에는 그것이 없다`;
}

export const fileDetective: FunctionExercise = {
  id: 'kubeadm-5',
  title: '파일 탐정',
  kind: 'function',
  checks: clues.map((clue) => ({ name: clue.name, points: 1, hint: clue.hint, judge: (output: unknown) => judge(clue, output) })),
};
