// fails: 누가 누구에게 몇 번 걸었는지 센다
import { exercise } from 'kubook';

await exercise('birth-2', (connections: { from: string; to: string }[]) => {
  const actors = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy', 'kubelet', 'containerd', 'kubectl'];
  const matrix: Record<string, Record<string, number>> = {};
  for (const from of actors) matrix[from] = Object.fromEntries(actors.map((to) => [to, 0]));
  for (const { from } of connections) if (actors.includes(from)) matrix[from]!['kube-apiserver']!++;
  matrix['kubelet']!['containerd'] = 4;
  return matrix;
});
