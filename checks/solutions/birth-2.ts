import { exercise } from 'kubook';

await exercise('birth-2', (connections: { from: string; to: string }[]) => {
  const bare = (name: string) => name.split('/')[0]!;
  const actors = [...new Set(connections.flatMap(({ from, to }) => [bare(from), bare(to)]))];
  const matrix: Record<string, Record<string, number>> = {};
  for (const from of actors) {
    matrix[from] = {};
    for (const to of actors) matrix[from]![to] = 0;
  }
  for (const { from, to } of connections) matrix[bare(from)]![bare(to)]!++;
  return matrix;
});
