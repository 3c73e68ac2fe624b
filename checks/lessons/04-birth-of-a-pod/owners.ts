import type { FunctionCheck, FunctionExercise } from '../../../lib/book/exercise.ts';

type Writer = 'kubectl' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kubelet' | null;
type Pod = 'bare' | 'replicaset';

/** Whoever makes the pod: its words are in the manifest, or in the template. */
const maker = (pod: Pod): Writer => (pod === 'bare' ? 'kubectl' : 'kube-controller-manager');

export const writers: Record<string, (pod: Pod) => Writer> = {
  'metadata.uid': () => 'kube-apiserver',
  'metadata.creationTimestamp': () => 'kube-apiserver',
  'spec.serviceAccountName': () => 'kube-apiserver',
  'status.qosClass': () => 'kube-apiserver',
  'metadata.labels': maker,
  'spec.containers': maker,
  'metadata.ownerReferences': (pod) => (pod === 'bare' ? null : 'kube-controller-manager'),
  'spec.nodeName': () => 'kube-scheduler',
  'status.phase': () => 'kubelet',
  'status.podIP': () => 'kubelet',
  'status.containerStatuses': () => 'kubelet',
};

const pods: Pod[] = ['bare', 'replicaset'];

const check = (name: string, points: number, { hint, fields }: { hint: string; fields: string[] }): FunctionCheck => ({
  name,
  points,
  hint,
  inputs: (random) => random.shuffle(fields.flatMap((field) => pods.map((pod) => [field, pod]))),
  expected: (field: string, pod: Pod) => writers[field]!(pod),
});

export const fieldOwners: FunctionExercise = {
  id: 'birth-4',
  title: '필드의 주인',
  kind: 'function',
  checks: [
    check('파드를 만든 이가 적는 칸', 1, {
      hint: '맨 파드는 kubectl이, 레플리카셋의 파드는 컨트롤러가 템플릿을 베껴서 만든다. 맨 파드에는 주인이 없다.',
      fields: ['metadata.labels', 'spec.containers', 'metadata.ownerReferences'],
    }),
    check('API 서버가 받으면서 채우는 칸', 1, {
      hint: '매니페스트에 적지 않았는데 만들자마자 있는 칸들이다. kubectl create --dry-run=server -o yaml로도 볼 수 있다.',
      fields: ['metadata.uid', 'metadata.creationTimestamp', 'spec.serviceAccountName', 'status.qosClass'],
    }),
    check('스케줄러가 적는 칸은 하나뿐이다', 1, {
      hint: '장부의 두 번째 판에서 처음 나타난 칸을 본다.',
      fields: ['spec.nodeName'],
    }),
    check('kubelet이 적는 칸', 1, {
      hint: '노드에서 일어난 일은 노드에 있는 이만 안다. 주소도 마찬가지다.',
      fields: ['status.phase', 'status.podIP', 'status.containerStatuses'],
    }),
  ],
};
