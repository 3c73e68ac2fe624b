// fails: 스케줄러가 적는 칸은 하나뿐이다
import { exercise } from 'kubook';

await exercise('birth-4', (field: string, pod: 'bare' | 'replicaset') => {
  const maker = pod === 'bare' ? 'kubectl' : 'kube-controller-manager';
  if (field === 'metadata.ownerReferences') return pod === 'bare' ? null : maker;
  if (field === 'metadata.labels' || field === 'spec.containers') return maker;
  if (['metadata.uid', 'metadata.creationTimestamp', 'spec.serviceAccountName', 'status.qosClass'].includes(field)) return 'kube-apiserver';
  return 'kubelet';
});
