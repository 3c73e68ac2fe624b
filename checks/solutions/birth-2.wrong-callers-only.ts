// fails: 한 번도 걸지 않은 칸에는 0을 적는다
import { exercise } from 'kubook';

await exercise('birth-2', (connections: { from: string; to: string }[]) => {
  const bare = (name: string) => name.split('/')[0]!;
  const callers = [...new Set(connections.map(({ from }) => bare(from)))];
  const called = [...new Set(connections.map(({ to }) => bare(to)))];
  const matrix: Record<string, Record<string, number>> = {};
  for (const from of callers) matrix[from] = Object.fromEntries(called.map((to) => [to, 0]));
  for (const { from, to } of connections) matrix[bare(from)]![bare(to)]!++;
  return matrix;
});
