import { exercise } from 'kubook';

await exercise('birth-4', (field: string, pod: 'bare' | 'replicaset') => {
  const maker = pod === 'bare' ? 'kubectl' : 'kube-controller-manager';
  const writers: Record<string, string | null> = {
    'metadata.labels': maker,
    'spec.containers': maker,
    'metadata.ownerReferences': pod === 'bare' ? null : maker,
    'metadata.uid': 'kube-apiserver',
    'metadata.creationTimestamp': 'kube-apiserver',
    'spec.serviceAccountName': 'kube-apiserver',
    'status.qosClass': 'kube-apiserver',
    'spec.nodeName': 'kube-scheduler',
    'status.phase': 'kubelet',
    'status.podIP': 'kubelet',
    'status.containerStatuses': 'kubelet',
  };
  return writers[field]!;
});
