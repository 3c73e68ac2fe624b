// fails: 누가 누구에게 몇 번 걸었는지 센다
import { exercise } from 'kubook';

await exercise('birth-2', (connections: { from: string; to: string }[]) => {
  const bare = (name: string) => name.split('/')[0]!;
  const actors = [...new Set(connections.flatMap(({ from, to }) => [bare(from), bare(to)]))];
  const matrix: Record<string, Record<string, number>> = {};
  for (const from of actors) matrix[from] = Object.fromEntries(actors.map((to) => [to, 0]));
  // Everybody talks to the API server, so nothing else is counted.
  for (const { from } of connections) matrix[bare(from)]!['kube-apiserver'] = (matrix[bare(from)]!['kube-apiserver'] ?? 0) + 1;
  return matrix;
});
