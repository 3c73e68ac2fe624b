// fails: 레플리카셋이 낳은 파드의 차례가 맞다
import { exercise } from 'kubook';

await exercise('birth-1', (steps: { id: number; who: string; what: string; pod?: string; container?: string }[]) => {
  // The scheduler checks with the kubelet, so the kubelet must have begun.
  const order = ['create replicasets', 'create pods', 'RunPodSandbox', 'create pods/binding', 'CreateContainer', 'StartContainer', 'patch pods/status'];
  return [...steps].sort((a, b) => order.indexOf(a.what) - order.indexOf(b.what));
});
