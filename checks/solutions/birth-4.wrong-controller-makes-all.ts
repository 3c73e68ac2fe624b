// fails: 파드를 만든 이가 적는 칸
import { exercise } from 'kubook';

await exercise('birth-4', (field: string, pod: 'bare' | 'replicaset') => {
  // As the note has it: the controller manager makes the pod.
  if (['metadata.labels', 'spec.containers', 'metadata.ownerReferences'].includes(field)) return 'kube-controller-manager';
  if (field === 'spec.nodeName') return 'kube-scheduler';
  if (['status.phase', 'status.podIP', 'status.containerStatuses'].includes(field)) return 'kubelet';
  return 'kube-apiserver';
});
