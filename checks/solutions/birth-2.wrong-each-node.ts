// fails: 누가 누구에게 몇 번 걸었는지 센다
import { exercise } from 'kubook';

await exercise('birth-2', (connections: { from: string; to: string }[]) => {
  const actors = [...new Set(connections.flatMap(({ from, to }) => [from, to]))];
  const matrix: Record<string, Record<string, number>> = {};
  for (const from of actors) matrix[from] = Object.fromEntries(actors.map((to) => [to, 0]));
  for (const { from, to } of connections) matrix[from]![to]!++;
  return matrix;
});
