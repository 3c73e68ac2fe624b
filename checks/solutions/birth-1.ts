import { exercise } from 'kubook';

await exercise('birth-1', (steps: { id: number; who: string; what: string; pod?: string; container?: string }[]) => {
  const order = ['create replicasets', 'create pods', 'create pods/binding', 'RunPodSandbox', 'CreateContainer', 'StartContainer', 'patch pods/status'];
  return [...steps].sort((a, b) => order.indexOf(a.what) - order.indexOf(b.what));
});
