// fails: 맨 파드에 없는 단계를 지어내지 않는다
import { exercise } from 'kubook';

await exercise('birth-1', (steps: { id: number; who: string; what: string; pod?: string; container?: string }[]) => {
  // As the note has it: the controller manager makes the pod, whoever asked.
  const order = ['create replicasets', 'create pods', 'create pods/binding', 'RunPodSandbox', 'CreateContainer', 'StartContainer', 'patch pods/status'];
  const sorted = [...steps].sort((a, b) => order.indexOf(a.what) - order.indexOf(b.what));
  if (!sorted.some(({ who }) => who === 'kube-controller-manager')) sorted.splice(1, 0, { id: 0, who: 'kube-controller-manager', what: 'create pods' });
  return sorted;
});
