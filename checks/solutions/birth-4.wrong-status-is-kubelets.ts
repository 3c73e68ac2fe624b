// fails: API 서버가 받으면서 채우는 칸
import { exercise } from 'kubook';

await exercise('birth-4', (field: string, pod: 'bare' | 'replicaset') => {
  const maker = pod === 'bare' ? 'kubectl' : 'kube-controller-manager';
  if (field === 'metadata.ownerReferences') return pod === 'bare' ? null : maker;
  if (field === 'spec.nodeName') return 'kube-scheduler';
  if (field.startsWith('status.')) return 'kubelet';
  return ['metadata.uid', 'metadata.creationTimestamp', 'spec.serviceAccountName'].includes(field) ? 'kube-apiserver' : maker;
});
